import Testing

@testable import OrdersyncConfiguration

@Suite struct KeyTests {
    @Test(
        "a key's variable is its name in capitals",
        arguments: [
            ("monday.board", "ORDERSYNC_MONDAY_BOARD"), ("field_map", "ORDERSYNC_FIELD_MAP"),
            ("monday.external_key_column", "ORDERSYNC_MONDAY_EXTERNAL_KEY_COLUMN"),
        ]
    )
    func variable(name: String, variable: String) {
        #expect(KeyName.variable(name) == variable)
    }

    @Test(
        "a slip of the hand, the wrong section and half a name find the key that was meant",
        arguments: [
            ("batch.in_fligth", "batch.in_flight"), ("board", "monday.board"), ("monday.token", "monday.token_file"),
            ("zebra", nil),
        ]
    )
    func suggestion(name: String, key: String?) {
        #expect(Suggestion.nearest(to: name, among: Keys.names) == key)
    }

    @Test(
        "durations have a unit and stay in bounds",
        arguments: [
            ("250ms", 0.25), ("30s", 30), ("5m", 300), ("1h", 3600), ("1d", 86_400), ("30", nil), ("s", nil),
            ("-1s", nil),
            ("1.5s", nil), ("2d", nil), ("99999999999999999d", nil), ("1s ", nil), ("٣s", nil),
        ]
    )
    func durations(text: String, seconds: Double?) {
        #expect(ValueFormat<Duration>.duration("1ms", "1d").parse(text) == seconds.map { .seconds($0) })
    }
}
