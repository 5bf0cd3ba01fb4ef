internal import ODBC
import Orders

/// The INSERT of one error row, unless its key is there.
struct ErrorStatement {
    let sql: String
    let values: [ODBCValue]

    init(_ row: ErrorRow, _ dialect: Dialect) {
        let table = row.subitem == nil ? Table.orderErrors : Table.subitemErrors
        let batch = ODBCValue.guid(row.batchID)
        let message = String(row.failure.description.prefix(Failure.maximumMessageLength))
        var columns: [(name: String, value: ODBCValue)] = [
            ("error_key", .text(row.errorKey)), ("order_key", .textOrNull(row.orderKey?.description)),
            ("job_id", .integerOrNull(row.jobID)), ("batch_id", batch),
            ("customer_batch", .textOrNull(row.customerBatch)),
            ("order_number", .textOrNull(row.orderNumber)), ("api_payload", .textOrNull(row.apiPayload)),
            ("error_type", .text(row.errorType)), ("error_message", .text(message)),
            ("http_status_code", .integerOrNull(row.failure.httpStatus.map { Int64($0) })),
            ("retry_count", .integer(Int64(row.retryCount))), ("max_retries_reached", .bit(row.maxRetriesReached)),
            ("created_date", .timestamp(SQLTime.text(row.createdAt))),
            ("last_retry_date", row.lastRetryAt.map { .timestamp(SQLTime.text($0)) } ?? .null(.timestamp)),
            ("original_data", .textOrNull(row.originalData)),
        ]
        // The staging row that it was: of its batch, or the order's newest when it died before that batch had staged it.
        var staged = (
            table: Table.stagedOrders, id: "stg_id", column: "original_stg_id", keys: ["stg_batch_id", "order_key"]
        )
        var stagedValues: [ODBCValue] = [batch, .textOrNull(row.orderKey?.description)]
        if let subitem = row.subitem {
            columns += [
                ("size_label", .text(subitem.size)), ("order_qty", .integerOrNull(subitem.quantity)),
                ("parent_item_id", .integerOrNull(subitem.parentItemID)),
                ("subitem_name", .text(subitem.name)),
            ]
            staged.table = Table.stagedSubitems
            staged.id = "stg_subitem_id"
            staged.column = "original_stg_subitem_id"
            staged.keys.append("stg_size_label")
            stagedValues.append(.textOrNull(ColumnWidth.cut(subitem.size, Table.stagedSubitems, "stg_size_label")))
        } else {
            columns += [("item_name", .textOrNull(row.itemName)), ("group_name", .textOrNull(row.groupName))]
        }
        let newest = { (keys: ArraySlice<String>) in
            "(SELECT MAX(\(dialect.quoted(staged.id))) FROM \(dialect.table(staged.table)) "
                + "WHERE \(keys.map { "\(dialect.quoted($0)) = ?" }.joined(separator: " AND ")))"
        }
        let target = dialect.table(table)
        self.sql = """
            INSERT INTO \(target) (\(dialect.list(columns.map(\.name) + [staged.column])))
            SELECT \(columns.map { _ in "?" }.joined(separator: ", ")),
                COALESCE(\(newest(staged.keys[...])), \(newest(staged.keys.dropFirst())))
            WHERE NOT EXISTS (SELECT 1 FROM \(target) WHERE \(dialect.quoted("error_key")) = ?)
            """
        let cut = columns.map { column in
            guard case .text(let text) = column.value else { return column.value }
            return .text(ColumnWidth.cut(text, table, column.name) ?? text)
        }
        self.values = cut + stagedValues + stagedValues.dropFirst() + [cut[0]]
    }
}
