import Foundation
import TestSupport
import Testing

/// What one refused order, or one refused row, does to the others: nothing.
@Suite(.serialized) struct RefusalTests {
    @Test("an order that the production table refuses dies alone, and says why")
    func promotion() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let number = try #require(
            try bench.warehouse("SELECT min([AAG ORDER NUMBER]) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755'").first
        )
        try await bench.change(
            """
            CREATE TRIGGER refusal BEFORE INSERT ON MON_CustMasterSchedule WHEN NEW.[AAG ORDER NUMBER] = '\(number)'
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """
        )
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 1, "\(drained)")
        #expect(drained.output.contains("68 orders done, 1 died, 0 left"))
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["68"])
        let message = try bench.warehouse("SELECT error_message FROM ERR_MON_CustMasterSchedule")
        #expect(message.count == 1)
        #expect(message.first?.contains("not this one") == true)

        try await bench.change("DROP TRIGGER refusal")
        #expect(try await bench.run("ordersync-replay", "retry", "--all", "--reason", "mended").status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
        #expect(try await bench.board().items.count == 69)
    }

    @Test("an error row that the warehouse refuses does not keep the others from being written")
    func errorRow() async throws {
        let bench = try await Workbench(data: ["--bad"])
        #expect(try await bench.run("ordersync-enqueue", "--po", "BAD-1").status == 0)
        try await bench.change(
            """
            CREATE TRIGGER refusal BEFORE INSERT ON ERR_MON_CustMasterSchedule
            WHEN NEW.error_key = 'reject:' || 1 || ':' || 1
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """
        )
        _ = try await bench.run("ordersyncd", "drain")
        let rejects = try #require(Int(try bench.journal("SELECT CAST(count(*) AS TEXT) FROM error_row").first ?? ""))
        #expect(rejects > 1)
        #expect(try bench.warehouse("SELECT count(*) FROM ERR_MON_CustMasterSchedule") == [String(rejects - 1)])
    }

    @Test("a board that may not be read for a while kills no order, whatever Monday.com calls it")
    func board() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.faults(
            #"[{"action": "throttle", "kind": "max_complexity", "match": {"operation": "boards"}}]"#
        )
        let drained = try await bench.run("ordersyncd", "drain", "--timeout", "3s")
        #expect(drained.status != 0)
        #expect(try bench.journal("SELECT count(*) FROM job WHERE state = 'dead'") == ["0"], "\(drained)")
        try await bench.sandbox.faults("[]")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.board().items.count == 69)
    }
}
