internal import CrashPoints
internal import ODBC
package import Orders

extension Warehouse {
    /// Writes failures to the error tables; one that is there already, by its key, is left as it is.
    package func writeErrors(_ rows: [ErrorRow]) throws(Failure) {
        guard !rows.isEmpty else { return }
        try self.session.write(.errorRows) { connection, dialect in
            for row in rows {
                let statement = ErrorStatement(row, dialect)
                try connection.execute(statement.sql, statement.values, timeout: self.session.timeout)
            }
        }
    }

    /// Marks the open error rows of orders as resolved.
    package func resolveErrors(orderKeys: [OrderKey], by: String, at: Int64) throws(Failure) {
        try self.resolve("order_key", orderKeys.map(\.description), by, at)
    }

    /// Marks single failures as resolved, such as a reject that has passed.
    package func resolveErrors(errorKeys: [String], by: String, at: Int64) throws(Failure) {
        try self.resolve("error_key", errorKeys, by, at)
    }

    private func resolve(_ column: String, _ keys: [String], _ by: String, _ at: Int64) throws(Failure) {
        guard !keys.isEmpty else { return }
        try self.session.write(.errorResolution) { connection, dialect in
            for table in [Table.orderErrors, Table.subitemErrors] {
                let statement = RowStatement.update(
                    table,
                    set: [("resolved_date", .timestamp), ("resolved_by", .text(size: 100))],
                    by: [(column, .text(size: 100))],
                    onlyWhereNull: "resolved_date"
                )
                let rows = self.session.bulk(connection, dialect).rows(statement)
                for key in keys {
                    try rows.setTimestamp(0, SQLTime.text(at))
                    try rows.setText(1, ColumnWidth.cut(by, table, "resolved_by"))
                    try rows.setText(2, ColumnWidth.cut(key, table, column))
                    try rows.endRow()
                }
                try rows.finish()
            }
        }
    }
}
