import Foundation
import TestSupport
import Testing

/// What is in doubt is settled call by call, whatever else its request held.
@Suite(.serialized) struct DoubtTests {
    private static let scope = ["--customer", "GREYSON CLOTHIERS", "--po", "4755"]

    private func sync(_ bench: Workbench) async throws {
        #expect(try await bench.enqueueKnownOrder().status == 0)
        var drained = try await bench.run("ordersyncd", "drain")
        for _ in 0..<4 where drained.status == 75 { drained = try await bench.run("ordersyncd", "drain") }
        #expect(drained.status == 0, "\(drained)")
    }

    @Test("an item made in one request with changes of others is looked up before it is made again")
    func itemAmongChanges() async throws {
        let bench = try await Workbench()
        try await self.sync(bench)
        try await bench.generate(["--change", "notes=5", "--change", "add=5"] + Self.scope)
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "cache": false, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        try await self.sync(bench)
        let board = try await bench.board()
        #expect(board.items.count == 74)
        #expect(board.duplicateKeys.isEmpty)
    }

    @Test("a subitem made in one request with changes of others is looked up before it is made again")
    func subitemAmongChanges() async throws {
        let bench = try await Workbench()
        try await self.sync(bench)
        try await bench.generate(["--change", "quantity=30", "--change", "size-new=30"] + Self.scope)
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "cache": false, "match": {"operation": "create_subitem"}, "times": 4}]"#
        )
        try await self.sync(bench)
        let board = try await bench.board()
        #expect(board.items.allSatisfy { $0.subitemCount == $0.subitems.count }, "no size has two subitems")
        #expect(
            try bench.warehouse("SELECT sum([TOTAL QTY]) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755'") == [
                "\(board.quantity)"
            ]
        )
    }

    @Test("a group that was made by sending its request again is not made once more")
    func groupSentAgain() async throws {
        let bench = try await Workbench()
        try await bench.sandbox.faults(
            #"[{"action": "reset_before", "match": {"operation": "create_group"}, "times": 1}]"#
        )
        try await self.sync(bench)
        #expect(try await bench.board().groups.filter { $0 == "GREYSON CLOTHIERS 2025 FALL" }.count == 1)
    }

    @Test("a label that may be being created behind a lost answer is brought by no other request meanwhile")
    func labelBehindLostAnswer() async throws {
        let bench = try await Workbench()
        try await bench.sandbox.faults(
            #"[{"action": "late_commit", "commit_after": 0.9, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        try await self.sync(bench)
        try await self.expectFirstAlone(bench)
    }

    @Test("a label that may be being created when the daemon is killed is brought by no other request of the next one")
    func labelBehindKilledDaemon() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.faults(
            #"[{"action": "late_commit", "commit_after": 14, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        let patient = ["ORDERSYNC_MONDAY_EXECUTION_LIMIT": "15s"]
        try await self.killDrain(bench, patient)
        let next = try bench.start("ordersyncd", "drain", environment: patient)
        #expect(try await eventually { try bench.journal("SELECT count(*) FROM epoch") == ["2"] }, "\(next.error)")
        try #require(try await bench.board().items.isEmpty, "too slow to try it")
        expect(0, "69 orders done, 0 died, 0 left", of: await next.wait())
        try await self.expectFirstAlone(bench)
    }

    @Test("a request is not sent again while another may be making a label that it brings")
    func labelBehindOtherRequest() async throws {
        let bench = try await Workbench()
        expect(0, of: try await bench.run("ordersync-enqueue", Self.scope + ["--limit", "1"]))
        try await bench.sandbox.faults(
            """
            [{"action": "internal_error", "match": {"operation": "create_item"}, "times": 1},
             {"action": "late_commit", "commit_after": 7.5, "match": {"operation": "create_item"}, "times": 1}]
            """
        )
        let drain = try bench.start("ordersyncd", "drain", environment: ["ORDERSYNC_MONDAY_EXECUTION_LIMIT": "8s"])
        #expect(try await bench.meetsFault(), "\(drain.error)")
        // So Monday.com is at work on the second still when the first one's time comes.
        try await Task.sleep(for: .seconds(3))
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(0, "69 orders done, 0 died, 0 left", of: await drain.wait())
        try await self.expectFirstAlone(bench)
    }

    @Test(
        "a request in doubt holds up no other order whose labels the board has, whether its daemon was killed or not",
        arguments: [true, false]
    )
    func knownLabels(isKilled: Bool) async throws {
        let bench = try await Workbench()
        try await self.sync(bench)
        try await bench.change("UPDATE ORDERS_UNIFIED SET [M] = 7 WHERE [PO NUMBER] = '4755' AND coalesce([M], 0) = 0")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "match": {"operation": "create_subitem"}, "times": 1}]"#
        )
        let patient = ["ORDERSYNC_MONDAY_EXECUTION_LIMIT": "1h"]
        if isKilled { try await self.killDrain(bench, patient) }
        let drain = try bench.start("ordersyncd", "drain", environment: patient)
        let going = "SELECT count(*) FROM job WHERE finished_ms IS NULL AND state <> 'in_doubt'"
        #expect(try await eventually { try bench.journal(going) == ["0"] }, "\(drain.error)")
        drain.send(signal: SIGINT)
        _ = await drain.wait()
        let states = try bench.journal("SELECT state FROM job WHERE id % 1000000000 > 69")
        #expect(Set(states) == ["done", "in_doubt"], "\(states)")
    }

    /// Expects that no item was made before those of the first request to make some, since all bring the season, which
    /// the board lacked.
    private func expectFirstAlone(_ bench: Workbench) async throws {
        let made = try await bench.sandbox.log().filter { $0["operation"].string == "create_item" }
        let requests = made.compactMap { $0["request"].integer }
        #expect(requests.count == 69 && requests.first == requests.min())
        #expect(try await bench.board().duplicateKeys.isEmpty)
    }

    /// Drains until the first fault of the board has struck, and kills the drain there.
    private func killDrain(_ bench: Workbench, _ environment: [String: String] = [:]) async throws {
        let daemon = try bench.start("ordersyncd", "drain", environment: environment)
        #expect(try await bench.meetsFault(), "\(daemon.error)")
        daemon.send(signal: SIGKILL)
        _ = await daemon.wait()
    }

    @Test("a request that is lost, and lost again when it is sent once more, is waited for by a drain")
    func lostTwice() async throws {
        let bench = try await Workbench()
        expect(0, of: try await bench.run("ordersync-enqueue", Self.scope + ["--limit", "1"]))
        try await bench.sandbox.faults(
            #"[{"action": "reset_before", "match": {"operation": "create_item"}, "times": 2}]"#
        )
        expect(0, "1 order done, 0 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 1)
    }

    @Test(
        "a change that was made behind a lost answer is undone by a newer snapshot with the old value",
        arguments: [
            #"{"operation": "move_item_to_group"}"#,
            #"{"operation": "change_multiple_column_values", "value": "numeric_mkra7j8e"}"#,
        ]
    )
    func backToTheOldValue(match: String) async throws {
        let bench = try await Workbench(monday: ["idempotency_window: 0s"])
        try await self.sync(bench)
        let before = try await bench.board()
        let victim = "rowid = (SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' AND [M] > 0 LIMIT 1)"
        try await bench.change("UPDATE ORDERS_UNIFIED SET [M] = [M] + 1000, [AAG SEASON] = '2031 FALL' WHERE \(victim)")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.faults(#"[{"action": "lose_answer", "match": \#(match), "times": 1}]"#)
        try await self.killDrain(bench)

        try await bench.change("UPDATE ORDERS_UNIFIED SET [M] = [M] - 1000, [AAG SEASON] = '2025 FALL' WHERE \(victim)")
        try await self.sync(bench)
        let after = try await bench.board()
        #expect(after.quantity == before.quantity)
        #expect(after.items(in: "GREYSON CLOTHIERS 2025 FALL").count == 69)
    }

    @Test("nothing is sent for an item while Monday.com may still be at work on it behind a lost answer")
    func overlap() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "3", "--sizes", "20"])
        try await bench.sandbox.faults(
            """
            [{"action": "late_commit", "commit_after": 0.7, "match": {"operation": "create_subitem"}, "times": 2}]
            """
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        #expect(try await bench.sandbox.state()["counts"]["requests_that_shared_an_item"].integer == 0)
        #expect(try await bench.board().subitemCount == 60)
    }
}
