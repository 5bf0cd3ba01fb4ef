import Foundation
import SQLite
import TestSupport
import Testing

/// What systemd and an operator see of `ordersyncd run`.
@Suite struct ServiceTests {
    /// Waits until a request of that kind is under way.
    private func expectInFlight(
        _ kind: String,
        _ bench: Workbench,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        var kinds: [String] = []
        let isSeen = try await eventually {
            kinds = (try? bench.journal("SELECT kind FROM effect WHERE state = 'open'")) ?? []
            return kinds.contains(kind)
        }
        #expect(isSeen, "\(kinds)", sourceLocation: location)
    }

    @Test("no outage keeps the daemon from being ready or ends it: the status tells, and the orders wait untouched")
    func outages() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let outages = [
            (["ORDERSYNC_MONDAY_ENDPOINT": "http://127.0.0.1:1/v2"], "TRANSPORT"),
            (["MONDAY_API_KEY": "wrong-token"], "NOT_AUTHENTICATED"),
            (["ORDERSYNC_MONDAY_BOARD": "5"], "BOARD_NOT_FOUND"),
            (
                ["ORDERSYNC_WAREHOUSE_CONNECTION": "Driver=SQLite3;Database=/nowhere/w.db;PWD=hunter2"],
                "warehouse_unreachable"
            ),
        ]
        for (environment, word) in outages {
            let service = try Service(bench, environment: environment)
            try await service.expectReady()
            try await service.expectStatus("paused", word)
            #expect(service.daemon.isRunning)
            let outcome = try await service.stop()
            expectNoSecret(outcome)
            let words = service.manager.words().map(\.value).joined()
            #expect(!words.contains("wrong-token") && !words.contains("hunter2"))
        }
        let states = try bench.journal("SELECT state || ' ' || errors || ' ' || last_code FROM job GROUP BY 1")
        #expect(states.allSatisfy { $0.hasPrefix("ready 0") || $0.hasPrefix("retry 0") }, "\(states)")
        #expect(try await bench.sandbox.log().isEmpty)
    }

    @Test("an outage that ends is over for the daemon without a restart")
    func outageEnds() async throws {
        let bench = try await Workbench()
        try await bench.sandbox.faults(#"[{"action": "unauthorized"}]"#)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let service = try Service(bench)
        try await service.expectStatus("paused", "NOT_AUTHENTICATED")
        try await bench.sandbox.faults("[]")
        try await service.expectItems(69, on: bench)
        try await service.expectStatus("idle: 0 in work, 0 ready")
        try await service.stop()
    }

    @Test("a run of enqueue wakes an idle daemon, which brings the orders to the board at once")
    func wake() async throws {
        let bench = try await Workbench()
        let service = try Service(bench)
        try await service.expectStatus("idle")
        var woken = false
        for round in 1...3 where !woken {
            // By itself it looks again 5 s after it has told that it is idle.
            let start = ContinuousClock.now
            let idle = try #require(try await service.manager.first(after: start) { $0.value.hasPrefix("idle") })
            let enqueued = try await bench.run("ordersync-enqueue", "--po", "4755", "--limit", "1")
            #expect(enqueued.status == 0, "\(enqueued)")
            let busy = try await service.manager.first(after: idle.at) { word in
                word.name == "STATUS" && !word.value.hasPrefix("idle")
            }
            woken = try #require(busy).at - idle.at < .milliseconds(4800)
            try await service.expectItems(round, on: bench)
        }
        #expect(woken)
        try await service.stop()
    }

    @Test("a stop waits for the request in flight and records it; orders not begun are left as they were")
    func stopInFlight() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        // Carried out only after that time, so the stop comes before it on a busy machine too.
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 6, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        let service = try Service(
            bench,
            environment: ["ORDERSYNC_BATCH_ORDERS": "5", "ORDERSYNC_BATCH_IN_FLIGHT": "1"]
        )
        try await self.expectInFlight("create_item", bench)
        #expect(try await bench.board().items.isEmpty)
        try await service.stop(within: 40)

        // Monday has made five items, and the answer was waited for.
        #expect(try bench.journal("SELECT count(*) FROM effect WHERE state <> 'settled'") == ["0"])
        #expect(try bench.journal("SELECT count(*) FROM ledger WHERE item_id IS NOT NULL") == ["5"])
        // Those without sizes are complete but for their promotion, which is left to the next start.
        let states = try bench.journal(
            "SELECT state || ' ' || (stage <> 'none') || ' ' || errors || ' ' || count(*) FROM job GROUP BY state, stage <> 'none', errors"
        )
        #expect(states.sorted() == ["ready 0 0 64", "ready 1 0 5"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["0"])
        #expect(try bench.journal("SELECT count(*) FROM epoch WHERE stopped_ms IS NULL") == ["0"])

        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let board = try await bench.board()
        #expect(board.items.count == 69 && board.subitemCount == 264 && board.duplicateKeys.isEmpty)
    }

    @Test("a stop right after the daemon is ready, or before, is as clean as any")
    func stopAtOnce() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for _ in 0..<5 {
            let service = try Service(bench)
            try await service.expectReady()
            try await service.stop()
        }
        #expect(try bench.journal("SELECT count(*) FROM job WHERE state = 'running'") == ["0"])
        #expect(try bench.journal("SELECT count(*) FROM epoch WHERE stopped_ms IS NULL") == ["0"])
    }

    @Test(
        "a stop does not wait for a read of the board that hangs, nor for a statement that takes long",
        arguments: [true, false]
    )
    func stopWhileHanging(boardHangs: Bool) async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        if boardHangs {
            try await bench.sandbox.faults(#"[{"action": "stall", "seconds": 60, "match": {"kind": "query"}}]"#)
        } else {
            // Five joins of hundreds of rows take hours.
            try await bench.change(
                """
                CREATE TRIGGER slow AFTER INSERT ON MON_BatchProcessing BEGIN
                    SELECT count(*) FROM ORDERS_UNIFIED a, ORDERS_UNIFIED b, ORDERS_UNIFIED c, ORDERS_UNIFIED d, ORDERS_UNIFIED e;
                END
                """
            )
        }
        let service = try Service(bench)
        try await service.expectStatus("in work")
        try await Task.sleep(for: .milliseconds(500))
        try await service.stop(within: 40)
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["ready0"])
    }

    @Test(
        "the watchdog hears from the working loop twice in its time, idle and busy; an idle daemon needs no processor"
    )
    func watchdog() async throws {
        let bench = try await Workbench()
        let service = try Service(bench, environment: ["WATCHDOG_USEC": "6000000"])
        try await service.expectStatus("idle")
        let before = try service.processorSeconds()
        let start = ContinuousClock.now
        try await Task.sleep(for: .seconds(3))
        let used = try service.processorSeconds() - before
        #expect(used < 0.15, "\(used) s in 3 s")

        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 8, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--po", "4755", "--limit", "1").status == 0)
        try await service.expectItems(1, on: bench)
        try await Task.sleep(for: .seconds(3))
        let beats = [start] + service.manager.words().filter { $0.name == "WATCHDOG" && $0.at > start }.map(\.at)
        let gaps = zip(beats, beats.dropFirst()).map { $1 - $0 }
        #expect(gaps.count >= 4)
        #expect(gaps.allSatisfy { $0 < .seconds(6) }, "\(gaps)")
        try await service.stop()
    }

    @Test("a drain whose time is up hears the answer to what is in flight, begins no more, and says that work is left")
    func drainTimeUp() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.faults(#"[{"action": "slow", "seconds": 2, "match": {"operation": "create_item"}}]"#)
        let drain = try await bench.run(
            "ordersyncd",
            "drain",
            "--timeout",
            "1s",
            "--json",
            environment: ["ORDERSYNC_BATCH_ORDERS": "5"]
        )
        #expect(drain.status == 75, "\(drain)")
        let form = try JSONValue(drain.output)
        #expect([form["done"].integer, form["died"].integer, form["left"].integer] == [0, 0, 69], "\(drain)")
        #expect(form["inDoubt"].integer == 0, "\(drain)")
        // On a busy machine the time may be up before the first request.
        #expect([0, 5].contains(try await bench.board().items.count))
        try await bench.sandbox.faults("[]")
        expect(0, "69 orders done, 0 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 69)
    }

    @Test("a drain that is told to stop says that work is left")
    func stoppedDrain() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 6, "match": {"operation": "create_group"}, "times": 1}]"#
        )
        let drain = try bench.start("ordersyncd", "drain", "--json")
        try await self.expectInFlight("create_group", bench)
        drain.send(signal: SIGINT)
        let outcome = try #require(try await drain.wait(within: 90))
        #expect(outcome.status == 75, "\(outcome)")
        let form = try JSONValue(outcome.output)
        #expect([form["done"].integer, form["died"].integer, form["left"].integer] == [0, 0, 69], "\(outcome)")
    }

    @Test("the log says when the daemon works, what each batch came to, and that it ended in good order")
    func log() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let service = try Service(bench)
        try await service.expectItems(69, on: bench)
        try await service.expectStatus("idle: 0 in work, 0 ready")
        let log = try #require(try await service.stop()).error
        for words in [["ordersyncd works", bench.journal], ["a batch is over", "GREYSON"], ["ends in good order"]] {
            #expect(log.split(separator: "\n").contains { line in words.allSatisfy { line.contains($0) } }, "\(log)")
        }
        #expect(log.contains(/orders\.done[^0-9]+69/), "\(log)")
    }
}
