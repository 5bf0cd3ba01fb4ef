import Foundation
import Orders
import TestSupport
import Testing

@testable import OrdersyncConfiguration

@Suite struct LoadTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func write(_ text: String, to name: String = "ordersync.yaml", mode: Int = 0o600) throws -> String {
        let path = self.folder.file(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func mistakes(
        _ yaml: String,
        _ environment: [String: String] = [:],
        for program: ProgramRole? = nil
    ) throws -> [String] {
        let path = try self.write(yaml)
        do {
            _ = try Configuration.load(file: path, environment: environment, for: program)
            return []
        } catch {
            return error.mistakes.map { "\($0)".replacing(self.folder.path + "/", with: "") }
        }
    }

    @Test("with nothing configured every default of the manual is in force")
    func defaults() throws {
        let configuration = try Configuration.load(file: nil, environment: [:])
        #expect(configuration.journal.path == "/var/lib/ordersync/journal.sqlite")
        #expect(configuration.source.connection == nil)
        #expect(configuration.source.table == "dbo.ORDERS_UNIFIED")
        #expect(configuration.warehouse.statementTimeout == .seconds(120))
        #expect(configuration.monday.endpoint == "https://api.monday.com/v2")
        #expect(configuration.monday.requestTimeout == .seconds(60))
        #expect(configuration.monday.boardConcurrency == .automatic)
        #expect(configuration.monday.searchLag == .seconds(30))
        #expect(configuration.monday.executionLimit == .seconds(60))
        #expect(configuration.monday.recheck == .seconds(15 * 60))
        #expect(configuration.monday.idempotencyWindow == .seconds(25 * 60))
        #expect(configuration.retry.base == .seconds(2))
        #expect(configuration.retry.cap == .seconds(300))
        #expect(configuration.retry.attempts == 8)
        #expect(configuration.batch.orders == 500)
        #expect(configuration.batch.inFlight == 4)
        #expect(configuration.gone.policy == .report)
        #expect(configuration.gone.limitPercent == 20)
        #expect(configuration.gone.confirm == .seconds(3600))
        #expect(configuration.fieldMap == "/etc/ordersync/fieldmap.yaml")
        #expect(configuration.retention.done == .seconds(30 * 86_400))
        #expect(configuration.retention.staging == .seconds(7 * 86_400))
        #expect(configuration.retention.errors == .seconds(30 * 86_400))
        #expect(configuration.retention.batches == .seconds(90 * 86_400))
        #expect(configuration.log.level == .info)
        #expect(configuration.log.format == .auto)
        #expect(configuration.httpListen == "127.0.0.1:9464")
    }

    @Test("the environment overrides the file, and both say where a value came from")
    func precedence() throws {
        let path = try self.write("batch:\n  orders: 100\n  in_flight: 2\n")
        let configuration = try Configuration.load(file: path, environment: ["ORDERSYNC_BATCH_ORDERS": "7"])
        #expect(configuration.batch.orders == 7)
        #expect(configuration.batch.inFlight == 2)
        let summary = configuration.summary
        #expect(summary.contains("batch.orders = 7  # environment ORDERSYNC_BATCH_ORDERS"))
        #expect(summary.contains("batch.in_flight = 2  # \(path):3"))
        #expect(summary.contains("retry.attempts = 8  # default"))
    }

    @Test("what this version leaves undone is told, never passed over in silence")
    func unserved() throws {
        let path = try self.write(
            "http:\n  listen: 127.0.0.1:9464\nmonday:\n  calls_per_day: 5\n"
        )
        let warnings = try Configuration.load(file: path, environment: [:]).warnings
        #expect(warnings.count == 2)
        for key in ["http.listen", "monday.calls_per_day"] {
            #expect(warnings.contains { $0.hasPrefix("\(key) (") && $0.hasSuffix("has no effect in this version yet") })
        }
        let off = try self.write("http:\n  listen: \"off\"\n")
        #expect(try Configuration.load(file: off, environment: [:]).warnings.isEmpty)
    }

    @Test("every key can be set by the environment alone", arguments: Keys.names)
    func everyVariable(name: String) throws {
        let environment = [KeyName.variable(name): "\u{7}not allowed anywhere"]
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Configuration.load(file: nil, environment: environment)
        }
        #expect(error?.mistakes.map(\.key) == [name])
    }

