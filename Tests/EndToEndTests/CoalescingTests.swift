import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct CoalescingTests {
    @Test("a hundred runs between two drains leave one job an order, which brings it to its last state")
    func hundredRuns() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let sent = try await bench.sandbox.log().count
        for number in 1...100 {
            try await bench.change(
                """
                UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'PORT \(number)'
                WHERE rowid IN (SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' LIMIT 3)
                """
            )
            #expect(try await bench.run("ordersync-enqueue", "--po", "4755", "--quiet").status == 0)
        }
        let unfinished = "SELECT count(*) FROM job WHERE finished_ms IS NULL"
        #expect(try bench.journal(unfinished) == ["3"])
        #expect(try bench.journal("SELECT count(*) FROM job WHERE state = 'superseded'") == ["297"])
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let board = try await bench.board()
        #expect(board.items.count { $0.columns["text_mkr5kbc6"] == "PORT 100" } == 3)
        #expect(board.items.count == 69)
        let mutations = try await bench.sandbox.log().count - sent
        #expect(mutations <= 3, "each order was written once, with all that had come together")
    }

    @Test("of two runs at once one waits for the other or gives way, and nothing is enqueued twice")
    func atOnce() async throws {
        let bench = try await Workbench(data: ["--rows", "3000", "--no-known"])
        let arguments = ["ordersync-enqueue", "--all", "--json"]
        let first = try bench.start(arguments[0], arguments[1], arguments[2])
        let second = try bench.start(arguments[0], arguments[1], arguments[2])
        let third = try bench.start(arguments[0], arguments[1], arguments[2], "--wait", "0s")
        let outcomes = [await first.wait(), await second.wait(), await third.wait()]
        #expect(outcomes[0].status == 0 && outcomes[1].status == 0, "\(outcomes)")
        #expect(outcomes[2].status == 75 || outcomes[2].status == 0, "\(outcomes[2])")
        var new = 0
        for outcome in outcomes where outcome.status == 0 { new += try JSONValue(outcome.output)["new"].integer ?? 0 }
        #expect(new == 3000)
        #expect(try bench.journal("SELECT count(*) FROM job") == ["3000"])
    }
}
