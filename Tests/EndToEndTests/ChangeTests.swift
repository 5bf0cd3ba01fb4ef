import Foundation
import TestSupport
import Testing

/// What a change of an order comes to on the board: what differs is written, and nothing else.
@Suite(.serialized) struct ChangeTests {
    private static let po = "WHERE [PO NUMBER] = '4755'"

    /// One order with sizes of its own, by its number.
    private static let one = "WHERE [AAG ORDER NUMBER] = 'GRE-04801'"

    private func sync(_ bench: Workbench, _ environment: [String: String] = [:]) async throws -> Program.Outcome {
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", environment: environment)
        #expect(run.status == 0, "\(run)")
        return try await bench.run("ordersyncd", "drain", environment: environment)
    }

    private func synced(_ options: [String] = []) async throws -> Workbench {
        let bench = try await Workbench(monday: options)
        let drained = try await self.sync(bench)
        #expect(drained.status == 0, "\(drained)")
        return bench
    }

    /// The mutations that a body's work brings, as `operation` and what was written.
    private func mutations(_ bench: Workbench, _ body: () async throws -> Void) async throws -> [String] {
        let before = try await bench.sandbox.log().count
        try await body()
        return try await bench.sandbox.log().dropFirst(before).map { entry in
            let values = (entry["args"]["column_values"].string).flatMap { try? JSONValue($0) }
            return ([entry["operation"].string ?? ""] + (values?.keys ?? [])).joined(separator: " ")
        }
    }

