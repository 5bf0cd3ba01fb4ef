internal import ODBC
import Orders

extension Promoter {
    /// Gives the rows of items that stood in production before ordersync the keys of their orders, so that promotion
    /// updates them and makes none beside them.
    ///
    /// A row is an order's when it names its item, has no key, and is the only one of that kind.
    func takeOverRows(_ orders: [PromotedOrder]) throws {
        let table = self.dialect.table(Table.orders)
        let staging = self.dialect.table(Table.stagedOrders)
        let (key, item) = (self.dialect.quoted("order_key"), self.dialect.quoted("Item ID"))
        let itemsOfBatch = "SELECT s.\(item) FROM \(staging) AS s WHERE \(self.isPromoting("s."))"
        var keyless: [Int64: Int] = [:]
        try self.connection.query(
            "SELECT p.\(item) FROM \(table) AS p WHERE p.\(key) IS NULL AND p.\(item) IN (\(itemsOfBatch))",
            self.isPromotingValues,
            timeout: self.timeout
        ) { row in
            if let id = try row.text(0).flatMap({ Int64($0) ?? Double($0).flatMap { Int64(exactly: $0) } }) {
                keyless[id, default: 0] += 1
            }
        }
        let adopted = orders.filter { keyless[$0.itemID] == 1 }
        guard !adopted.isEmpty else { return }
        // One statement each: it happens once in the life of an order, and conditions differ from all bulk statements.
        let sql = """
            UPDATE \(table) SET \(key) = ? WHERE \(item) = ? AND \(key) IS NULL
                AND NOT EXISTS (SELECT 1 FROM \(table) AS p WHERE p.\(key) = ?)
            """
        for order in adopted {
            let name = ODBCValue.text(order.orderKey.description)
            try self.connection.execute(sql, [name, .integer(order.itemID), name], timeout: self.timeout)
        }
        try self.takeOverSizes(adopted)
    }

    private func takeOverSizes(_ orders: [PromotedOrder]) throws {
        let table = self.dialect.table(Table.subitems)
        let key = self.dialect.quoted("order_key")
        let label = self.dialect.quoted("size_label")
        let sql = """
            UPDATE \(table) SET \(key) = ?, \(label) = ?
            WHERE \(self.dialect.quoted("subitem_id")) = ? AND \(key) IS NULL
                AND NOT EXISTS (SELECT 1 FROM \(table) AS p WHERE p.\(key) = ? AND p.\(label) = ?)
                AND (SELECT COUNT(*) FROM \(table) AS p WHERE p.\(self.dialect.quoted("subitem_id")) = ?) = 1
            """
        for order in orders {
            let name = ODBCValue.text(order.orderKey.description)
            for subitem in order.subitems {
                let size = ODBCValue.text(
                    ColumnWidth.cut(subitem.size, Table.subitems, "size_label") ?? subitem.size
                )
                let id = ODBCValue.text(String(subitem.subitemID))
                try self.connection.execute(sql, [name, size, id, name, size, id], timeout: self.timeout)
            }
        }
    }
}
