import FoundationEssentials
internal import ODBC
import Orders

/// Reads what the warehouse knows of orders, a row at a time.
struct KnownOrderReader {
    let connection: Connection
    let dialect: Dialect
    let timeout: Int
    let fieldMap: FieldMap

    /// The orders of a board in production; rows from before boards were noted count as its own.
    func promoted(board: Int64) throws -> [OrderKey: KnownOrder] {
        let column = self.dialect.quoted("board_id")
        var orders: [OrderKey: KnownOrder] = [:]
        try self.read(Table.orders, "(\(column) = ? OR \(column) IS NULL)", [.integer(board)], order: "order_key") {
            orders[$0.orderKey] = $0
        }
        return orders
    }

    /// The orders in staging as they were staged last.
    func staged() throws -> [OrderKey: KnownOrder] {
        var orders: [OrderKey: KnownOrder] = [:]
        try self.read(Table.stagedOrders, "1 = 1", [], order: "stg_id") { orders[$0.orderKey] = $0 }
        return orders
    }

    /// The subitems of some orders in production.
    func subitems(of orders: Set<OrderKey>) throws -> [OrderKey: [KnownSubitem]] {
        let columns = self.dialect.list(["order_key", "size_label", "subitem_id", "Order Qty"])
        let table = self.dialect.table(Table.subitems)
        let sql = "SELECT \(columns) FROM \(table) WHERE \(self.dialect.quoted("order_key")) IS NOT NULL"
        var subitems: [OrderKey: [KnownSubitem]] = [:]
        try self.connection.query(sql, [], timeout: self.timeout) { row in
            guard let key = try row.text(0).flatMap({ OrderKey($0) }), orders.contains(key), let size = try row.text(1),
                let id = try row.text(2).flatMap({ Int64($0) })
            else { return }
            let quantity = try row.text(3).flatMap { Int64($0) } ?? 0
            subitems[key, default: []].append(KnownSubitem(size: size, id: id, quantity: quantity))
        }
        return subitems
    }

    private func read(
        _ name: String,
        _ condition: String,
        _ values: [ODBCValue],
        order: String,
        _ each: (KnownOrder) -> Void
    ) throws {
        let table = self.dialect.table(name)
        let described = try self.connection.describe("SELECT * FROM \(table) WHERE 1 = 0", timeout: self.timeout)
        let present = Set(described.map { $0.name.lowercased() })
        // Production exists in more than one shape: what it lacks is not known.
        let columns = self.columns.filter { present.contains($0.name.lowercased()) }
        let key = self.dialect.quoted("order_key")
        let sql = """
            SELECT \(self.dialect.list(["order_key"] + columns.map(\.name))) FROM \(table)
            WHERE \(key) IS NOT NULL AND \(condition) ORDER BY \(self.dialect.quoted(order))
            """
        try self.connection.query(sql, values, timeout: self.timeout) { row in
            guard let key = try row.text(0).flatMap({ OrderKey($0) }) else { return }
            var known = KnownOrder(orderKey: key)
            for (index, column) in columns.enumerated() {
                if let text = try row.text(index + 1) { column.take(text, &known) }
            }
            each(known)
        }
    }

    private struct Column {
        let name: String
        let take: (String, inout KnownOrder) -> Void

        init(_ name: String, _ take: @escaping (String, inout KnownOrder) -> Void) {
            self.name = name
            self.take = take
        }
    }

    private var columns: [Column] {
        let keys = self.fieldMap.keys
        let mapped: [(source: String, take: (String, inout KnownOrder) -> Void)] = [
            (keys.orderNumber, { $1.orderNumber = $0 }), (keys.customer, { $1.customer = $0 }),
            (keys.style, { $1.style = $0 }), (keys.colour, { $1.colour = $0 }), (keys.poNumber, { $1.poNumber = $0 }),
            (keys.aagSeason, { $1.aagSeason = $0 }), (keys.customerSeason, { $1.customerSeason = $0 }),
        ]
        return [
            Column("Item ID") { $1.itemID = Int64($0) },
            Column("source_uuid") { $1.recordUUID = UUID(text: $0) },
            Column("source_hash") { $1.fingerprint = Digest(hexadecimal: $0) },
            Column("key_digest") { $1.keyDigest = Digest(hexadecimal: $0) },
            Column("source_customer") { $1.sourceCustomer = $0 },
            Column("change_type") { $1.retired = RetiredOrder.Means(rawValue: $0) },
            Column("stg_status") { $1.isPromoted = $0 == "PROMOTED" },
        ]
            + mapped.compactMap { source, take in
                self.fieldMap.fields.first { $0.source == source }.map { Column($0.staging, take) }
            }
    }
}
