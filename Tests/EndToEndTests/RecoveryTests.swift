import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct RecoveryTests {
    /// Drains until nothing is left, at most so many times.
    private func drain(_ bench: Workbench, times: Int = 5) async throws -> Program.Outcome {
        var outcome = try await bench.run("ordersyncd", "drain")
        for _ in 1..<times where outcome.status == 75 { outcome = try await bench.run("ordersyncd", "drain") }
        return outcome
    }

    private func expectWhole(_ bench: Workbench) async throws {
        let board = try await bench.board()
        #expect(board.items.count == 69)
        #expect(board.subitemCount == 264)
        #expect(board.duplicateKeys.isEmpty)
        #expect(board.groups.filter { $0 == "GREYSON CLOTHIERS 2025 FALL" }.count == 1)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule_Subitems") == ["264"])
    }

    @Test(
        "whatever answer is lost, nothing is lost and nothing is made twice",
        arguments: [
            #"[{"action": "lose_answer", "match": {"operation": "create_group"}, "times": 1}]"#,
            #"[{"action": "lose_answer", "match": {"operation": "create_item"}, "times": 2}]"#,
            #"[{"action": "lose_answer", "match": {"operation": "create_subitem"}, "times": 2}]"#,
            #"[{"action": "not_cached", "match": {"operation": "create_item"}}, {"action": "lose_answer", "match": {"operation": "create_item"}, "times": 1}]"#,
            #"[{"action": "reset_before", "match": {"operation": "create_item"}, "times": 1}]"#,
            #"[{"action": "cut_body", "match": {"operation": "create_item"}, "times": 1}]"#,
            #"[{"action": "internal_error_in_200", "match": {"operation": "create_subitem"}, "times": 1}]"#,
            #"[{"action": "null_alias", "match": {"operation": "create_item"}, "times": 1}]"#,
            #"[{"action": "throttle", "retry_after": 1, "match": {"operation": "create_item"}, "times": 2}]"#,
            #"[{"action": "locked", "match": {"operation": "create_subitem"}, "times": 2}]"#,
        ]
    )
    func lostAnswers(faults: String) async throws {
        let bench = try await Workbench()
        try await bench.sandbox.faults(faults)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await self.drain(bench)
        #expect(drained.status == 0, "\(drained)")
        try await self.expectWhole(bench)
    }

    @Test("a daemon killed again and again loses nothing and makes nothing twice")
    func kills() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for delay in [60, 90, 130, 180, 250, 350, 500] {
            let daemon = try bench.start("ordersyncd", "drain")
            try await Task.sleep(for: .milliseconds(delay))
            daemon.send(signal: SIGKILL)
            _ = await daemon.wait()
        }
        let drained = try await self.drain(bench)
        #expect(drained.status == 0, "\(drained)")
        try await self.expectWhole(bench)
    }

    @Test("one order that Monday refuses dies alone, with its error row; a replay after the cure brings it through")
    func poison() async throws {
        let bench = try await Workbench()
        let victim = try #require(
            try bench.warehouse(
                "SELECT [AAG ORDER NUMBER] FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' ORDER BY 1 LIMIT 1"
            ).first
        )
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "create_item", "value": "\#(victim)"}}]"#
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await self.drain(bench)
        #expect(drained.status == 1, "\(drained)")
        #expect(try await bench.board().items.count == 68)
        #expect(
            try bench.warehouse(
                """
                SELECT order_number || ' ' || error_type || ' ' || (error_message <> '') || ' ' || (original_data LIKE '{%')
                FROM ERR_MON_CustMasterSchedule WHERE resolved_date IS NULL
                """
            ) == ["\(victim) ITEM_CREATION_ERROR 1 1"]
        )
        try await bench.sandbox.faults("[]")
        let replayed = try await bench.run("ordersync-replay", "retry", "--customer", "GREYSON CLOTHIERS", "--yes")
        #expect(replayed.status == 0, "\(replayed)")
        #expect(try await self.drain(bench).status == 0)
        try await self.expectWhole(bench)
        #expect(
            try bench.warehouse(
                "SELECT count(*) FROM ERR_MON_CustMasterSchedule WHERE resolved_date IS NOT NULL AND resolved_by <> ''"
            ) == ["1"]
        )
    }
}
