import FoundationEssentials
internal import ODBC
import Orders

/// Copies complete orders from the staging tables to the production tables, in the caller's transaction.
///
/// Update, then insert what is not there, keyed by the order key: promoting twice gives what promoting once does. Columns that
/// ordersync doesn't write, which other programs may fill, keep what they hold.
struct Promoter {
    let bulk: Bulk
    let fieldMap: FieldMap
    let production: ProductionTable
    let batch: UUID
    /// UTC milliseconds.
    let now: Int64

    /// The status of the rows that this promotion takes; no one else ever sees it, since the transaction ends with another.
    private static let promoting = "PROMOTING"

    private var batchID: String { self.batch.uuidString.lowercased() }
    var connection: Connection { self.bulk.connection }
    var dialect: Dialect { self.bulk.dialect }
    var timeout: Int { self.bulk.timeout }

    func promote(_ orders: [PromotedOrder], board: Int64) throws {
        let results = ResultWriter(bulk: self.bulk, batch: self.batch, now: self.now)
        try results.write(
            items: orders.map { ItemResult(orderKey: $0.orderKey, itemID: $0.itemID) },
            status: Self.promoting
        )
        try self.requireStaged(orders)
        try self.takeOverRows(orders)
        try self.copyOrders(board: board)
        try self.removeSubitems(orders)
        try self.writeSubitems(orders)
        try self.markPromoted()
    }

    private func requireStaged(_ orders: [PromotedOrder]) throws {
        let keys = Set(orders.map(\.orderKey))
        let sql = "SELECT COUNT(*) FROM \(self.dialect.table(Table.stagedOrders)) WHERE \(self.isPromoting(""))"
        var count: Int64 = 0
        try self.connection.query(sql, self.isPromotingValues, timeout: self.timeout) { count = try $0.integer(0) ?? 0 }
        guard Int(count) == keys.count else {
            throw Failure(
                .transient,
                code: "staging_rows_missing",
                message: "Of \(keys.count) orders to promote, \(count) are staged in batch \(self.batchID)."
            )
        }
    }

    private func copyOrders(board: Int64) throws {
        let own: [ODBCValue] = [.guid(self.batchID), .integer(board), .timestamp(SQLTime.text(self.now))]
        for sql in self.copyStatements {
            try self.connection.execute(sql, own + self.isPromotingValues, timeout: self.timeout)
        }
    }

    /// Updates the rows that are there, then inserts the others: one round trip each, however many orders.
    var copyStatements: [String] {
        let common = self.commonColumns
        let production = self.dialect.table(Table.orders)
        let staging = self.dialect.table(Table.stagedOrders)
        let orderKey = self.dialect.quoted("order_key")
        let own = ["batch_id", "board_id", "synced_at"]
        let copies = common.map { "\(self.dialect.quoted($0.name)) = \($0.value)" }
        let stamps = own.map { "\(self.dialect.quoted($0)) = ?" }
        let sources = ["s.\(orderKey)"] + common.map(\.value) + own.map { _ in "?" }
        return [
            """
            UPDATE \(production) SET \((copies + stamps).joined(separator: ", "))
            FROM \(staging) AS s WHERE s.\(orderKey) = \(production).\(orderKey) AND \(self.isPromoting("s."))
            """,
            """
            INSERT INTO \(production) (\(self.dialect.list(["order_key"] + common.map(\.name) + own)))
            SELECT \(sources.joined(separator: ", "))
            FROM \(staging) AS s WHERE \(self.isPromoting("s."))
                AND NOT EXISTS (SELECT 1 FROM \(production) AS p WHERE p.\(orderKey) = s.\(orderKey))
            """,
        ]
    }

    /// The columns that ordersync writes to staging and that production has too, by name, each with its value there.
    private var commonColumns: [(name: String, value: String)] {
        let own = [
            "Title", "Group", "Item ID", "source_uuid", "source_hash", "change_type", "key_digest", "source_customer",
        ]
        var seen: Set<String> = []
        let all = own.map { ($0, nil) } + self.fieldMap.fields.map { ($0.staging, Optional($0.stagingType)) }
        return all.compactMap { name, type in
            guard self.production.has(name), seen.insert(name.lowercased()).inserted else { return nil }
            return (name, self.production.converted(name, type, self.dialect))
        }
    }

    func isPromoting(_ alias: String) -> String {
        "\(alias)\(self.dialect.quoted("stg_batch_id")) = ? AND \(alias)\(self.dialect.quoted("stg_status")) = ?"
    }