    @Test("a change writes the columns that differ in one request, and an order that only looks changed writes none")
    func columns() async throws {
        let bench = try await self.synced()
        let sent = try await self.mutations(bench) {
            try await bench.change(
                """
                UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '99.5', [NOTES] = NULL, [EX FACTORY DATE] = '2027-01-02' \(Self.one)
                """
            )
            #expect(try await self.sync(bench).status == 0)
        }
        #expect(sent == ["change_multiple_column_values date_mkr57811 long_text_mkr5hass numeric_mkr5cact"])
        #expect(
            try bench.warehouse(
                """
                SELECT [CUSTOMER PRICE] || ' ' || coalesce([NOTES], 'NULL') || ' ' || substr([CUSTOMER EX FACTORY DATE], 1, 10)
                FROM MON_CustMasterSchedule WHERE [AAG ORDER NUMBER] = 'GRE-04801'
                """
            ) == ["99.5 NULL 2027-01-02"]
        )
        // The colour of the source is cleaned of blanks, so that these are no change at all.
        let none = try await self.mutations(bench) {
            try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = ' ' || [DESTINATION] || ' ' \(Self.po)")
            #expect(try await self.sync(bench).status == 0)
        }
        #expect(none == [])
    }

    @Test("a corrected colour renames the item, a corrected season moves it to the season's group, which is made")
    func nameAndGroup() async throws {
        let bench = try await self.synced()
        let sent = try await self.mutations(bench) {
            try await bench.change(
                "UPDATE ORDERS_UNIFIED SET [CUSTOMER COLOUR DESCRIPTION] = 'BLACK', [CUSTOMER SEASON] = 'SS 27' \(Self.one)"
            )
            #expect(try await self.sync(bench).status == 0)
        }
        #expect(
            sent == [
                "create_group", "move_item_to_group",
                "change_multiple_column_values dropdown_mkr5677f dropdown_mkr5rgs6 name",
            ]
        )
        let item = try #require(try await bench.board().items(in: "GREYSON CLOTHIERS SS 27").first)
        #expect(item.name == "MSP25K40 BLACK GRE-04801")
        #expect(
            try bench.warehouse(
                "SELECT DISTINCT [Group] FROM MON_CustMasterSchedule WHERE [COLOR] = 'BLACK' AND [STYLE] = 'MSP25K40'"
            )
                == ["GREYSON CLOTHIERS SS 27"]
        )
    }

    @Test("sizes follow: a new one is made, a quantity is changed, one that is gone has nothing left, or is deleted")
    func sizes() async throws {
        for delete in [false, true] {
            let bench = try await self.synced(delete ? ["removed_sizes: delete"] : [])
            let sent = try await self.mutations(bench) {
                try await bench.change("UPDATE ORDERS_UNIFIED SET [XS] = NULL, [S] = 7, [4XL] = 3 \(Self.one)")
                #expect(try await self.sync(bench).status == 0)
            }
            let gone = delete ? "delete_item" : "change_multiple_column_values numeric_mkra7j8e"
            #expect(
                sent.sorted()
                    == [
                        gone, "change_multiple_column_values numeric_mkra7j8e",
                        "create_subitem dropdown_mkrak7qp numeric_mkra7j8e",
                    ].sorted()
            )
            let item = try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "GRE-04801" })
            #expect(item.subitems["XS"] == (delete ? nil : "0"))
            #expect(item.subitems["S"] == "7" && item.subitems["4XL"] == "3")
            let rows = try bench.warehouse(
                """
                SELECT [size_label] || ' ' || [Order Qty] FROM MON_CustMasterSchedule_Subitems WHERE order_key = '\(item.key ?? "")'
                AND [size_label] IN ('XS', 'S', '4XL') ORDER BY 1
                """
            )
            #expect(rows == ["4XL 3", "S 7"] + (delete ? [] : ["XS 0"]))
            let again = try await self.mutations(bench) {
                try await bench.change("UPDATE ORDERS_UNIFIED SET [XS] = 5 \(Self.one)")
                #expect(try await self.sync(bench).status == 0)
            }
            #expect(again.count == 1)
            #expect(try await bench.board().items.first { $0.key == item.key }?.subitems["XS"] == "5")
        }
    }

    @Test(
        "an overwritten column that a person changed stays until the order changes it; foreign columns are never written"
    )
    func people() async throws {
        let bench = try await self.synced()
        let item = try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "GRE-04801" })
        try await bench.sandbox.edit(
            #"{"do": "set", "item": "\#(item.id)", "values": {"text_mkr61hpz": "MINE", "numeric_mkr5cact": "1"}}"#
        )
        try await bench.change("UPDATE ORDERS_UNIFIED SET [NOTES] = 'new' \(Self.one)")
        #expect(try await self.sync(bench).status == 0)
        var found = try #require(try await bench.board().items.first { $0.id == item.id })
        #expect(found.columns["text_mkr61hpz"] == "MINE" && found.columns["numeric_mkr5cact"] == "1")
        try await bench.change("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '77' \(Self.one)")
        #expect(try await self.sync(bench).status == 0)
        found = try #require(try await bench.board().items.first { $0.id == item.id })
        #expect(found.columns["text_mkr61hpz"] == "MINE" && found.columns["numeric_mkr5cact"] == "77")
    }

    @Test(
        "whatever answer to a change is lost, the board comes to stand as it should, and no requests share an item",
        arguments: [
            "lose_answer", "reset_before", "internal_error", "null_alias",
        ]
    )
    func doubts(action: String) async throws {
        let bench = try await self.synced()
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [CUSTOMER SEASON] = 'SS 27', [NOTES] = 'changed', [M] = 1234 \(Self.po) AND [M] > 0
            """
        )
        try await bench.sandbox.faults(
            """
            [{"action": "\(action)", "match": {"operation": "move_item_to_group"}, "times": 1},
             {"action": "\(action)", "match": {"operation": "change_multiple_column_values", "value": "numeric_mkra7j8e"}, "times": 1}]
            """
        )
        var drained = try await self.sync(bench)
        for _ in 0..<4 where drained.status == 75 { drained = try await bench.run("ordersyncd", "drain") }
        #expect(drained.status == 0, "\(drained)")
        let changed = try await bench.board().items(in: "GREYSON CLOTHIERS SS 27")
        #expect(changed.count == 36)
        #expect(changed.allSatisfy { $0.columns["long_text_mkr5hass"] == "changed" && $0.subitems["M"] == "1234" })
        #expect(try await bench.board().items.count == 69)
        #expect(try await bench.sandbox.state()["counts"]["requests_that_shared_an_item"].integer == 0)
        #expect(try bench.journal("SELECT count(*) FROM effect WHERE state <> 'settled'") == ["0"])
        #expect(
            try bench.warehouse(
                "SELECT count(*) FROM MON_CustMasterSchedule WHERE [NOTES] = 'changed' AND [Group] = 'GREYSON CLOTHIERS SS 27'"
            ) == ["36"]
        )
    }

    @Test("a change that a dead job made half is not forgotten when the next change takes it back")
    func halfDone() async throws {
        let bench = try await self.synced()
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "change_multiple_column_values", "value": "numeric_mkra7j8e"}}]"#
        )
        let price = try bench.warehouse("SELECT [CUSTOMER PRICE] FROM ORDERS_UNIFIED \(Self.one)").first ?? ""
        try await bench.change("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '99', [S] = [S] + 1 \(Self.one)")
        #expect(try await self.sync(bench).status == 1)
        try await bench.sandbox.faults("[]")
        try await bench.change("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '\(price)', [S] = [S] - 1 \(Self.one)")
        let sent = try await self.mutations(bench) {
            let drained = try await self.sync(bench)
            #expect(drained.status == 0, "\(drained)")
        }
        #expect(sent == ["change_multiple_column_values numeric_mkr5cact"])
    }
}
