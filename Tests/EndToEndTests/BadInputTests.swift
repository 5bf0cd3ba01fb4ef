import Foundation
import SQLite
import TestSupport
import Testing

/// What is wrong outside ends in a clear message and the right exit status, and leaves nothing half done.
@Suite struct BadInputTests {
    /// Runs a program on an installation whose configuration is changed by variables, and looks at how it ended.
    private func expect(
        _ status: Int32,
        _ words: String...,
        of outcome: Program.Outcome,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == status, "\(outcome)", sourceLocation: location)
        for word in words {
            #expect((outcome.error + outcome.output).contains(word), "\(outcome)", sourceLocation: location)
        }
        #expect(!(outcome.error + outcome.output).contains(Sandbox.token), sourceLocation: location)
    }

    /// How many jobs the journal holds; nil when there is none.
    private func jobs(_ bench: Workbench) throws -> Int64? {
        guard FileManager.default.fileExists(atPath: bench.journal) else { return nil }
        let database = try Database(path: bench.journal, mode: .readOnly, busyTimeoutMilliseconds: 1000)
        return try database.first("SELECT count(*) FROM job", []) { $0.integer(0) ?? 0 }
    }

    private func change(_ bench: Workbench, _ sql: String) throws {
        let database = try Database(path: bench.source, mode: .readWrite, busyTimeoutMilliseconds: 1000)
        try database.execute(sql)
    }

    @Test(
        "a run that says not which orders, or contradicts itself, is wrong usage",
        arguments: [
            [], ["--all", "--po", "4755"], ["--customer", " "], ["--po"], ["--all", "--limit", "0"],
            ["--all", "--wait", "soon"],
            ["--all", "--unknown"],
        ]
    )
    func usage(arguments: [String]) async throws {
        let outcome = try await Program.run("ordersync-enqueue", arguments)
        self.expect(64, "--help", of: outcome)
    }

    @Test("source, field map and rows that don't fit are told apart and change nothing")
    func source() async throws {
        let bench = try await Workbench(data: ["--bad"])
        self.expect(66, "NOBODY", of: try await bench.run("ordersync-enqueue", "--customer", "NOBODY"))
        #expect(try self.jobs(bench) == 0)

        // Every kind of bad row is rejected with its column and reason; the good ones beside them are queued.
        let bad = try await bench.run("ordersync-enqueue", "--po", "BAD-1", "--strict")
        self.expect(1, "Rejected", "AAG ORDER NUMBER", of: bad)
        let before = try self.jobs(bench)

        let map = bench.folder.file("fieldmap.yaml")
        try Data("version: 1\nfields: nothing\n".utf8).write(to: URL(fileURLWithPath: map))
        let broken = ["ORDERSYNC_FIELD_MAP": map]
        self.expect(78, "fieldmap.yaml", of: try await bench.run("ordersync-enqueue", "--all", environment: broken))
        let absent = ["ORDERSYNC_FIELD_MAP": "/nowhere.yaml"]
        self.expect(78, "field_map", of: try await bench.run("ordersync-enqueue", "--all", environment: absent))

        try self.change(bench, #"ALTER TABLE "ORDERS_UNIFIED" RENAME COLUMN "PO NUMBER" TO "PO NO""#)
        self.expect(78, "PO NUMBER", of: try await bench.run("ordersync-enqueue", "--all"))
        try self.change(bench, #"ALTER TABLE "ORDERS_UNIFIED" RENAME COLUMN "PO NO" TO "PO NUMBER""#)
        try self.change(bench, #"ALTER TABLE "ORDERS_UNIFIED" RENAME COLUMN "TOTAL QTY" TO "SUM""#)
        self.expect(78, "TOTAL QTY", of: try await bench.run("ordersync-enqueue", "--all"))
        #expect(try self.jobs(bench) == before)

        let table = ["ORDERSYNC_SOURCE_TABLE": "dbo.NO_SUCH"]
        let missing = try await bench.run("ordersync-enqueue", "--all", environment: table)
        #expect(missing.status != 0 && missing.error.contains("NO_SUCH"), "\(missing)")
        let unreachable = ["ORDERSYNC_SOURCE_CONNECTION": "Driver=SQLite3;Database=/nowhere/orders.db"]
        self.expect(69, "connect", of: try await bench.run("ordersync-enqueue", "--all", environment: unreachable))
        #expect(try self.jobs(bench) == before)
    }

    @Test("a wrong token, board or column stops the daemon's work before the first change, and no order dies of it")
    func monday() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let token = ["MONDAY_API_KEY": "wrong-token"]
        let refused = try await bench.run("ordersyncd", "drain", environment: token)
        self.expect(77, "NOT_AUTHENTICATED", of: refused)
        #expect(!refused.error.contains("wrong-token"))
        let board = ["ORDERSYNC_MONDAY_BOARD": "5"]
        self.expect(69, "5", of: try await bench.run("ordersyncd", "drain", environment: board))
        self.expect(1, "board", "failed", of: try await bench.run("ordersyncd", "check", environment: board))

        let map = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        let own = bench.folder.file("fieldmap.yaml")
        try Data(map.replacing("text_mkr5ej2x", with: "text_missing1").utf8).write(to: URL(fileURLWithPath: own))
        let column = ["ORDERSYNC_FIELD_MAP": own]
        self.expect(1, "text_missing1", of: try await bench.run("ordersyncd", "check", environment: column))
        let drained = try await bench.run("ordersyncd", "drain", environment: column)
        #expect(drained.status != 0 && drained.error.contains("text_missing1"), "\(drained)")

        #expect(try await bench.sandbox.log().isEmpty)
        #expect(try await bench.run("ordersync-replay", "list", "--json").output.contains("\"jobs\" : [\n\n  ]"))
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
    }

    @Test("a journal that can't be used is refused with what to do, and left as it is")
    func journal() async throws {
        let bench = try await Workbench()
        let nowhere = ["ORDERSYNC_JOURNAL_PATH": "/nowhere/journal.sqlite"]
        self.expect(73, "/nowhere", of: try await bench.run("ordersync-enqueue", "--all", environment: nowhere))
        self.expect(66, "journal", of: try await bench.run("ordersync-replay", "list"))

        #expect(try await bench.enqueueKnownOrder().status == 0)
        do {
            let database = try Database(path: bench.journal, mode: .readWrite, busyTimeoutMilliseconds: 1000)
            try database.execute("PRAGMA user_version = 9999")
        }
        self.expect(65, "newer", of: try await bench.run("ordersyncd", "drain"))
        self.expect(1, "newer", of: try await bench.run("ordersyncd", "check"))
        self.expect(65, "newer", of: try await bench.run("ordersync-enqueue", "--all"))
        #expect(try self.jobs(bench) == 69)
    }

    @Test("of two daemons on one journal the second says so and leaves")
    func twice() async throws {
        let bench = try await Workbench()
        let first = try bench.start("ordersyncd", "run")
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: bench.journal + ".wake") {
            try await Task.sleep(for: .milliseconds(50))
        }
        self.expect(75, "another", of: try await bench.run("ordersyncd", "drain"))
        first.send(signal: SIGTERM)
        #expect(await first.wait().status == 0)
    }

    @Test("a configuration's mistakes are told all at once, with key and place")
    func configuration() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("ordersync.yaml")
        try Data("monday:\n  bord: 5\nretry:\n  base: quick\n".utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try await Program.run(
            "ordersyncd",
            ["check", "--config", file],
            environment: ["ORDERSYNC_BATCH_ORDERS": "-1", "MONDAY_API_KEY": Sandbox.token]
        )
        self.expect(
            78,
            "monday.bord (\(file):2): unknown key; did you mean monday.board?",
            "retry.base (\(file):4)",
            "batch.orders (environment ORDERSYNC_BATCH_ORDERS)",
            "warehouse.connection: missing",
            of: outcome
        )
        try Data("monday: [\n".utf8).write(to: URL(fileURLWithPath: file))
        self.expect(78, "not valid YAML", of: try await Program.run("ordersyncd", ["--config", file]))
        self.expect(66, "no such file", of: try await Program.run("ordersyncd", ["--config", "/nowhere.yaml"]))
    }
}
