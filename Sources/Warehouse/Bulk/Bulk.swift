internal import ODBC

/// Sends many rows over a connection, in the way that suits it.
struct Bulk {
    let connection: Connection
    let dialect: Dialect
    let method: BulkMethod
    /// Seconds for each set.
    let timeout: Int

    /// Begins to send rows of a statement.
    func rows(_ statement: RowStatement) -> any RowWriter {
        if self.method == .json, self.dialect == .sqlServer {
            return JSONRows(self.connection, statement, timeout: self.timeout)
        }
        let rows = self.connection.inserter(
            statement.arraySQL(self.dialect),
            columns: statement.arrayTypes,
            timeout: self.timeout
        )
        return ArrayRows(rows, columnCount: statement.columns.count, firstRepeated: statement.firstRepeated)
    }
}
