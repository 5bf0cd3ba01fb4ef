import Foundation
import Orders
import TestSupport
import Testing

@testable import Warehouse

/// Staging and promotion send as many statements for many orders as for few: on a network each costs the way there and back.
@Suite struct RoundTripTests {
    /// What work on a number of orders costs.
    private struct Cost: Hashable {
        var staging = 0
        var promotion = 0
    }

    private static func cost(
        _ count: Int,
        _ test: TestWarehouse,
        _ warehouse: Warehouse,
        adopting: Bool = false,
        by counter: () async throws -> Int
    ) async throws -> Cost {
        let batch = UUID()
        let orders = (1...count).map { test.staged(count * 1000 + $0) }
        func item(_ index: Int) -> Int64 { Int64(count) * 1_000_000 + Int64(index) * 10 }
        if adopting {
            // The predecessor's rows of these items, and of one of their sizes each.
            for index in orders.indices {
                try test.execute(
                    #"INSERT INTO "MON_CustMasterSchedule" ("Title", "Item ID") VALUES ('OLD', \#(item(index)))"#,
                    #"INSERT INTO "MON_CustMasterSchedule_Subitems" ("subitem_id", "Cut Qty") VALUES ('\#(item(index) + 1)', '2')"#
                )
            }
        }
        try await warehouse.openBatch(test.opening(batch))
        var cost = Cost()
        var before = try await counter()
        #expect(try await warehouse.stage(batch: batch, customerBatch: "c", orders: orders) == [:])
        cost.staging = try await counter() - before
        let promoted = orders.enumerated().map { test.promoted($1, item: item($0)) }
        before = try await counter()
        try await warehouse.promote(batch: batch, orders: promoted, claim: TestWarehouse.claim)
        cost.promotion = try await counter() - before
        let all = "FROM MON_CustMasterSchedule WHERE \"Item ID\" >= \(item(0)) AND \"Item ID\" < \(item(count))"
        #expect(try test.rows("SELECT COUNT(*), COUNT(order_key) \(all)") == [["\(count)", "\(count)"]])
        if adopting {
            // Their rows were updated, and none made beside them.
            let sizes = "FROM MON_CustMasterSchedule_Subitems WHERE CAST(subitem_id AS BIGINT) >= \(item(0))"
            let kept = try test.rows("SELECT COUNT(*), COUNT(order_key), COUNT(\"Cut Qty\") \(sizes)")
            #expect(kept == [["\(count * 2)", "\(count * 2)", "\(count)"]])
        }
        return cost
    }

    @Test(
        "many orders cost as many statements as few, rows that the predecessor left of them or not",
        .everyBackend,
        arguments: [false, true]
    )
    func statements(adopting: Bool) async throws {
        let test = try await TestWarehouse()
        let warehouse = test.warehouse
        // The first work on a connection is no measure.
        _ = try await Self.cost(1, test, warehouse) { await warehouse.statements }
        let few = try await Self.cost(3, test, warehouse, adopting: adopting) { await warehouse.statements }
        let many = try await Self.cost(90, test, warehouse, adopting: adopting) { await warehouse.statements }
        print("statements of 3 orders: \(few), of 90: \(many)")
        #expect(many == few)
    }

    @Test(
        "on the wire it is the same",
        .enabled(if: Backend.server != nil, "needs ORDERSYNC_TEST_SQLSERVER"),
        .onServer
    )
    func roundTrips() async throws {
        let test = try await TestWarehouse()
        let proxy = try await CuttingProxy(to: test.settings.connection.reveal())
        var settings = test.settings
        settings.connection = Secret(proxy.connectionString)
        let warehouse = Warehouse(settings: settings, fieldMap: test.fieldMap, now: { 0 })
        _ = try await Self.cost(1, test, warehouse) { try proxy.roundTrips() }
        let few = try await Self.cost(3, test, warehouse) { try proxy.roundTrips() }
        let many = try await Self.cost(90, test, warehouse) { try proxy.roundTrips() }
        print("round trips of 3 orders: \(few), of 90: \(many)")
        // Far from one an order, with a few for what is too long for one packet.
        #expect(many.staging <= few.staging + 10 && many.promotion <= few.promotion + 10)
        await warehouse.reset()
    }
}
