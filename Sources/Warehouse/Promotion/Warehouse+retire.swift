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
            let now = self.now()
            let key = dialect.quoted("order_key")
            let table = dialect.table(Table.orders)
            let columns = ["change_type", "batch_id", "synced_at"].map { "\(dialect.quoted($0)) = ?" }
            let rows = connection.inserter(
                "UPDATE \(table) SET \(columns.joined(separator: ", ")) WHERE \(key) = ?",
                columns: [.text(size: 20), .text(size: 36), .timestamp, .text(size: 36)],
                timeout: self.session.timeout
            )
            let synced = SQLTime.text(now)
            for order in orders {
                try rows.setText(0, order.how.rawValue)
                try rows.setText(1, batch.uuidString.lowercased())
                try rows.setTimestamp(2, synced)
                try rows.setText(3, order.orderKey.description)
                try rows.endRow()
            }
            try rows.finish()
            try Self.empty(orders.filter { $0.how == .zeroed }, connection, dialect, self.session.timeout, synced)
        }
    }

    private static func empty(
        _ orders: [RetiredOrder],
        _ connection: Connection,
        _ dialect: Dialect,
        _ timeout: Int,
        _ synced: String
    ) throws {
        guard !orders.isEmpty else { return }
        let rows = connection.inserter(
            """
            UPDATE \(dialect.table(Table.subitems)) SET \(dialect.quoted("Order Qty")) = ?, \(dialect.quoted("synced_at")) = ?
            WHERE \(dialect.quoted("order_key")) = ?
            """,
            columns: [.text(size: 0), .timestamp, .text(size: 36)],
            timeout: timeout
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
