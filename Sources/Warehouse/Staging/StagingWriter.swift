import FoundationEssentials
internal import ODBC
import Orders

/// Writes orders and their sizes to the staging tables, in the caller's transaction.
struct StagingWriter {
    let bulk: Bulk
    let fieldMap: FieldMap
    let batch: UUID
    /// The customer or the batch's name.
    let customerBatch: String
    /// UTC milliseconds.
    let now: Int64

    private var batchID: String { self.batch.uuidString.lowercased() }
    private var connection: Connection { self.bulk.connection }
    private var dialect: Dialect { self.bulk.dialect }
    private var timeout: Int { self.bulk.timeout }

    /// Stages the orders anew: rows that an earlier try left of them are replaced.
    func write(_ orders: ArraySlice<StagedOrder>) throws {
        if try self.count(Table.stagedOrders) > 0 { try self.delete(orders) }
        let before = try self.count(Table.stagedSubitems)
        try self.insertOrders(orders)
        let parents = try self.parents()
        let stored = orders.count { parents[$0.orderKey.description] != nil }
        try self.require(stored, of: orders.count, "orders")
        let sizes = try self.insertSubitems(orders, parents: parents)
        try self.require(try self.count(Table.stagedSubitems) - before, of: sizes, "subitems")
    }

    /// Rows can get lost without an error: Microsoft's driver was seen to lose part of a set.
    private func require(_ stored: Int, of sent: Int, _ what: String) throws {
        guard stored == sent else {
            throw Failure(.systemic, code: "warehouse_lost_rows", message: "Of \(sent) \(what), \(stored) were stored.")
        }
    }

    private func count(_ table: String) throws -> Int {
        let sql = """
            SELECT COUNT(*) FROM \(self.dialect.table(table)) WHERE \(self.dialect.quoted("stg_batch_id")) = ?
                AND \(self.dialect.quoted("order_key")) IS NOT NULL
            """
        var count: Int64 = 0
        try self.connection.query(sql, [.guid(self.batchID)], timeout: self.timeout) { count = try $0.integer(0) ?? 0 }
        return Int(count)
    }

    /// Subitems first: their key has no cascade.
    private func delete(_ orders: ArraySlice<StagedOrder>) throws {
        for table in [Table.stagedSubitems, Table.stagedOrders] {
            let keys: [RowStatement.Column] = [("stg_batch_id", .guid), ("order_key", .text(size: 36))]
            let rows = self.bulk.rows(.delete(table, by: keys))
            for order in orders {
                try rows.setText(0, self.batchID)
                try rows.setText(1, order.orderKey.description)
                try rows.endRow()
            }
            try rows.finish()
        }
    }

    /// The staging rows' own numbers, by order key.
    private func parents() throws -> [String: Int64] {
        let sql = """
            SELECT \(self.dialect.list(["order_key", "stg_id"])) FROM \(self.dialect.table(Table.stagedOrders))
            WHERE \(self.dialect.quoted("stg_batch_id")) = ? AND \(self.dialect.quoted("order_key")) IS NOT NULL
            """
        var parents: [String: Int64] = [:]
        let cursor = try self.connection.cursor(
            sql,
            [.guid(self.batchID)],
            columns: [.text(units: 36), .integer],
            rowsPerBlock: 500,
            timeout: self.timeout
        )
        defer { cursor.close() }
        while true {
            let rows = try cursor.nextBlock()
            guard rows > 0 else { return parents }
            for row in 0..<rows {
                if let key = cursor.text(row, 0), let id = cursor.int64(row, 1) { parents[key] = id }
            }
        }
    }
}

extension StagingWriter {
    /// The columns beside the field map's, in the order in which ``insertOrders(_:)`` sets them.
    private static let ownColumns: [RowStatement.Column] = [
        ("stg_batch_id", .guid), ("stg_customer_batch", .text(size: 100)), ("stg_monday_item_id", .integer),
        ("stg_created_date", .timestamp), ("source_uuid", .guid), ("order_key", .text(size: 36)),
        ("source_hash", .text(size: 64)),
        ("change_type", .text(size: 20)), ("Title", .text(size: 0)), ("Group", .text(size: 0)), ("Item ID", .integer),
        ("key_digest", .text(size: 64)), ("source_customer", .text(size: 255)),
    ]

