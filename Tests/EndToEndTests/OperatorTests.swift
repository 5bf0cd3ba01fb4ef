import Foundation
import TestSupport
import Testing

/// What an operator sees and does, beside the daemon and without it.
@Suite(.serialized) struct OperatorTests {
    private func replay(_ bench: Workbench, _ arguments: String...) async throws -> Program.Outcome {
        let outcome = try await Program.run(
            "ordersync-replay",
            arguments + ["--config", bench.configuration],
            environment: bench.environment.merging(["USER": "anna"]) { $1 }
        )
        expectNoSecret(outcome)
        return outcome
    }

    private func ids(_ bench: Workbench, _ state: String) async throws -> [Int] {
        let list = try await self.replay(bench, "list", "--json", "--state", state)
        return try JSONValue(list.output)["jobs"].array.compactMap { $0["id"].integer }
    }

    @Test("why says of an order what it waits for, at every station of its way")
    func why() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let list = try JSONValue(try await self.replay(bench, "list", "--json", "--state", "ready").output)["jobs"]
        let number = try #require(list[10]["orderNumber"].string)
        let id = try #require(list[10]["id"].integer)
        let key = try #require(list[10]["orderKey"].string)
        for word in [number, "\(id)", key, key.uppercased()] {
            let page = try await self.replay(bench, "why", word)
            expect(0, number, key, "its turn: 10 orders of GREYSON before it", "was never started", of: page)
        }
        expect(66, "never queued", of: try await self.replay(bench, "why", "JOO-\u{1B}[31m"))

