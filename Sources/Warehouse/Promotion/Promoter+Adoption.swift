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
        guard !keyless.isEmpty else { return }
        let taken = try self.takenKeys()
        let adopted = orders.filter { keyless[$0.itemID] == 1 && !taken.contains($0.orderKey) }
        guard !adopted.isEmpty else { return }
        let rows = self.bulk.rows(
            .update(
                Table.orders,
                set: [("order_key", .text(size: 36))],
                by: [("Item ID", .integer)],
                onlyWhereNull: "order_key"
            )
        )
        for order in adopted {
            try rows.setText(0, order.orderKey.description)
            try rows.setInteger(1, order.itemID)
            try rows.endRow()
        }
        try rows.finish()
        try self.takeOverSizes(adopted)
    }

    /// The keys of the orders at hand that production has already.
    private func takenKeys() throws -> Set<OrderKey> {
        let key = self.dialect.quoted("order_key")
        let keysOfBatch = """
            SELECT s.\(key) FROM \(self.dialect.table(Table.stagedOrders)) AS s WHERE \(self.isPromoting("s."))
            """
        var taken: Set<OrderKey> = []
        try self.connection.query(
            "SELECT p.\(key) FROM \(self.dialect.table(Table.orders)) AS p WHERE p.\(key) IN (\(keysOfBatch))",
            self.isPromotingValues,
            timeout: self.timeout
        ) { row in
            if let key = try row.text(0).flatMap({ OrderKey($0) }) { taken.insert(key) }
        }
        return taken
    }

    /// The same for the rows of their sizes: a row is a size's when it names its subitem, has no key, and is the only one that does.
    private func takeOverSizes(_ orders: [PromotedOrder]) throws {
        let (keyless, taken) = try (self.keylessSubitems(), self.takenSizes())
        let rows = self.bulk.rows(
            .update(
                Table.subitems,
                set: [("order_key", .text(size: 36)), ("size_label", .text(size: 100))],
                by: [("subitem_id", .text(size: 0))],
                onlyWhereNull: "order_key"
            )
        )
        for order in orders {
            let key = order.orderKey.description
            for subitem in order.subitems {
                let id = String(subitem.subitemID)
                let size = ColumnWidth.cut(subitem.size, Table.subitems, "size_label") ?? subitem.size
                guard keyless.contains(id), !taken.contains([key, size]) else { continue }
                try rows.setText(0, key)
                try rows.setText(1, size)
                try rows.setText(2, id)
                try rows.endRow()
            }
        }
        try rows.finish()
    }

    /// The subitems that one row names, which has no key.
    private func keylessSubitems() throws -> Set<String> {
        let id = self.dialect.quoted("subitem_id")
        // Grouped by the server, so that what comes over the wire is the rows that were there before ordersync, and no others.
        let sql = """
            SELECT p.\(id) FROM \(self.dialect.table(Table.subitems)) AS p
            GROUP BY p.\(id) HAVING COUNT(*) = 1 AND MAX(p.\(self.dialect.quoted("order_key"))) IS NULL
            """
        var keyless: Set<String> = []
        try self.connection.query(sql, timeout: self.timeout) { row in
            if let id = try row.text(0) { keyless.insert(id) }
        }
        return keyless
    }

    /// The orders and sizes at hand that production has already.
    private func takenSizes() throws -> Set<[String]> {
        let (key, label) = (self.dialect.quoted("order_key"), self.dialect.quoted("size_label"))
        let sql = """
            SELECT p.\(key), p.\(label) FROM \(self.dialect.table(Table.subitems)) AS p WHERE p.\(key) IN (
                SELECT s.\(key) FROM \(self.dialect.table(Table.stagedOrders)) AS s WHERE \(self.isPromoting("s.")))
            """
        var taken: Set<[String]> = []
        try self.connection.query(sql, self.isPromotingValues, timeout: self.timeout) { row in
            guard let key = try row.text(0)?.lowercased(), let label = try row.text(1) else { return }
            taken.insert([key, label])
        }
        return taken
    }
}
