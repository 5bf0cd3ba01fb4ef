internal import ODBC
package import Orders

extension Warehouse {
    /// Columns of the orders' table that ordersync fills beside the field map's.
    private static let ownColumns = ["Title", "Group", "change_type", "source_hash"]

    /// Reads the production tables, as far as ordersync writes them, for comparing them with the board.
    ///
    /// - Parameter board: Rows of other boards are left out; those that name none are this one's.
    /// - Returns: Every row, with and without an order key.
    /// - Throws: What reading met.
    package func production(board: Int64) throws(Failure) -> Production {
        try self.session.read { connection, dialect in
            var production = Production()
            try self.readOrders(into: &production, board: board, connection, dialect)
            try self.readSubitems(into: &production, connection, dialect)
            return production
        }
    }

    private func readOrders(
        into production: inout Production,
        board: Int64,
        _ connection: Connection,
        _ dialect: Dialect
    ) throws {
        let table = dialect.table(Table.orders)
        let described = try connection.describe("SELECT * FROM \(table) WHERE 1 = 0", timeout: self.session.timeout)
        let present = Set(described.map { $0.name.lowercased() })
        // The table exists in more than one shape.
        let columns = (Self.ownColumns + self.fieldMap.fields.map(\.staging)).filter {
            present.contains($0.lowercased())
        }
        production.columns = Set(columns)
        let boardColumn = dialect.quoted("board_id")
        let sql = """
            SELECT \(dialect.list(["order_key", "Item ID"] + columns)) FROM \(table)
            WHERE \(boardColumn) = ? OR \(boardColumn) IS NULL
            """
        var orders: [ProductionOrder] = []
        try connection.query(sql, [.integer(board)], timeout: self.session.timeout) { row in
            var values: [String: String] = [:]
            for (index, column) in columns.enumerated() {
                if let text = try row.text(index + 2), !text.isEmpty { values[column] = text }
            }
            orders.append(
                ProductionOrder(
                    orderKey: try row.text(0).flatMap { OrderKey($0) },
                    itemID: try row.text(1).flatMap { Self.whole($0) },
                    values: values
                )
            )
        }
        production.orders = orders
    }

    private func readSubitems(
        into production: inout Production,
        _ connection: Connection,
        _ dialect: Dialect
    ) throws {
        let sql = """
            SELECT \(dialect.list(["order_key", "Size", "Order Qty", "subitem_id"]))
            FROM \(dialect.table(Table.subitems)) WHERE \(dialect.quoted("order_key")) IS NOT NULL
            """
        var subitems: [OrderKey: [ProductionSubitem]] = [:]
        try connection.query(sql, [], timeout: self.session.timeout) { row in
            guard let key = try row.text(0).flatMap({ OrderKey($0) }), let size = try row.text(1) else { return }
            subitems[key, default: []].append(
                ProductionSubitem(
                    size: size,
                    quantity: try row.text(2).flatMap { Self.whole($0) },
                    subitemID: try row.text(3).flatMap { Self.whole($0) }
                )
            )
        }
        production.subitems = subitems
    }

    /// A whole number, however the column's type spells it.
    private static func whole(_ text: String) -> Int64? {
        Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
    }
}