        try await bench.sandbox.faults(#"[{"action": "unauthorized"}]"#)
        let service = try Service(bench)
        try await service.expectStatus("paused")
        var paused = try await self.replay(bench, "why", "\(id)")
        _ = try await eventually {
            if paused.output.contains("pause of all work") { return true }
            paused = try await self.replay(bench, "why", "\(id)")
            return false
        }
        expect(0, "the end of a pause of all work", "NOT_AUTHENTICATED", of: paused)
        try await service.stop()
        expect(0, "none runs, the last one ended", of: try await self.replay(bench, "why", "\(id)"))

        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "create_item", "value": "\#(number)"}}]"#
        )
        expect(1, of: try await bench.run("ordersyncd", "drain"))
        expect(
            0,
            "it died of MISSING_LABEL",
            "ordersync-replay retry \(id)",
            of: try await self.replay(bench, "why", number)
        )
        expect(0, of: try await self.replay(bench, "hold", "\(id)", "--reason", "prices in review"))
        expect(0, "held by anna", "for “prices in review”", of: try await self.replay(bench, "why", number))
        try await bench.sandbox.faults("[]")
        expect(0, of: try await self.replay(bench, "release", "\(id)"))
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        let done = try await self.replay(bench, "why", number, "--json")
        let form = try JSONValue(done.output)[0]
        #expect(form["reasons"][0].string?.hasPrefix("nothing: it stands on the board") == true, "\(done)")
        #expect(form["itemID"].integer != nil && form["job"].isNull)
        #expect(try bench.warehouse("SELECT resolved_by FROM ERR_MON_CustMasterSchedule") == ["anna"])
    }

    @Test("stats shows who is stuck, and log what people did, by whom and why")
    func statsAndLog() async throws {
        let bench = try await Workbench()
        #expect(try await self.replay(bench, "stats").status == 66)
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let form = try JSONValue(try await self.replay(bench, "stats", "--json").output)
        let total = try bench.journal("SELECT CAST(count(*) AS TEXT) FROM job").first.flatMap(Int.init)
        #expect(form["states"]["ready"].integer == total)
        #expect(form["customers"].array.map { $0["ages"][0].integer ?? 0 }.reduce(0, +) == total)
        let customer = try #require(form["customers"][0]["customer"].string)
        let table = try await self.replay(bench, "stats")
        expect(0, customer, "(all)", "<5m", "IN DOUBT", "DEAD", of: table)

        #expect(try await self.replay(bench, "log").output == "nobody has done anything\n")
        let held = try await self.replay(
            bench,
            "hold",
            "--customer",
            "GREYSON",
            "--reason",
            "prices in review",
            "--yes"
        )
        expect(0, of: held)
        expect(0, "anna", "hold", "prices in review", "customer GREYSON", of: try await self.replay(bench, "log"))
        let log = try JSONValue(try await self.replay(bench, "log", "--json").output)
        #expect(log[0]["who"].string == "anna" && (log[0]["jobs"].integer ?? 0) > 60)
    }

    @Test("a dry run changes nothing and says what would be refused; more than a hundred need a yes or a person")
    func dryRun() async throws {
        let bench = try await Workbench()
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let before = try await bench.traces()
        let ready = try await self.ids(bench, "ready")
        let dry = try await self.replay(bench, "retry", "\(ready[0])", "999999", "--dry-run")
        expect(1, "would retry 0 jobs", "job \(ready[0]) refused", "there is no such job", of: dry)
        let many = try await self.replay(bench, "hold", "--all", "--reason", "x", "--dry-run", "--json")
        #expect(try JSONValue(many.output)["changed"].array.count == (try await self.counted(bench)))
        expect(64, "say --yes", of: try await self.replay(bench, "hold", "--all", "--reason", "x"))
        #expect(try await bench.traces() == before)

        // On a terminal a person is asked, and anything but a yes is a no.
        let command = ["ordersync-replay", "hold", "--all", "--reason", "x", "--config", bench.configuration]
        for (answer, status, words) in [("", 1, "nothing was changed"), ("y", 0, "jobs held")]
            as [(String, Int32, String)]
        {
            let line = ([Project.programs.appending(path: command[0]).path] + command.dropFirst()).map { "'\($0)'" }
                .joined(separator: " ")
            let outcome = try await Program(
                URL(fileURLWithPath: "/usr/bin/script"),
                ["-qec", line, "/dev/null"],
                environment: bench.environment,
                input: "\(answer)\n"
            ).wait()
            #expect(outcome.status == status && outcome.output.contains(words), "\(outcome)")
        }
    }

    private func counted(_ bench: Workbench) async throws -> Int {
        try JSONValue(try await self.replay(bench, "stats", "--json").output)["states"]["ready"].integer ?? 0
    }

    /// Takes the key column out of the configuration.
    private func withoutKeyColumn(_ bench: Workbench) throws {
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.contains("external_key_column") }
        try lines.joined(separator: "\n").write(toFile: bench.configuration, atomically: true, encoding: .utf8)
    }

    @Test(
        "without a key column a lost answer kills its jobs and says where to look; a person's verdict brings them back"
    )
    func verdict() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "3", "--sizes", "1"])
        try self.withoutKeyColumn(bench)
        try await bench.sandbox.faults(
            #"[{"action": "partial_commit", "commit": 3, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        expect(1, "0 orders done, 3 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        let board = try await bench.board()
        #expect(board.items.count == 2)
        let dead = try await self.ids(bench, "dead")
        #expect(dead.count == 3)
        let message = try bench.warehouse(
            "SELECT error_message FROM ERR_MON_CustMasterSchedule WHERE job_id = \(dead[0])"
        )
        #expect(message.first?.contains("ordersync-replay settle \(dead[0]) --absent") == true, "\(message)")
        expect(1, "no known outcome", of: try await self.replay(bench, "retry", "\(dead[0])"))
        // A key column that is configured now tells nothing of a request that did not fill it.
        let late = ["ORDERSYNC_MONDAY_EXTERNAL_KEY_COLUMN": Sandbox.keyColumn]
        expect(0, "0 orders done, 0 died", of: try await bench.run("ordersyncd", "drain", environment: late))
        #expect(try await self.ids(bench, "dead") == dead)
        #expect(try await bench.board().items.count == 2)
        expect(0, "settle \(dead[0])", of: try await self.replay(bench, "why", "\(dead[0])"))

        // The person looks at the board: by the names of the items.
        for id in dead {
            let shown = try JSONValue(try await self.replay(bench, "show", "\(id)", "--json").output)
            let title = try JSONValue(try #require(shown["snapshot"].string))["title"].string
            let item = board.items.first { $0.name == title }
            let verdict = item.map { ["--item", "\($0.id)"] } ?? ["--absent"]
            let settled = try await Program.run(
                "ordersync-replay",
                ["settle", "\(id)", "--reason", "looked", "--config", bench.configuration] + verdict,
                environment: bench.environment.merging(["USER": "anna"]) { $1 }
            )
            #expect(settled.output == "job \(id): 1 settled; it is ready now\n", "\(settled)")
        }
        expect(0, "3 orders done", of: try await bench.run("ordersyncd", "drain"))
        let after = try await bench.board()
        #expect(after.items.count == 3 && after.subitemCount == 3)
        #expect(
            try bench.warehouse("SELECT DISTINCT resolved_by FROM ERR_MON_CustMasterSchedule") == ["anna"]
        )
    }

    @Test("a verdict while Monday.com may be at work is put off, and one that can't be true is refused")
    func hasty() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "1", "--sizes", "2"])
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "match": {"operation": "create_subitem"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let slow = ["ORDERSYNC_MONDAY_EXECUTION_LIMIT": "1h"]
        let drain = try bench.start("ordersyncd", "drain", environment: slow)
        #expect(try await eventually { try await !self.ids(bench, "in_doubt").isEmpty }, "\(drain.error)")
        drain.send(signal: SIGINT)
        let drained = await drain.wait()
        #expect(drained.status == 75 && drained.output.contains("1 in doubt"), "\(drained)")
        let doubtful = try #require(try await self.ids(bench, "in_doubt").first)
        func settle(_ arguments: String...) async throws -> Program.Outcome {
            try await Program.run(
                "ordersync-replay",
                ["settle", "\(doubtful)", "--reason", "x", "--config", bench.configuration] + arguments,
                environment: bench.environment.merging(slow) { $1 }
            )
        }
        expect(75, "may still be at work", of: try await settle("--absent"))
        expect(64, "create subitem of size", of: try await settle("--subitem", "nope=5"))
        for wrong in ["XL", "XL=", "=5", "XL=0", "XL=x", "XL=1=2"] {
            expect(64, "--subitem", of: try await settle("--subitem", wrong))
        }
        expect(
            0,
            "looked up on the board from",
            of: try await Program.run(
                "ordersync-replay",
                ["why", "\(doubtful)", "--config", bench.configuration],
                environment: bench.environment.merging(slow) { $1 }
            )
        )
        let board = try await bench.board()
        let sizes = try JSONValue(
            try await Program.run(
                "ordersync-replay",
                ["why", "\(doubtful)", "--json", "--config", bench.configuration],
                environment: bench.environment
            ).output
        )[0]["open"].array.compactMap { $0["size"].string }
        #expect(sizes.count == 2 && board.subitemCount == 2)
        let boards = try await bench.sandbox.state()["boards"].array
        let subitems = boards.flatMap { $0["groups"].array }.flatMap { $0["items"].array }.flatMap {
            $0["subitems"].array
        }
        for size in sizes {
            let id = try #require(subitems.first { $0["name"].string == "Size \(size)" }?["id"].string)
            expect(0, of: try await settle("--subitem", "\(size)=\(id)"))
        }
        expect(0, "1 order done", of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().subitemCount == 2)
    }

    @Test("an operator's commands and a working daemon don't disturb each other")
    func besideDaemon() async throws {
        let bench = try await Workbench()
        let service = try Service(bench)
        try await service.expectReady()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for _ in 1...5 {
            let outcome = try await self.replay(bench, "hold", "--po", "4755", "--reason", "x")
            #expect([0, 1].contains(outcome.status), "\(outcome)")
            for command in ["list", "stats", "log"] { expect(0, of: try await self.replay(bench, command)) }
            expect(0, of: try await self.replay(bench, "release", "--all"))
        }
        try await service.expectItems(69, on: bench)
        try await service.stop()
        let board = try await bench.board()
        #expect(board.duplicateKeys.isEmpty && board.subitemCount == 264)
        expect(0, of: try await bench.run("ordersyncd", "check", "--journal"))
    }
}
