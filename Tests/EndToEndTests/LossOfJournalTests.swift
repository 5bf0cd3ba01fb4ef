import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct LossOfJournalTests {
    /// Every known order is on the board and in production, once.
    private func expectWhole(_ bench: Workbench, _ location: SourceLocation = #_sourceLocation) async throws {
        let board = try await bench.board()
        #expect(board.items.count == 69, sourceLocation: location)
        #expect(board.subitemCount == 264, sourceLocation: location)
        #expect(board.duplicateKeys.isEmpty, sourceLocation: location)
        let production = try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule")
        #expect(production == ["69"], sourceLocation: location)
    }

    /// Neither program creates anything, and both say what to do.
    private func expectRefusal(
        _ bench: Workbench,
        _ words: String,
        environment: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await bench.board().items.count
        let cure = "ordersync-enqueue --rebuild-ledger"
        let enqueued = try await bench.run("ordersync-enqueue", "--all", environment: environment)
        expect(65, words, cure, of: enqueued, location)
        let drained = try await bench.run("ordersyncd", "drain", environment: environment)
        expect(65, words, cure, of: drained, location)
        #expect(try await bench.board().items.count == before, sourceLocation: location)
    }

    @Test("after the journal was deleted nothing is created: enqueue and daemon refuse, and say what to do")
    func deleted() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        bench.deleteJournal()
        try await self.expectRefusal(bench, "this journal is empty")
        // To look is allowed.
        let looked = try await bench.run("ordersync-enqueue", "--all", "--dry-run")
        expect(0, "this journal is empty", of: looked)
        // The service stays up and says so, and ends in good order.
        let service = try Service(bench)
        try await service.expectReady()
        try await service.expectStatus("paused (JOURNAL_LOST: ", "ordersync-enqueue --rebuild-ledger")
        try await service.stop()
        try await self.expectWhole(bench)
    }

    @Test("a backup that was put back is noticed, before and after a start of the daemon has made it look newer")
    func restored() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let backup = try bench.copyJournal("backup")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try bench.restoreJournal(backup)
        let first = try await bench.enqueueKnownOrder()
        expect(65, "older than what it did", "--rebuild-ledger", of: first)
        try await self.expectRefusal(bench, "ournal")
        try await self.expectWhole(bench)
    }

    @Test("of two copies of a machine the second is noticed before it creates anything, and stays so")
    func copied() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let copy = ["ORDERSYNC_JOURNAL_PATH": try bench.copyJournal("copy")]
        // Both daemons have started when the first of them works.
        let service = try Service(
            bench,
            environment: copy.merging(["ORDERSYNC_MONDAY_ENDPOINT": "http://127.0.0.1:1/v2"]) { $1 }
        )
        try await service.expectReady()
        try await service.expectStatus("paused (TRANSPORT_")
        let drained = try await bench.run("ordersyncd", "drain")
        expect(65, "another copy of this journal", "--rebuild-ledger", of: drained)
        #expect(try await bench.board().items.isEmpty)
        try await service.stop()
        // The one that wrote first goes on.
        #expect(try await bench.run("ordersyncd", "drain", environment: copy).status == 0)
        try await self.expectWhole(bench)
        try await self.expectRefusal(bench, "ournal")
    }

    @Test("neither a first run, a new warehouse, nor a kill in any place is taken for a loss")
    func noFalseAlarm() async throws {
        let bench = try await Workbench()
        // A daemon that starts before there is any order.
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for delay in [40, 80, 120, 160, 220, 300] {
            let daemon = try bench.start("ordersyncd", "drain")
            try await Task.sleep(for: .milliseconds(delay))
            daemon.send(signal: SIGKILL)
            _ = await daemon.wait()
            #expect(try await bench.enqueueKnownOrder().status == 0)
        }
        var drained = try await bench.run("ordersyncd", "drain")
        for _ in 0..<4 where drained.status == 75 { drained = try await bench.run("ordersyncd", "drain") }
        #expect(drained.status == 0, "\(drained)")
        try await self.expectWhole(bench)
        // Another warehouse beside the same journal.
        try await bench.change("DELETE FROM ordersync_guard")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
    }

    @Test("an outage of Monday.com kills no order, however long it is: the drain gives up, and the next one goes on")
    func outage() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        // Nothing listens on port 1.
        let refused = try await bench.run(
            "ordersyncd",
            "drain",
            environment: ["ORDERSYNC_MONDAY_ENDPOINT": "http://127.0.0.1:1/v2", "ORDERSYNC_RETRY_ATTEMPTS": "2"]
        )
        #expect(refused.status == 69, "\(refused)")
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        #expect(try await bench.board().items.count == 69)
    }
}
