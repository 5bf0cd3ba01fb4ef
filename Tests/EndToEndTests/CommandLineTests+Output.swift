import Foundation
import SQLite
import TestSupport
import Testing

extension CommandLineTests {
    @Test(
        "an option, command or value that there is none of is wrong usage, and says where help is",
        arguments: [
            ["ordersync-enqueue", "--bogus"], ["ordersync-enqueue", "orders"], ["ordersyncd", "--bogus"],
            ["ordersyncd", "bogus"], ["ordersyncd", "run", "--bogus"], ["ordersyncd", "drain", "--timeout", "soon"],
            ["ordersyncd", "check", "--bogus"], ["ordersyncd", "migrate", "--bogus"], ["ordersync-replay", "bogus"],
            ["ordersync-replay", "list", "--bogus"], ["ordersync-replay", "show"], ["ordersync-replay", "show", "x"],
            ["ordersync-replay", "retry"], ["ordersync-replay", "retry", "0"], ["ordersync-replay", "retry", "-1"],
            ["ordersync-replay", "acknowledge", "--reason", "x"], ["ordersync-replay", "acknowledge", "1"],
            ["ordersync-replay", "acknowledge", "one", "--reason", "x"],
            ["ordersync-replay", "acknowledge", "1", "--all", "--reason", "x"],
        ]
    )
    func usage(words: [String]) async throws {
        let outcome = try await Program.run(words[0], Array(words.dropFirst()))
        expect(64, "--help", of: outcome)
        #expect(outcome.output.isEmpty)
    }