    private func insertOrders(_ orders: ArraySlice<StagedOrder>) throws {
        let fields = self.fieldMap.fields
        let columns =
            Self.ownColumns + fields.map { (name: $0.staging, type: Self.parameterType($0.stagingType)) }
        let rows = self.bulk.rows(.insert(Table.stagedOrders, columns, constants: Self.constants))
        let created = SQLTime.text(self.now)
        let name = ColumnWidth.cut(self.customerBatch, Table.stagedOrders, "stg_customer_batch")
        for staged in orders {
            let order = staged.order
            try rows.setText(0, self.batchID)
            try rows.setText(1, name)
            try rows.setInteger(2, staged.itemID)
            try rows.setTimestamp(3, created)
            try rows.setText(4, order.recordUUID?.uuidString.lowercased())
            try rows.setText(5, staged.orderKey.description)
            try rows.setText(6, staged.sourceHash)
            try rows.setText(7, ColumnWidth.cut(staged.changeType, Table.stagedOrders, "change_type"))
            try rows.setText(8, order.title)
            try rows.setText(9, order.group)
            try rows.setInteger(10, staged.itemID)
            try rows.setText(11, order.businessKey.digest.hexadecimal)
            try rows.setText(12, ColumnWidth.cut(order.businessKey.customer, Table.stagedOrders, "source_customer"))
            for (index, field) in fields.enumerated() {
                guard let value = order.values[index] else { continue }
                try Self.set(value, of: field, in: rows, at: Self.ownColumns.count + index)
            }
            try rows.endRow()
        }
        try rows.finish()
    }

    private static func parameterType(_ type: Field.StagingType) -> ParameterType {
        switch type {
        case .text(let maximumLength): .text(size: maximumLength ?? 0)
        case .float: .double
        case .date: .date
        }
    }

    private static func set(_ value: FieldValue, of field: Field, in rows: any RowWriter, at column: Int) throws {
        switch field.stagingType {
        case .text: try rows.setText(column, value.text)
        case .date: try rows.setDate(column, value.text)
        case .float:
            guard let number = Double(value.text), number.isFinite else {
                throw Failure(
                    .permanent,
                    code: "conversion",
                    message: "\(field.staging): “\(value.text)” is not a number."
                )
            }
            try rows.setDouble(column, number)
        }
    }

    /// - Returns: how many sizes were sent.
    private func insertSubitems(_ orders: ArraySlice<StagedOrder>, parents: [String: Int64]) throws -> Int {
        let columns: [RowStatement.Column] = [
            ("stg_batch_id", .guid), ("stg_customer_batch", .text(size: 100)), ("stg_created_date", .timestamp),
            ("order_key", .text(size: 36)),
            ("stg_parent_stg_id", .integer), ("parent_item_id", .text(size: 200)),
            ("stg_source_order_number", .text(size: 100)), ("stg_source_style", .text(size: 100)),
            ("stg_source_color", .text(size: 100)), ("Size", .text(size: 100)), ("stg_size_label", .text(size: 50)),
            ("Order Qty", .text(size: 0)), ("stg_order_qty_numeric", .integer),
        ]
        let table = Table.stagedSubitems
        let rows = self.bulk.rows(.insert(table, columns, constants: Self.constants))
        let created = SQLTime.text(self.now)
        let name = ColumnWidth.cut(self.customerBatch, table, "stg_customer_batch")
        for staged in orders {
            let key = staged.orderKey.description
            let business = staged.order.businessKey
            let number = ColumnWidth.cut(business.orderNumber, table, "stg_source_order_number")
            let style = ColumnWidth.cut(business.style, table, "stg_source_style")
            let colour = ColumnWidth.cut(business.colour, table, "stg_source_color")
            for size in staged.order.sizes {
                try rows.setText(0, self.batchID)
                try rows.setText(1, name)
                try rows.setTimestamp(2, created)
                try rows.setText(3, key)
                try rows.setInteger(4, parents[key])
                try rows.setText(5, staged.itemID.map { String($0) })
                try rows.setText(6, number)
                try rows.setText(7, style)
                try rows.setText(8, colour)
                try rows.setText(9, ColumnWidth.cut(size.label, table, "Size"))
                try rows.setText(10, ColumnWidth.cut(size.label, table, "stg_size_label"))
                try rows.setText(11, String(size.quantity))
                try rows.setInteger(12, Int64(size.quantity))
                try rows.endRow()
            }
        }
        try rows.finish()
        return rows.sent
    }

    /// What is the same in every row is no parameter.
    private static let constants = [(name: "stg_status", sql: "'PENDING'"), (name: "stg_retry_count", sql: "0")]
}
