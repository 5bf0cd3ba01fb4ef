import FoundationEssentials
internal import ODBC
import Orders

/// Writes to the staging rows what Monday.com's answers came to, in the caller's transaction.
///
/// Writing it twice changes nothing.
struct ResultWriter {
    let bulk: Bulk
    let batch: UUID
    /// UTC milliseconds.
    let now: Int64

    private var batchID: String { self.batch.uuidString.lowercased() }

    func write(items: [ItemResult], status: String = "API_SUCCESS") throws {
        let rows = self.update(
            Table.stagedOrders,
            set: [
                ("stg_status", .text(size: 50)), ("stg_monday_item_id", .integer), ("Item ID", .integer),
                ("stg_processed_date", .timestamp),
            ],
            nulls: ["stg_error_message"],
            by: [("order_key", .text(size: 36))]
        )
        let processed = SQLTime.text(self.now)
        for item in items {
            try rows.setText(0, status)
            try rows.setInteger(1, item.itemID)
            try rows.setInteger(2, item.itemID)
            try rows.setTimestamp(3, processed)
            try rows.setText(4, self.batchID)
            try rows.setText(5, item.orderKey.description)
            try rows.endRow()
        }
        try rows.finish()
    }

    func write(subitems: [SubitemResult], items: [OrderKey: Int64]) throws {
        let rows = self.update(
            Table.stagedSubitems,
            set: [
                ("stg_status", .text(size: 50)), ("stg_monday_subitem_id", .integer),
                ("stg_monday_subitem_board_id", .integer), ("parent_item_id", .text(size: 200)),
                ("subitem_id", .text(size: 200)), ("subitem_board_id", .text(size: 200)), ("Item ID", .text(size: 200)),
                ("stg_processed_date", .timestamp),
            ],
            nulls: ["stg_error_message"],
            by: [("order_key", .text(size: 36)), ("stg_size_label", .text(size: 50))]
        )
        let processed = SQLTime.text(self.now)
        for subitem in subitems {
            try rows.setText(0, "API_SUCCESS")
            try rows.setInteger(1, subitem.subitemID)
            try rows.setInteger(2, subitem.boardID)
            try rows.setText(3, items[subitem.orderKey].map { String($0) })
            try rows.setText(4, String(subitem.subitemID))
            try rows.setText(5, subitem.boardID.map { String($0) })
            try rows.setText(6, String(subitem.subitemID))
            try rows.setTimestamp(7, processed)
            try rows.setText(8, self.batchID)
            try rows.setText(9, subitem.orderKey.description)
            try rows.setText(10, ColumnWidth.cut(subitem.size, Table.stagedSubitems, "stg_size_label"))
            try rows.endRow()
        }
        try rows.finish()
    }

    /// An order has one try a batch, so its count there is 1, however often this is written.
    func write(failed: [FailedOrder]) throws {
        let set: [RowStatement.Column] = [
            ("stg_status", .text(size: 50)), ("stg_error_message", .text(size: 0)), ("stg_retry_count", .integer),
            ("stg_processed_date", .timestamp),
        ]
        let orders = self.update(Table.stagedOrders, set: set, by: [("order_key", .text(size: 36))])
        let subitems = self.update(
            Table.stagedSubitems,
            set: set,
            by: [("order_key", .text(size: 36)), ("stg_size_label", .text(size: 50))]
        )
        for order in failed {
            try self.setFailure(order, in: orders)
            try orders.endRow()
            guard let size = order.size else { continue }
            try self.setFailure(order, in: subitems)
            try subitems.setText(6, ColumnWidth.cut(size, Table.stagedSubitems, "stg_size_label"))
            try subitems.endRow()
        }
        try orders.finish()
        try subitems.finish()
    }

    private func setFailure(_ order: FailedOrder, in rows: any RowWriter) throws {
        try rows.setText(0, "API_FAILED")
        try rows.setText(1, order.failure.description)
        try rows.setInteger(2, 1)
        try rows.setTimestamp(3, SQLTime.text(self.now))
        try rows.setText(4, self.batchID)
        try rows.setText(5, order.orderKey.description)
    }

    /// An UPDATE of the batch's rows by their keys; the batch's id stands between the values and the keys.
    private func update(
        _ table: String,
        set columns: [RowStatement.Column],
        nulls: [String] = [],
        by keys: [RowStatement.Column]
    ) -> any RowWriter {
        self.bulk.rows(.update(table, set: columns, nulls: nulls, by: [("stg_batch_id", .guid)] + keys))
    }
}
