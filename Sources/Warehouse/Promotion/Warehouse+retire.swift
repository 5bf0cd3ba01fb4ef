internal import CrashPoints
package import FoundationEssentials
internal import ODBC
package import Orders

extension Warehouse {
    /// Says in the production tables what became of orders that are gone from the source, in one transaction with the guard row.
    ///
    /// Their rows stay, with the item's id: `change_type` says ARCHIVED or ZEROED, and the quantities of a zeroed order are 0.
    /// An order that was never promoted has no row, and needs none.
    package func retire(batch: UUID, orders: [RetiredOrder], claim: GuardClaim) throws(Failure) {
        try self.session.write(.retire) { connection, dialect in
            try self.guardWriter(connection, dialect).set(claim)
            let bulk = self.session.bulk(connection, dialect)
            let rows = bulk.rows(
                .update(
                    Table.orders,
                    set: [("change_type", .text(size: 20)), ("batch_id", .guid), ("synced_at", .timestamp)],
                    by: Self.key
                )
            )
            let synced = SQLTime.text(self.now())
            for order in orders {
                try rows.setText(0, order.how.rawValue)
                try rows.setText(1, batch.uuidString.lowercased())
                try rows.setTimestamp(2, synced)
                try rows.setText(3, order.orderKey.description)
                try rows.endRow()
            }
            try rows.finish()
            try Self.empty(orders.filter { $0.how == .zeroed }, bulk, synced)
        }
    }

    private static let key: [RowStatement.Column] = [("order_key", .text(size: 36))]

    private static func empty(_ orders: [RetiredOrder], _ bulk: Bulk, _ synced: String) throws {
        guard !orders.isEmpty else { return }
        let rows = bulk.rows(
            .update(Table.subitems, set: [("Order Qty", .text(size: 0)), ("synced_at", .timestamp)], by: Self.key)
        )
        for order in orders {
            try rows.setText(0, "0")
            try rows.setTimestamp(1, synced)
            try rows.setText(2, order.orderKey.description)
            try rows.endRow()
        }
        try rows.finish()
    }
}
