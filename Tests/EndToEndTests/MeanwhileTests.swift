import Foundation
import TestSupport
import Testing

/// What comes while the daemon is in the middle of an order's work.
@Suite(.serialized) struct MeanwhileTests {
    /// A bench with a few orders, and a drain that is about to wait long for the answer to a request of that operation.
    private func drainIn(_ operation: String) async throws -> (bench: Workbench, drain: Program) {
        let bench = try await Workbench(data: ["--no-known", "--rows", "2", "--customers", "1", "--sizes", "2"])
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 3, "match": {"operation": "\#(operation)"}, "times": 1}]"#
        )
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        let drain = try bench.start("ordersyncd", "drain")
        var kinds: [String] = []
        let isUnderWay = try await eventually {
            kinds = try bench.journal("SELECT kind FROM effect WHERE state = 'open'")
            return kinds.contains(operation)
        }
        #expect(isUnderWay, "\(kinds): \(drain.error)")
        return (bench, drain)
    }

    @Test(
        "a change that comes while its order is in flight waits behind it, and the board ends as the source is",
        arguments: ["create_item", "create_subitem"]
    )
    func change(operation: String) async throws {
        let (bench, drain) = try await self.drainIn(operation)
        try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'OSLO', [M] = 4711")
        expect(0, "2 jobs enqueued", of: try await bench.run("ordersync-enqueue", "--all"))
        #expect(
            try bench.journal("SELECT state FROM job ORDER BY state") == ["running", "running", "waiting", "waiting"]
        )
        expect(0, "4 orders done, 0 died, 0 left", of: await drain.wait())
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["done0"])
        let board = try await bench.board()
        #expect(board.items.count == 2 && board.duplicateKeys.isEmpty)
        #expect(board.items.allSatisfy { $0.columns["text_mkr5kbc6"] == "OSLO" && $0.subitems["M"] == "4711" })
        #expect(board.items.allSatisfy { $0.subitemCount == $0.subitems.count })
        #expect(try bench.warehouse("SELECT DISTINCT [DESTINATION] FROM MON_CustMasterSchedule") == ["OSLO"])
    }

    @Test("a dead job that is replayed during a drain goes through in it, and one in flight can't be touched")
    func replay() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "2", "--customers", "2", "--sizes", "1"])
        let style = try #require(try bench.warehouse("SELECT min([CUSTOMER STYLE]) FROM ORDERS_UNIFIED").first)
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "create_item", "value": "\#(style)"}}]"#
        )
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        expect(1, of: try await bench.run("ordersyncd", "drain"))
        let dead = try #require(try bench.journal("SELECT id FROM job WHERE state = 'dead'").first)
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 3, "match": {"operation": "change_multiple_column_values"}, "times": 1}]"#
        )
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'OSLO' WHERE [CUSTOMER STYLE] <> '\(style)'"
        )
        expect(0, "1 job enqueued", of: try await bench.run("ordersync-enqueue", "--all"))
        let drain = try bench.start("ordersyncd", "drain")
        var running: [String] = []
        _ = try await eventually {
            running = try bench.journal(
                "SELECT job.id FROM job JOIN effect_target ON job_id = job.id WHERE state = 'running' AND outcome IS NULL"
            )
            return !running.isEmpty
        }
        let busy = try #require(running.first, "\(drain.error)")
        for command in ["retry", "discard", "hold"] {
            let refused = try await bench.run("ordersync-replay", command, busy, "--reason", "x")
            expect(1, "job \(busy) refused", of: refused)
        }
        expect(0, "1 job ready again", of: try await bench.run("ordersync-replay", "retry", dead))
        expect(0, "2 orders done, 0 died, 0 left", of: await drain.wait())
        #expect(try await bench.board().items.count == 2)
        #expect(
            try bench.warehouse("SELECT count(*) FROM ERR_MON_CustMasterSchedule WHERE resolved_by IS NULL") == ["0"]
        )
    }
}