    @Test("migrate --print gives the SQL of either dialect, which needs no connection and runs as it is")
    func printedSQL() async throws {
        let folder = try TemporaryFolder()
        let lite = try await Program.run(
            "ordersyncd",
            ["migrate", "--print"],
            environment: ["ORDERSYNC_WAREHOUSE_DIALECT": "sqlite"]
        )
        #expect(lite.status == 0, "\(lite)")
        let database = try Database(path: folder.file("w.sqlite"), mode: .create, busyTimeoutMilliseconds: 1000)
        try database.execute(lite.output)
        let tables = try database.query("SELECT name FROM sqlite_schema WHERE type = 'table'") {
            row throws(SQLiteError) in row.text(0) ?? ""
        }
        for name in ["STG_MON_CustMasterSchedule", "MON_CustMasterSchedule_Subitems", "MON_BatchProcessing"] {
            #expect(tables.contains(name))
        }

        let server = try await Program.run(
            "ordersyncd",
            ["migrate", "--print"],
            environment: ["ORDERSYNC_WAREHOUSE_DIALECT": "sqlserver"]
        )
        #expect(server.status == 0, "\(server)")
        for name in tables where name.contains("MON_") { #expect(server.output.contains("[dbo].[\(name)]"), "\(name)") }
        #expect(server.output.contains("\nGO\n"))
        // By the driver's name, where none is configured.
        let guessed = try await Program.run(
            "ordersyncd",
            ["migrate", "--print"],
            environment: [
                "ORDERSYNC_WAREHOUSE_CONNECTION": "Driver=ODBC Driver 18 for SQL Server;Server=db;PWD=hunter2"
            ]
        )
        #expect(guessed.output == server.output)
        expectNoSecret(guessed)
        let unknown = try await Program.run("ordersyncd", ["migrate", "--print"])
        expect(78, "warehouse.connection", "warehouse.dialect", of: unknown)
    }

    @Test("migrate tells what it did, and the second time that there was nothing to do")
    func migrate() async throws {
        let bench = try await Workbench()
        let again = try await bench.run("ordersyncd", "migrate")
        #expect(again.status == 0 && again.output.hasPrefix("nothing to do: "), "\(again)")
        try await bench.change("DROP TABLE MON_BatchProcessing")
        let dry = try await bench.run("ordersyncd", "migrate", "--dry-run")
        #expect(dry.status == 0 && dry.output.contains("would be created: table MON_BatchProcessing\n"), "\(dry)")
        let check = try await bench.run("ordersyncd", "check")
        expect(1, "missing: MON_BatchProcessing", "ordersyncd migrate", of: check)
        let migrated = try await bench.run("ordersyncd", "migrate")
        #expect(migrated.status == 0, "\(migrated)")
        #expect(migrated.output.split(separator: "\n").contains("created: table MON_BatchProcessing"), "\(migrated)")
        expect(0, "all tables are there", of: try await bench.run("ordersyncd", "check"))
    }

    @Test("check looks at everything, tells all that is wrong at once, and changes nothing")
    func check() async throws {
        let bench = try await Workbench()
        let fine = try await bench.run("ordersyncd", "check", "--json")
        expect(0, of: fine)
        let subjects = try JSONValue(fine.output).array.map {
            "\($0["subject"].string ?? "") \($0["verdict"].string ?? "")"
        }
        #expect(subjects == ["source ok", "warehouse ok", "board ok", "journal ok"])
        #expect(!FileManager.default.fileExists(atPath: bench.journal), "looking makes no journal")

        try await bench.change(
            "ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [DESTINATION] TO [WHERE TO]; DROP TABLE STG_MON_CustMasterSchedule"
        )
        let wrong = try await bench.run(
            "ordersyncd",
            "check",
            environment: ["ORDERSYNC_MONDAY_BOARD": "5", "ORDERSYNC_JOURNAL_PATH": "/nowhere/journal.sqlite"]
        )
        expect(1, "DESTINATION", "STG_MON_CustMasterSchedule", "BOARD_NOT_FOUND", "/nowhere", of: wrong)
        for subject in ["source", "warehouse", "board", "journal"] {
            #expect(wrong.output.contains(subject), "\(wrong)")
        }
    }

    @Test("what --json prints is one JSON value with the names that scripts rely on, also when nothing was done")
    func json() async throws {
        let bench = try await Workbench()
        let dry = try JSONValue(try await bench.run("ordersync-enqueue", "--po", "4755", "--dry-run", "--json").output)
        #expect(dry["dryRun"].integer == 1 && dry["runID"].isNull)
        let run = try JSONValue(try await bench.run("ordersync-enqueue", "--po", "4755", "--json").output)
        let counts = ["read", "new", "changed", "unchanged", "gone", "rejected", "enqueued"]
        #expect(counts.map { run[$0].integer } == [69, 69, 0, 0, 0, 0, 69])
        #expect(run["runID"].integer == 1 && run["complete"].integer == 1)
        #expect(run["rejects"].array.isEmpty && run["goneOrders"].array.isEmpty)
        #expect(run["batchName"].string == "PO_4755")

        for _ in 1...2 {
            let drain = try await bench.run("ordersyncd", "drain", "--json")
            let form = try JSONValue(drain.output)
            #expect(drain.status == 0 && drain.error.isEmpty, "\(drain)")
            #expect([form["died"].integer, form["left"].integer, form["inDoubt"].integer] == [0, 0, 0])
        }
        let list = try JSONValue(try await bench.run("ordersync-replay", "list", "--json").output)
        #expect(list["jobs"].array.isEmpty && list["isCut"].integer == 0)
    }

    @Test("on a terminal a run draws its progress, wipes it, and leaves the summary")
    func terminal() async throws {
        let bench = try await Workbench()
        let command = [
            Project.programs.appending(path: "ordersync-enqueue").path, "--all", "--config", bench.configuration,
        ]
        let typescript = try await Program(
            URL(fileURLWithPath: "/usr/bin/script"),
            ["--quiet", "--return", "--command", command.joined(separator: " "), bench.folder.file("typescript")],
            environment: bench.environment.merging(["TERM": "xterm"]) { $1 }
        ).wait()
        #expect(typescript.status == 0, "\(typescript)")
        #expect(typescript.output.contains("reading"))
        let rest = typescript.output.components(separatedBy: "\r\u{1B}[K").last ?? ""
        #expect(rest.contains("rows read") && !rest.contains("reading"), "\(typescript)")
    }
}
