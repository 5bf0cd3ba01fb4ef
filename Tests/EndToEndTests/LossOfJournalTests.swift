import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct LossOfJournalTests {
    @Test("after the journal was lost, the same orders are found on the board again: nothing is made twice")
    func lostJournal() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.board()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: bench.journal + suffix) }

        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        let after = try await bench.board()
        #expect(after.items.map(\.id).sorted() == before.items.map(\.id).sorted())
        #expect(after.subitemCount == 264)
        #expect(after.groups == before.groups)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule_Subitems") == ["264"])
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
