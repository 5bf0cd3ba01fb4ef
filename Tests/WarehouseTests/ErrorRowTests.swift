import Foundation
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite(.everyBackend) struct ErrorRowTests {
    let test: TestWarehouse
    let batch = UUID()

    init() async throws {
        self.test = try await TestWarehouse()
        try await self.test.warehouse.openBatch(self.test.opening(self.batch))
    }

    private func row(
        _ key: String,
        order: StagedOrder,
        message: String = "no such label",
        size: String? = nil
    ) -> ErrorRow {
        var row = ErrorRow(
            errorKey: key,
            errorType: size == nil ? "ITEM_CREATION_ERROR" : "SUBITEM_CREATION_ERROR",
            failure: Failure(.permanent, code: "ColumnValueException", message: message, httpStatus: 200),
            createdAt: self.test.clock.now,
            retryCount: 2
        )
        row.jobID = 42
        row.orderKey = order.orderKey
        row.batchID = self.batch
        row.orderNumber = order.order.businessKey.orderNumber
        row.itemName = String(repeating: "n", count: 600)
        row.groupName = String(repeating: "g", count: 300)
        row.customerBatch = String(repeating: "c", count: 300)
        row.originalData = #"{"order":"GRE-1"}"#
        row.subitem = size.map {
            ErrorRow.Subitem(size: $0, name: "Size \($0)", quantity: 3, parentItemID: 9_731_089_124)
        }
        return row
    }

    @Test("an error can be written whatever its texts' lengths, and is written once")
    func once() async throws {
        let order = self.test.staged(1)
        _ = try await self.test.warehouse.stage(batch: self.batch, customerBatch: "c", orders: [order])
        let row = self.row("job-42-1", order: order, message: String(repeating: "m", count: 9000))
        try await self.test.warehouse.writeErrors([row])
        try await self.test.warehouse.writeErrors([row, row])
        let length = self.test.dialect == .sqlite ? "length" : "LEN"
        let rows = try self.test.rows(
            """
            SELECT e.error_key, e.job_id, e.order_number, \(length)(e.item_name), \(length)(e.group_name),
                \(length)(e.customer_batch), e.error_type, \(length)(e.error_message), e.http_status_code, e.retry_count,
                e.max_retries_reached, e.original_data, CASE WHEN e.original_stg_id = s.stg_id THEN 1 ELSE 0 END,
                e.resolved_date
            FROM ERR_MON_CustMasterSchedule AS e, STG_MON_CustMasterSchedule AS s
            """
        )
        #expect(
            rows == [
                [
                    "job-42-1", "42", "GRE-1", "500", "200", "100", "ITEM_CREATION_ERROR", "2000", "200", "2", "0",
                    #"{"order":"GRE-1"}"#, "1", nil,
                ]
            ]
        )
    }

    @Test("a failed subitem has a row of its own, with its size, quantity and parent")
    func subitem() async throws {
        let order = self.test.staged(1)
        _ = try await self.test.warehouse.stage(batch: self.batch, customerBatch: "c", orders: [order])
        try await self.test.warehouse.writeErrors([self.row("k", order: order, size: "30/32")])
        let rows = try self.test.rows(
            """
            SELECT size_label, order_qty, parent_item_id, subitem_name, error_type,
                (SELECT "Size" FROM STG_MON_CustMasterSchedule_Subitems WHERE stg_subitem_id = original_stg_subitem_id)
            FROM ERR_MON_CustMasterSchedule_Subitems
            """
        )
        #expect(rows == [["30/32", "3", "9731089124", "Size 30/32", "SUBITEM_CREATION_ERROR", "30/32"]])
    }

    @Test("a replay that succeeds resolves the open rows of its order, and no others")
    func resolve() async throws {
        let (first, second) = (self.test.staged(1), self.test.staged(2))
        try await self.test.warehouse.writeErrors([
            self.row("a", order: first), self.row("b", order: first, size: "S"), self.row("c", order: second),
        ])
        try await self.test.warehouse.resolveErrors(
            orderKeys: [first.orderKey],
            by: "operator",
            at: self.test.clock.now
        )
        try await self.test.warehouse.resolveErrors(
            orderKeys: [first.orderKey],
            by: "late",
            at: self.test.clock.now + 1
        )
        let rows = try self.test.rows(
            """
            SELECT error_key, resolved_by, resolved_date FROM ERR_MON_CustMasterSchedule
            UNION ALL SELECT error_key, resolved_by, resolved_date FROM ERR_MON_CustMasterSchedule_Subitems ORDER BY error_key
            """
        )
        let at = "2025-11-23 00:00:00.000"
        #expect(rows == [["a", "operator", at], ["b", "operator", at], ["c", nil, nil]])
    }
}
