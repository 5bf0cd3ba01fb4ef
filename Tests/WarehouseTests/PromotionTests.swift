import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite(.everyBackend) struct PromotionTests {
    let test: TestWarehouse
    let batch = UUID()

    init() async throws {
        self.test = try await TestWarehouse()
        try await self.test.warehouse.openBatch(self.test.opening(self.batch))
    }

    private func stage(_ orders: [StagedOrder]) async throws {
        let refused = try await self.test.warehouse.stage(batch: self.batch, customerBatch: "GREYSON", orders: orders)
        #expect(refused.isEmpty)
    }

    private func promote(_ orders: [PromotedOrder]) async throws {
        try await self.test.warehouse.promote(batch: self.batch, orders: orders, claim: TestWarehouse.claim)
    }

    private static let production = """
        SELECT "Title", "Group", "Item ID", "CUSTOMER PRICE", "ORDER DATE PO RECEIVED", "RANGE / COLLECTION", order_key, source_uuid,
            change_type, board_id, batch_id, synced_at FROM MON_CustMasterSchedule ORDER BY "Item ID"
        """
    private static let subitems = """
        SELECT parent_item_id, subitem_id, subitem_board_id, "Size", "Order Qty", "Item ID", order_key
        FROM MON_CustMasterSchedule_Subitems ORDER BY subitem_id
        """

    @Test("promoting twice gives what promoting once does")
    func twice() async throws {
        let order = self.test.staged(
            1,
            ["CUSTOMER PRICE": .number("28.86"), "ORDER DATE PO RECEIVED": .date("2025-05-20")]
        )
        try await self.stage([order])
        try await self.promote([self.test.promoted(order, item: 9_731_089_124)])
        let key = order.orderKey.description
        let batch = self.batch.uuidString.lowercased()
        let expected: [[String?]] = [
            [
                "MSP NAVY GRE-1", "GREYSON CLOTHIERS 2025 FALL", "9731089124", "28.86", "2025-05-20", nil, key,
                order.order.recordUUID?.uuidString.lowercased(), "NEW", "9200517329", batch, "2025-11-23 00:00:00.000",
            ]
        ]
        let sizes: [[String?]] = [
            ["9731089124", "9731089125", "9200771505", "S", "3", "9731089125", key],
            ["9731089124", "9731089126", "9200771505", "30/32", "4", "9731089126", key],
        ]
        for _ in 1...2 {
            #expect(try self.test.rows(Self.production) == expected)
            #expect(try self.test.rows(Self.subitems) == sizes)
            let statuses = """
                SELECT stg_status FROM STG_MON_CustMasterSchedule UNION ALL SELECT stg_status FROM STG_MON_CustMasterSchedule_Subitems
                """
            #expect(try self.test.column(statuses) == ["PROMOTED", "PROMOTED", "PROMOTED"])
            try await self.promote([self.test.promoted(order, item: 9_731_089_124)])
        }
    }

    @Test("only the orders named are promoted, whatever else of the batch is on the board")
    func onlyNamed() async throws {
        let orders = (1...3).map { self.test.staged($0) }
        try await self.stage(orders)
        try await self.test.warehouse.recordResults(
            batch: self.batch,
            items: orders.enumerated().map { ItemResult(orderKey: $1.orderKey, itemID: Int64($0 * 10)) },
            subitems: [],
            failed: []
        )
        try await self.promote([self.test.promoted(orders[1], item: 10)])
        #expect(try self.test.column(#"SELECT "Item ID" FROM MON_CustMasterSchedule"#) == ["10"])
        #expect(
            try self.test.column("SELECT stg_status FROM STG_MON_CustMasterSchedule ORDER BY stg_id")
                == ["API_SUCCESS", "PROMOTED", "API_SUCCESS"]
        )
    }

    @Test(
        "a later batch updates the order's rows, clears what became null, drops sizes that are off the board, and leaves foreign columns"
    )
    func update() async throws {
        let first = self.test.staged(1, ["PO NUMBER": .text("4755"), "CUSTOMER ALT PO": .text("A")])
        try await self.stage([first])
        try await self.promote([self.test.promoted(first, item: 50)])
        try self.test.execute(
            #"UPDATE MON_CustMasterSchedule SET "PPS STATUS" = 'SENT'"#,
            #"UPDATE MON_CustMasterSchedule_Subitems SET "Cut Qty" = '2'"#
        )
        let later = UUID()
        try await self.test.warehouse.openBatch(self.test.opening(later))
        let second = self.test.staged(
            1,
            ["PO NUMBER": .text("4756")],
            sizes: [SizeQuantity(label: "S", quantity: 9)],
            itemID: 50
        )
        _ = try await self.test.warehouse.stage(batch: later, customerBatch: "GREYSON", orders: [second])
        try await self.test.warehouse.promote(
            batch: later,
            orders: [self.test.promoted(second, item: 50)],
            claim: TestWarehouse.claim
        )
        #expect(
            try self.test.rows(#"SELECT "PO NUMBER", "CUSTOMER ALT PO", "PPS STATUS" FROM MON_CustMasterSchedule"#)
                == [["4756", nil, "SENT"]]
        )
        #expect(
            try self.test.rows(
                #"SELECT "Size", "Order Qty", "Cut Qty" FROM MON_CustMasterSchedule_Subitems ORDER BY subitem_id"#
            )
                == [["S", "9", "2"]]
        )
    }

    @Test("what became of orders that are gone is told by their rows, which stay, and by the guard row")
    func retire() async throws {
        let staged = [1, 2, 3].map { self.test.staged($0) }
        try await self.stage(staged)
        try await self.promote(staged.enumerated().map { self.test.promoted($1, item: Int64($0 + 1) * 50) })
        let later = UUID()
        let guardRow = GuardRow(board: 9_200_517_329, journalID: "journal-1", epoch: 3, lastEffect: 40)
        for _ in 0..<2 {
            try await self.test.warehouse.retire(
                batch: later,
                orders: [
                    RetiredOrder(orderKey: staged[0].orderKey, how: .archived),
                    RetiredOrder(orderKey: staged[1].orderKey, how: .zeroed),
                    RetiredOrder(orderKey: self.test.staged(9).orderKey, how: .archived),
                ],
                claim: .takingOver(guardRow)
            )
        }
        #expect(
            try self.test.rows(#"SELECT change_type, "Item ID" FROM MON_CustMasterSchedule ORDER BY "Item ID""#)
                == [["ARCHIVED", "50"], ["ZEROED", "100"], ["NEW", "150"]]
        )
        #expect(
            try self.test.column(
                #"SELECT "Order Qty" FROM MON_CustMasterSchedule_Subitems ORDER BY CAST(subitem_id AS INT)"#
            )
                == ["3", "4", "0", "0", "3", "4"]
        )
        #expect(try await self.test.warehouse.guardRow(board: 9_200_517_329) == guardRow)
    }

    @Test("an order that is not staged in the batch is not promoted, nor anything with it")
    func notStaged() async throws {
        let order = self.test.staged(1)
        try await self.stage([order])
        let failure = await #expect(throws: Failure.self) {
            try await self.promote([
                self.test.promoted(order, item: 1), self.test.promoted(self.test.staged(2), item: 2),
            ])
        }
        #expect(failure?.code == "staging_rows_missing")
        #expect(try self.test.rows(Self.production).isEmpty)
        #expect(try self.test.column("SELECT stg_status FROM STG_MON_CustMasterSchedule") == ["PENDING"])
        #expect(try await self.test.warehouse.guardRow(board: 9_200_517_329) == nil)
    }

    @Test("the guard row says which journal wrote last")
    func guardRow() async throws {
        let order = self.test.staged(1)
        try await self.stage([order])
        #expect(try await self.test.warehouse.guardRow(board: 9_200_517_329) == nil)
        try await self.promote([self.test.promoted(order, item: 1)])
        #expect(try await self.test.warehouse.guardRow(board: 9_200_517_329) == TestWarehouse.guardRow)
        let next = GuardRow(board: 9_200_517_329, journalID: "journal-2", epoch: 1, lastEffect: 2)
        try await self.test.warehouse.promote(
            batch: self.batch,
            orders: [self.test.promoted(order, item: 1)],
            claim: .takingOver(next)
        )
        #expect(try await self.test.warehouse.guardRow(board: 9_200_517_329) == next)
    }

    @Test("a promotion that fails at its end changes nothing at all, and succeeds when it is repeated")
    func rolledBack() async throws {
        let orders = [
            self.test.staged(1),
            self.test.staged(
                2,
                sizes: [SizeQuantity(label: "S", quantity: 1), SizeQuantity(label: "BAD", quantity: 1)]
            ),
        ]
        try await self.stage(orders)
        try self.test.refuse("BAD", in: "Size", of: "MON_CustMasterSchedule_Subitems", saying: "not this size")
        let promoted = orders.enumerated().map { self.test.promoted($1, item: Int64($0 + 1) * 100) }
        let failure = await #expect(throws: Failure.self) { try await self.promote(promoted) }
        #expect(failure?.class == .permanent)
        #expect(try self.test.rows(Self.production).isEmpty)
        #expect(try self.test.rows(Self.subitems).isEmpty)
        #expect(try self.test.column("SELECT DISTINCT stg_status FROM STG_MON_CustMasterSchedule") == ["PENDING"])
        #expect(try await self.test.warehouse.guardRow(board: 9_200_517_329) == nil)
        try await self.promote([promoted[0]])
        #expect(try self.test.rows(Self.production).count == 1)
    }

    @Test("a production table of another shape, its columns in another order, is written by name")
    func otherShape() async throws {
        let test = try await TestWarehouse(migrated: false)
        try test.execute(
            """
            CREATE TABLE "MON_CustMasterSchedule" ("Last updated" NVARCHAR(255), "CUSTOMER PRICE" DECIMAL(18,4),
                "Item ID" BIGINT, "RANGE / COLLECTION" NVARCHAR(255), "PO NUMBER" NVARCHAR(255),
                "QTY ORDERED" DECIMAL(18,4), "Title" NVARCHAR(255))
            """,
            #"INSERT INTO "MON_CustMasterSchedule" ("Title", "PO NUMBER", "Item ID") VALUES ('OLD', '1', 7)"#
        )
        _ = try await test.warehouse.migrate()
        let batch = UUID()
        try await test.warehouse.openBatch(test.opening(batch))
        let order = test.staged(1, ["PO NUMBER": .text("4755"), "CUSTOMER PRICE": .number("28.86")])
        #expect(try await test.warehouse.stage(batch: batch, customerBatch: "c", orders: [order]) == [:])
        try await test.warehouse.promote(
            batch: batch,
            orders: [test.promoted(order, item: 8)],
            claim: TestWarehouse.claim
        )
        #expect(
            try test.rows(
                """
                SELECT "Title", "PO NUMBER", CAST("CUSTOMER PRICE" AS FLOAT), "Item ID", "RANGE / COLLECTION", "Last updated",
                    "QTY ORDERED"
                FROM "MON_CustMasterSchedule" ORDER BY "Item ID"
                """
            ) == [
                ["OLD", "1", nil, "7", nil, nil, nil], ["MSP NAVY GRE-1", "4755", "28.86", "8", nil, nil, nil],
            ]
        )
    }
}
