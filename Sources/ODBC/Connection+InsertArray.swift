internal import CODBC

extension Connection {
    /// How many prepared statements are kept.
    private static let preparedLimit = 16

    /// Executes a statement once for each row of the columns, in as few round trips as the driver manages.
    ///
    /// A set that fails is of no use: how much of it was done differs by driver (with SQLite's the rows before the bad one, with
    /// PostgreSQL's none). So call it in a transaction and roll back what failed.
    ///
    /// Drivers differ in what they tell of success, too: PostgreSQL's has one count a row (summed here), SQLite's writes no row
    /// statuses, and Microsoft's was seen to lose rows without a word when it had to guess a parameter's type. So count the rows that
    /// are stored, where it matters, by a SELECT. On SQLite the count is the database's own, rows changed by triggers included.
    ///
    /// - Parameters:
    ///   - sql: the text, with one `?` for each column
    ///   - columns: the parameters, each with room for `rows`
    ///   - rows: how many rows, from the first on
    ///   - timeout: seconds; 0 is without end
    /// - Returns: the rows affected, as the driver tells; -1 when it does not.
    /// - Throws: what the driver says of the set; also when it marks a row as failed, or stops short, and calls that a success.
    @discardableResult
    package func insertArray(
        _ sql: String,
        columns: [ParameterColumn],
        rows: Int,
        timeout: Int
    ) throws(ODBCError) -> Int {
        guard rows > 0 else { return 0 }
        try self.requireTransaction()
        precondition(columns.allSatisfy { $0.capacity >= rows }, "a column has less room than rows")
        let statement = try self.preparedStatement(sql, timeout: timeout)
        do {
            return try self.run(statement, columns: columns, rows: rows)
        } catch {
            // It holds addresses of this set, and with some drivers a failed plan: the next set prepares anew.
            self.prepared[sql] = nil
            throw error
        }
    }

    private func run(_ statement: Statement, columns: [ParameterColumn], rows: Int) throws(ODBCError) -> Int {
        let report = statement.report(rows: rows)
        try statement.set(SQL_ATTR_PARAM_BIND_TYPE, number: Int(SQL_PARAM_BIND_BY_COLUMN))
        try statement.set(SQL_ATTR_PARAMSET_SIZE, number: rows)
        try unsafe statement.set(SQL_ATTR_PARAM_STATUS_PTR, address: report.statuses)
        try unsafe statement.set(SQL_ATTR_PARAMS_PROCESSED_PTR, address: report.processed)
        defer {
            // The statement outlives the columns.
            statement.close()
            statement.forgetParameters()
            withExtendedLifetime(columns) {}
        }
        let before = try self.changesOnSQLite()
        try statement.bind(columns, rows: rows)
        self.link.statements += 1
        let code = try statement.call("SQLExecute") { unsafe SQLExecute($0.raw) }
        // Why a row failed is told now, and forgotten by the next call. The other rows' results are read all the same, so that the
        // statement can be executed again.
        let refusal = report.firstBadRow.map { row in
            statement.error("SQLExecute", or: "The driver marked row \(row + 1) of \(rows) as failed.")
        }
        let affected: Int
        do {
            affected = code == SQL_NO_DATA ? 0 : try statement.drain()
        } catch {
            throw refusal ?? error
        }
        if let refusal { throw refusal }
        if let row = report.firstBadRow {
            throw statement.error("SQLMoreResults", or: "The driver marked row \(row + 1) of \(rows) as failed.")
        }
        guard report.processedRows == rows || report.processedRows == 0 else {
            throw ODBCError("HY000", "The driver processed \(report.processedRows) of \(rows) rows.")
        }
        guard let before, let after = try self.changesOnSQLite() else { return affected }
        return Int(after - before)
    }

    /// The rows that SQLite says were changed since the connection was opened; nil on other databases.
    private func changesOnSQLite() throws(ODBCError) -> Int64? {
        guard self.link.driver.isSQLite else { return nil }
        let statement = try self.statement(timeout: 0)
        _ = try statement.execute("SELECT total_changes()", [])
        let row = try Row(statement)
        return try row.advance() ? try row.integer(0) : nil
    }

    private func preparedStatement(_ sql: String, timeout: Int) throws(ODBCError) -> Statement {
        try self.requireNoCursor()
        if let statement = self.prepared[sql], statement.timeout == timeout { return statement }
        if self.prepared.count >= Self.preparedLimit { self.prepared.removeAll() }
        let statement = try Statement(self.link, timeout: timeout)
        try statement.prepare(self.link.driver.prepared(sql))
        self.prepared[sql] = statement
        return statement
    }
}
