import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct ScopedRunTests {
    private static let first =
        "(SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' AND [TOTAL QTY] > 0 LIMIT 1)"

    private func counts(_ outcome: Program.Outcome) throws -> [Int?] {
        let report = try JSONValue(outcome.output)
        return ["new", "changed", "unchanged", "gone"].map { report[$0].integer }
    }

    @Test(
        "an order whose purchase order was corrected is found outside of the filter: it has moved, and is not gone",
        arguments: [[], ["--reload"]]
    )
    func moved(reload: [String]) async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await bench.change("UPDATE ORDERS_UNIFIED SET [PO NUMBER] = '4799' WHERE rowid = \(Self.first)")
        if !reload.isEmpty { try await bench.generate(reload) }

        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--json")
        #expect(try self.counts(run) == [0, 1, 68, 0], "\(run)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let board = try await bench.board()
        #expect(board.items.count == 69)
        #expect(board.items.count { $0.columns["text_mkr5ej2x"] == "4799" } == 1)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule WHERE [PO NUMBER] = '4799'") == ["1"])

        let again = try await bench.run("ordersync-enqueue", "--po", "4755", "--json")
        #expect(try self.counts(again) == [0, 0, 68, 0], "it belongs to another purchase order now: \(again)")
    }

    @Test("an order that is nowhere in the source is gone, and the board keeps it")
    func gone() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await bench.change("DELETE FROM ORDERS_UNIFIED WHERE rowid = \(Self.first)")
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--json")
        #expect(try self.counts(run) == [0, 0, 68, 1], "\(run)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.board().items.count == 69)
    }

    @Test("a rejected row's error is resolved by the run that finds it corrected, be it of one purchase order only")
    func corrected() async throws {
        let bench = try await Workbench()
        let price = "UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = %s WHERE rowid = \(Self.first)"
        try await bench.change(price.replacing("%s", with: "'much'"))
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--json")
        #expect(try JSONValue(run.output)["rejected"].integer == 1, "\(run)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let resolved = "SELECT resolved_by FROM ERR_MON_CustMasterSchedule"
        #expect(try bench.warehouse(resolved) == ["NULL"])

        try await bench.change(price.replacing("%s", with: "28.86"))
        #expect(try self.counts(try await bench.run("ordersync-enqueue", "--po", "4755", "--json")) == [1, 0, 68, 0])
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try bench.warehouse(resolved) == ["source corrected"])
    }

    @Test("a limited run enqueues no more than it may, and tells of no gone orders")
    func limited() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.change("DELETE FROM ORDERS_UNIFIED WHERE rowid = \(Self.first)")
        try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'ROTTERDAM' WHERE [PO NUMBER] = '4755'")
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--limit", "3", "--json")
        let report = try JSONValue(run.output)
        #expect(try self.counts(run) == [0, 68, 0, 0], "\(run)")
        #expect(report["enqueued"].integer == 3)
        #expect(report["complete"].integer == 0)
    }
}