    var isPromotingValues: [ODBCValue] { [.guid(self.batchID), .text(Self.promoting)] }

    private func markPromoted() throws {
        let orders = self.dialect.table(Table.stagedOrders)
        let subitems = self.dialect.table(Table.stagedSubitems)
        let status = self.dialect.quoted("stg_status")
        let processed = self.dialect.quoted("stg_processed_date")
        let batch = self.dialect.quoted("stg_batch_id")
        let key = self.dialect.quoted("order_key")
        let values: [ODBCValue] = [.text("PROMOTED"), .timestamp(SQLTime.text(self.now))]
        try self.connection.execute(
            """
            UPDATE \(subitems) SET \(status) = ?, \(processed) = ? WHERE \(batch) = ?
                AND \(key) IN (SELECT s.\(key) FROM \(orders) AS s WHERE \(self.isPromoting("s.")))
            """,
            values + [.guid(self.batchID)] + self.isPromotingValues,
            timeout: self.timeout
        )
        try self.connection.execute(
            "UPDATE \(orders) SET \(status) = ?, \(processed) = ? WHERE \(self.isPromoting(""))",
            values + self.isPromotingValues,
            timeout: self.timeout
        )
    }
}

extension Promoter {
    private static let subitemColumns: [RowStatement.Column] = [
        ("parent_item_id", .text(size: 0)), ("subitem_id", .text(size: 0)), ("subitem_board_id", .text(size: 0)),
        ("Size", .text(size: 0)), ("Order Qty", .text(size: 0)), ("Item ID", .text(size: 0)), ("synced_at", .timestamp),
    ]
    private static let subitemKeys: [RowStatement.Column] = [
        ("order_key", .text(size: 36)), ("size_label", .text(size: 100)),
    ]

    /// Written from the values at hand, since a size that the order no longer has is on the board still, but not in staging.
    private func writeSubitems(_ orders: [PromotedOrder]) throws {
        let (columns, keys) = (Self.subitemColumns, Self.subitemKeys)
        try self.set(orders, in: self.bulk.rows(.update(Table.subitems, set: columns, by: keys)))
        try self.set(orders, in: self.bulk.rows(.insertMissing(Table.subitems, columns, by: keys)))
    }

    /// Removes the rows of sizes whose subitems are no longer on the board.
    private func removeSubitems(_ orders: [PromotedOrder]) throws {
        let table = self.dialect.table(Table.subitems)
        let key = self.dialect.quoted("order_key")
        let label = self.dialect.quoted("size_label")
        let kept = Dictionary(
            orders.map { order in
                (
                    order.orderKey.description,
                    Set(order.subitems.map { ColumnWidth.cut($0.size, Table.subitems, "size_label") })
                )
            }
        ) { first, _ in first }
        var surplus: [(key: String, label: String)] = []
        try self.connection.query(
            """
            SELECT p.\(key), p.\(label) FROM \(table) AS p WHERE p.\(key) IN (
                SELECT s.\(key) FROM \(self.dialect.table(Table.stagedOrders)) AS s WHERE \(self.isPromoting("s.")))
            """,
            self.isPromotingValues,
            timeout: self.timeout
        ) { row in
            guard let order = try row.text(0)?.lowercased(), let size = try row.text(1),
                kept[order]?.contains(size) == false
            else { return }
            surplus.append((order, size))
        }
        guard !surplus.isEmpty else { return }
        let rows = self.bulk.rows(.delete(Table.subitems, by: Self.subitemKeys))
        for row in surplus {
            try rows.setText(0, row.key)
            try rows.setText(1, row.label)
            try rows.endRow()
        }
        try rows.finish()
    }

    private func set(_ orders: [PromotedOrder], in rows: any RowWriter) throws {
        let synced = SQLTime.text(self.now)
        for order in orders {
            let key = order.orderKey.description
            for subitem in order.subitems {
                let label = ColumnWidth.cut(subitem.size, Table.subitems, "size_label")
                try rows.setText(0, String(order.itemID))
                try rows.setText(1, String(subitem.subitemID))
                try rows.setText(2, subitem.boardID.map { String($0) })
                try rows.setText(3, subitem.size)
                try rows.setText(4, String(subitem.quantity))
                try rows.setText(5, String(subitem.subitemID))
                try rows.setTimestamp(6, synced)
                try rows.setText(7, key)
                try rows.setText(8, label)
                try rows.endRow()
            }
        }
        try rows.finish()
    }
}
