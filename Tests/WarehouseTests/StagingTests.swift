import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite(.everyBackend) struct StagingTests {
    let test: TestWarehouse
    let batch = UUID()

    init() async throws {
        self.test = try await TestWarehouse()
        try await self.test.warehouse.openBatch(self.test.opening(self.batch))
    }

    private func stage(_ orders: [StagedOrder]) async throws -> [OrderKey: Failure] {
        try await self.test.warehouse.stage(batch: self.batch, customerBatch: "GREYSON CLOTHIERS", orders: orders)
    }

    @Test("an order is staged with every value as it is, and its sizes under it")
    func values() async throws {
        let style = "It's 100 % — ÅÄÖ 😀 \"quoted\" [x] ?"
        let order = self.test.staged(
            1,
            [
                "STYLE DESCRIPTION": .text(style), "ORDER DATE PO RECEIVED": .date("2025-05-20"),
                "CUSTOMER PRICE": .number("28.86"), "HANDLING": .number("-3"), "NOTES": .text("a\nb"),
            ],
            itemID: 9_731_089_124_000_001
        )
        #expect(try await self.stage([order]) == [:])
        let rows = try self.test.rows(
            """
            SELECT "STYLE DESCRIPTION", "ORDER DATE PO RECEIVED", "CUSTOMER PRICE", "HANDLING", "NOTES", "RANGE / COLLECTION",
                "Title", "Group", "Item ID", stg_status, stg_customer_batch, change_type, stg_created_date, order_key
            FROM STG_MON_CustMasterSchedule
            """
        )
        #expect(
            rows == [
                [
                    style, "2025-05-20", "28.86", "-3.0", "a\nb", nil, "MSP NAVY GRE-1", "GREYSON CLOTHIERS 2025 FALL",
                    "9731089124000001", "PENDING", "GREYSON CLOTHIERS", "NEW", "2025-11-23 00:00:00.000",
                    order.orderKey.description,
                ]
            ]
        )
        let sizes = try self.test.rows(
            """
            SELECT s."Size", s."Order Qty", s.stg_order_qty_numeric, s.stg_source_order_number, s.stg_status, o."Title"
            FROM STG_MON_CustMasterSchedule_Subitems AS s JOIN STG_MON_CustMasterSchedule AS o ON o.stg_id = s.stg_parent_stg_id
            ORDER BY s.stg_subitem_id
            """
        )
        #expect(
            sizes == [
                ["S", "3", "3", "GRE-1", "PENDING", "MSP NAVY GRE-1"],
                ["30/32", "4", "4", "GRE-1", "PENDING", "MSP NAVY GRE-1"],
            ]
        )
        let status = try self.test.rows("SELECT status, staging_load_completed FROM MON_BatchProcessing")
        #expect(status == [["STAGING_LOADED", "2025-11-23 00:00:00.000"]])
    }

    @Test("staging the same orders again replaces them and leaves the others of the batch")
    func again() async throws {
        let orders = (1...30).map { self.test.staged($0) }
        _ = try await self.stage(orders)
        _ = try await self.stage([self.test.staged(1, ["PO NUMBER": .text("4755")], sizes: [])])
        #expect(try self.test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == ["30"])
        #expect(try self.test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule_Subitems") == ["58"])
        #expect(
            try self.test.column(#"SELECT "PO NUMBER" FROM STG_MON_CustMasterSchedule WHERE "PO NUMBER" IS NOT NULL"#)
                == ["4755"]
        )
    }

    @Test(
        "an order that the warehouse refuses is named, and the others are staged",
        arguments: [1, 2, 7, 64],
        BulkMethod.allCases
    )
    func poison(count: Int, method: BulkMethod) async throws {
        let test = try await TestWarehouse(bulk: method)
        try await test.warehouse.openBatch(test.opening(self.batch))
        try test.refuse("BAD", in: "PO NUMBER", of: "STG_MON_CustMasterSchedule", saying: "refused by a rule")
        let bad = [test.staged(0, ["PO NUMBER": .text("BAD")])]
        let good = (1...count).map { test.staged($0) }
        let refused = try await test.warehouse.stage(
            batch: self.batch,
            customerBatch: "GREYSON CLOTHIERS",
            orders: Array(good[..<(count / 2)] + bad + good[(count / 2)...])
        )
        #expect(Set(refused.keys) == [bad[0].orderKey])
        #expect(refused[bad[0].orderKey]?.class == .permanent)
        #expect(refused[bad[0].orderKey]?.message.contains("refused by a rule") == true)
        #expect(try test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == ["\(count)"])
        #expect(try test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule_Subitems") == ["\(count * 2)"])
    }

    @Test("an order whose size is refused is not staged without it")
    func poisonedSize() async throws {
        try self.test.refuse("BAD", in: "Size", of: "STG_MON_CustMasterSchedule_Subitems", saying: "no such size")
        let bad = self.test.staged(
            1,
            sizes: [SizeQuantity(label: "S", quantity: 1), SizeQuantity(label: "BAD", quantity: 1)]
        )
        #expect(try await self.stage([bad, self.test.staged(2)]).keys.map(\.self) == [bad.orderKey])
        #expect(try self.test.column("SELECT \"AAG ORDER NUMBER\" FROM STG_MON_CustMasterSchedule") == ["GRE-2"])
    }

    @Test("a text where the column holds numbers is refused with the column's name, not stored as null")
    func textInNumber() async throws {
        let bad = self.test.staged(1, ["FREIGHT": .text("collect")])
        let refused = try await self.stage([bad, self.test.staged(2)])
        #expect(refused[bad.orderKey]?.class == .permanent)
        #expect(refused[bad.orderKey]?.message.contains("FREIGHT") == true)
        #expect(try self.test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == ["1"])
    }

    @Test("a failure of the whole warehouse names no order, and nothing is staged")
    func wholesale() async throws {
        try self.test.execute("DROP TABLE STG_MON_CustMasterSchedule_Subitems")
        let failure = await #expect(throws: Failure.self) {
            try await self.stage([self.test.staged(1), self.test.staged(2)])
        }
        #expect(failure?.class == .systemic)
        #expect(try self.test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == ["0"])
    }

    @Test("results are written to the rows of orders and sizes, and writing them twice changes nothing")
    func results() async throws {
        let orders = [self.test.staged(1), self.test.staged(2)]
        _ = try await self.stage(orders)
        for _ in 1...2 {
            try await self.test.warehouse.recordResults(
                batch: self.batch,
                items: [
                    ItemResult(orderKey: orders[0].orderKey, itemID: 9_731_089_124),
                    ItemResult(orderKey: orders[1].orderKey, itemID: 9_731_089_125),
                ],
                subitems: [
                    SubitemResult(orderKey: orders[0].orderKey, size: "30/32", subitemID: 77, boardID: 9_200_771_505)
                ],
                failed: [
                    FailedOrder(
                        orderKey: orders[1].orderKey,
                        failure: Failure(.permanent, code: "ColumnValueException", message: "no label"),
                        size: "S"
                    )
                ]
            )
        }
        let rows = try self.test.rows(
            """
            SELECT stg_status, stg_monday_item_id, stg_error_message, stg_retry_count,
                CASE WHEN stg_processed_date IS NULL THEN 0 ELSE 1 END
            FROM STG_MON_CustMasterSchedule ORDER BY stg_id
            """
        )
        #expect(
            rows == [
                ["API_SUCCESS", "9731089124", nil, "0", "1"],
                ["API_FAILED", "9731089125", "ColumnValueException: no label", "1", "1"],
            ]
        )
        let sizes = try self.test.rows(
            """
            SELECT "Size", stg_status, parent_item_id, subitem_id, subitem_board_id, stg_monday_subitem_id
            FROM STG_MON_CustMasterSchedule_Subitems ORDER BY stg_subitem_id
            """
        )
        #expect(
            sizes == [
                ["S", "PENDING", nil, nil, nil, nil],
                ["30/32", "API_SUCCESS", "9731089124", "77", "9200771505", "77"],
                ["S", "API_FAILED", nil, nil, nil, nil], ["30/32", "PENDING", nil, nil, nil, nil],
            ]
        )
    }
}