    @Test("every mistake is reported at once, with its key, its place and what is allowed")
    func allAtOnce() throws {
        let found = try self.mistakes(
            """
            monday:
              board: many
              bord: 5
              request_timeout: 60
            retry:
              attempts: 0
            gone: {policy: delete}
            jurnal:
              path: /tmp/x
            """,
            ["ORDERSYNC_BATCH_ORDER": "9", "ORDERSYNC_LOG_LEVEL": "loud"],
            for: .enqueue
        )
        #expect(
            found == [
                "monday.bord (ordersync.yaml:3): unknown key; did you mean monday.board?",
                "jurnal (ordersync.yaml:8): unknown key; did you mean journal?",
                "ORDERSYNC_BATCH_ORDER (environment ORDERSYNC_BATCH_ORDER): unknown variable; "
                    + "did you mean ORDERSYNC_BATCH_ORDERS?",
                "monday.board (ordersync.yaml:2): “many” is not allowed; "
                    + "allowed: the number in the board's address, such as 4755559751",
                "monday.request_timeout (ordersync.yaml:4): “60” is not allowed; "
                    + "allowed: a whole number with ms, s, m, h or d, from 1s to 10m",
                "retry.attempts (ordersync.yaml:6): “0” is not allowed; allowed: a whole number from 1 to 100",
                "gone.policy (ordersync.yaml:7): “delete” is not allowed; allowed: report, archive, zero",
                "log.level (environment ORDERSYNC_LOG_LEVEL): “loud” is not allowed; "
                    + "allowed: trace, debug, info, notice, warning, error, critical",
                "source.connection: missing; set it in the file or as ORDERSYNC_SOURCE_CONNECTION, "
                    + "or DB_ORDERS_HOST and its kin",
            ]
        )
    }

    @Test("a section that is a value, and a value that is a section or list, are named")
    func shapes() throws {
        let found = try self.mistakes("retry: 3\nfield_map: [a, [b]]\nbatch:\n  orders:\n    most: 5\n  in_flight:\n")
        #expect(
            found == [
                "retry (ordersync.yaml:1): must be a section of keys; allowed: retry.base, retry.cap, retry.attempts",
                "field_map (ordersync.yaml:2): takes one value, not a list or section",
                "batch.orders (ordersync.yaml:4): takes one value, not a list or section",
                "batch.in_flight (ordersync.yaml:6): has no value; remove the key, or give it one",
            ]
        )
    }

    @Test(
        "malformed YAML is named by line, without quoting the file",
        arguments: [
            ("monday:\n\tboard: 1\n", 2), ("a: 'PWD=hunter2\n", 2), ("- PWD=hunter2\n", 1),
            ("monday: {board: 1\nx: hunter2\n", 2),
            ("batch:\n  orders: 1\n  orders: 2\n", 2),
        ]
    )
    func malformed(yaml: String, line: Int) throws {
        let found = try self.mistakes(yaml, for: .daemon)
        #expect(found.count == 1)
        #expect(found[0].hasPrefix("ordersync.yaml:\(line): "), "\(found)")
        #expect(!found[0].contains("hunter2"))
    }

    @Test(
        "an empty file, a file of comments and a byte-order mark are no mistakes",
        arguments: [
            "", "# nothing yet\n", "\u{FEFF}batch:\n  orders: 5\n", "retry:\n  # base: 2s\n",
        ]
    )
    func harmless(yaml: String) throws {
        #expect(try self.mistakes(yaml) == [])
    }

    @Test("a file that is not there is told apart from one that is wrong")
    func absent() throws {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Configuration.load(file: self.folder.file("none.yaml"), environment: [:])
        }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains("there is no such file") == true)
    }

    @Test("paths in the file are relative to the file, paths in the environment to where one stands")
    func paths() throws {
        let path = try self.write("journal:\n  path: data/journal.sqlite\n")
        let configuration = try Configuration.load(file: path, environment: ["ORDERSYNC_FIELD_MAP": "map.yaml"])
        #expect(configuration.journal.path == self.folder.file("data/journal.sqlite"))
        #expect(configuration.fieldMap == "map.yaml")
    }

    @Test(
        "each program asks for what it can't do without, and no more",
        arguments: [
            (
                ProgramRole.daemon,
                ["warehouse.connection", "monday.token_file", "monday.board"]
            ),
            (.enqueue, ["source.connection", "monday.board"]),
            (.migrate, ["warehouse.connection"]),
            (.replay, []),
        ]
    )
    func mandatory(program: ProgramRole, keys: [String]) throws {
        let configuration = try Configuration.load(file: nil, environment: [:])
        #expect(configuration.missing(for: program).map(\.key) == keys)
        if keys.isEmpty {
            try configuration.require(program)
        } else {
            #expect(throws: ConfigurationError.self) { try configuration.require(program) }
        }
    }

    @Test(
        "values that contradict each other are refused",
        arguments: [
            ("retry: {base: 10m, cap: 5m}", "retry.base: must not be longer than retry.cap"),
            (
                "monday: {board: 5, subitem_board: 5}",
                "monday.subitem_board: is the same board as monday.board; subitems have their own"
            ),
        ]
    )
    func contradictions(yaml: String, mistake: String) throws {
        #expect(try self.mistakes(yaml) == [mistake])
    }

    @Test("the example configuration is right, and shows every key with its default")
    func example() throws {
        let path = Project.path("systemd/ordersync.example.yaml")
        let configuration = try Configuration.load(file: path, environment: [:])
        #expect(configuration.warnings.isEmpty)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let words = Keys.names.compactMap { $0.split(separator: ".").last }
        #expect(words.allSatisfy { text.contains("\($0):") })
        let defaults = try Configuration.load(file: nil, environment: [:]).settings
        let own: Set = ["source.connection", "monday.board", "monday.external_key_column"]
        for setting in configuration.settings where !own.contains(setting.key) {
            #expect(setting.text == defaults.first { $0.key == setting.key }?.text, "\(setting)")
        }
    }
}
