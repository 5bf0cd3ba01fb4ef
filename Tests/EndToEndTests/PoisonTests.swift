import Foundation
import TestSupport
import Testing

/// One bad order in a batch of many: it dies alone, in a bounded number of tries, and the others go through.
@Suite(.serialized) struct PoisonTests {
    private static let errors = "ERR_MON_CustMasterSchedule"

    private func victim(_ bench: Workbench) throws -> String {
        try #require(
            try bench.warehouse("SELECT min([AAG ORDER NUMBER]) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755'").first
        )
    }

    /// All but one have come through, and the one was alone in its last request.
    private func expectAlone(_ bench: Workbench, tries: Int, _ location: SourceLocation = #_sourceLocation) throws {
        #expect(
            try bench.journal("SELECT errors FROM job WHERE state = 'dead'") == ["\(tries)"],
            sourceLocation: location
        )
        #expect(
            try bench.journal(
                """
                SELECT count(*) FROM effect_target WHERE effect_id = (
                    SELECT max(effect_id) FROM effect_target JOIN job ON job.id = job_id WHERE state = 'dead')
                """
            ) == ["1"],
            sourceLocation: location
        )
        #expect(
            try bench.journal("SELECT count(*) FROM effect WHERE state <> 'settled'") == ["0"],
            sourceLocation: location
        )
    }

    @Test(
        "an order that makes Monday.com answer 500 every time is bisected out of its batch and dies; the others go through",
        arguments: [
            // The whole request, a 500 inside an answer of 200, and an error at the one alias beside 24 successes.
            (#""action": "poison""#, "500", 4), (#""action": "internal_error_in_200""#, "200", 4),
            (#""action": "alias_error", "message": "Internal server error""#, "200", 0),
        ]
    )
    func item(action: String, status: String, most: Int) async throws {
        let bench = try await Workbench(monday: ["idempotency_window: 0s"])
        let number = try self.victim(bench)
        try await bench.sandbox.faults(#"[{\#(action), "match": {"operation": "create_item", "value": "\#(number)"}}]"#)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(1, "68 orders done, 1 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        let board = try await bench.board()
        #expect(board.items.count == 68 && board.duplicateKeys.isEmpty)
        try self.expectAlone(bench, tries: 8)
        // Who was in a request with it has come through by the time that it was alone.
        let errors = try bench.journal("SELECT max(errors) FROM job WHERE state = 'done'")
        #expect(errors.compactMap(Int.init).allSatisfy { $0 <= most }, "\(errors)")
        #expect(
            try bench.warehouse(
                """
                SELECT order_number || ' ' || http_status_code || ' ' || retry_count || ' ' || max_retries_reached
                FROM \(Self.errors)
                """
            ) == ["\(number) \(status) 8 1"]
        )
    }

    @Test(
        "a size that makes Monday.com answer 500 every time is bisected out as well",
        arguments: [(#""action": "poison""#, "500"), (#""action": "internal_error_in_200""#, "200")]
    )
    func subitem(action: String, status: String) async throws {
        let bench = try await Workbench(monday: ["idempotency_window: 0s"])
        let number = try self.victim(bench)
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET [M] = 47110815 WHERE [AAG ORDER NUMBER] = '\(number)' AND [PO NUMBER] = '4755'"
        )
        try await bench.sandbox.faults(
            #"[{\#(action), "match": {"operation": "create_subitem", "value": "47110815"}}]"#
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(1, "68 orders done, 1 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 69)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["68"])
        try self.expectAlone(bench, tries: 8)
        let errors = try bench.journal("SELECT max(errors) FROM job WHERE state = 'done'")
        #expect(errors.compactMap(Int.init).allSatisfy { $0 <= 3 }, "\(errors)")
        #expect(
            try bench.warehouse(
                """
                SELECT order_number || ' ' || size_label || ' ' || order_qty || ' ' || http_status_code || ' '
                    || max_retries_reached
                FROM \(Self.errors)_Subitems
                """
            ) == ["\(number) M 47110815 \(status) 1"]
        )
        // Once the cause is gone a person brings it back, and no other subitem is made again.
        try await bench.sandbox.faults("[]")
        expect(0, of: try await bench.run("ordersync-replay", "retry", "--all", "--reason", "cured"))
        expect(0, "1 order done", of: try await bench.run("ordersyncd", "drain"))
        let board = try await bench.board()
        #expect(board.items.allSatisfy { $0.subitemCount == $0.subitems.count })
        #expect(
            try bench.warehouse("SELECT sum([Order Qty]) FROM MON_CustMasterSchedule_Subitems") == ["\(board.quantity)"]
        )
    }

    @Test("a bad label, a text that is too long and a request refused as a whole take no other order with them")
    func refused() async throws {
        let bench = try await Workbench()
        let numbers = try bench.warehouse(
            "SELECT DISTINCT [AAG ORDER NUMBER] FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' ORDER BY 1 LIMIT 3"
        )
        // A title of more than 255 characters is refused by Monday.com at its alias; what is too long for a column of ours is
        // refused by the run.
        try await bench.sandbox.faults(
            """
            [{"action": "poison", "kind": "max_complexity", "match": {"operation": "create_item", "value": "\(numbers[2])"}},
             {"action": "label_error", "match": {"operation": "create_item", "value": "\(numbers[0])"}}]
            """
        )
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [ALIAS/RELATED ITEM] = hex(randomblob(400))
            WHERE [AAG ORDER NUMBER] = '\(numbers[1])' AND [PO NUMBER] = '4755'
            """
        )
        let enqueued = try await bench.enqueueKnownOrder()
        expect(0, "rejected   1", of: enqueued)
        expect(1, "66 orders done, 2 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        let board = try await bench.board()
        #expect(board.items.count == 66 && board.duplicateKeys.isEmpty)
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job ORDER BY 1") == ["dead1", "done0"])
        let codes = try bench.warehouse("SELECT error_message FROM \(Self.errors) ORDER BY order_number")
            .map { $0.split(separator: ":").first.map(String.init) ?? "" }
        #expect(codes.count == 3 && codes[0] == "MISSING_LABEL" && codes[2] == "REQUEST_TOO_COMPLEX", "\(codes)")
    }

    @Test("six SIGKILLs inside one batch of 500 make no job dead, and all come through")
    func kills() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "500", "--customers", "1", "--sizes", "1"])
        // Nobody answers: no start of the daemon gets on, which is the worst case.
        try await bench.sandbox.faults(#"[{"action": "stall_before", "seconds": 60}]"#)
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        for kill in 1...6 {
            let daemon = try bench.start("ordersyncd", "drain")
            var running = 0
            _ = try await eventually {
                // What its predecessor left running is not its own.
                let sql = "SELECT count(*) FROM job WHERE state = 'running' AND owner_epoch = \(kill)"
                running = Int(try bench.journal(sql).first ?? "") ?? 0
                return running > 0
            }
            #expect(kill > 1 || running == 500)
            #expect(running > 0, "kill \(kill): \(daemon.error)")
            daemon.send(signal: SIGKILL)
            _ = await daemon.wait()
        }
        // After three of them the jobs ran one at a time, so that one which kills the daemon would be found.
        #expect(try bench.journal("SELECT group_concat(solo) FROM epoch") == ["0,0,0,1,1,1"])
        try await bench.sandbox.faults("[]")
        expect(0, " 0 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        #expect(try bench.journal("SELECT state || count(*) FROM job GROUP BY state") == ["done500"])
        #expect(try bench.warehouse("SELECT count(*) FROM \(Self.errors)") == ["0"])
        let board = try await bench.board()
        #expect(board.items.count == 500 && board.duplicateKeys.isEmpty && board.subitemCount == 500)
    }
}
