internal import CODBC

/// One statement of a connection: its handle, its deadline, and what must not stand in its errors.
@safe final class Statement {
    let handle: Handle
    // Below the handle: a statement is freed before its connection.
    let link: Link
    let timeout: Int
    private var redaction: Redaction
    /// Of the longest set that was executed.
    private var report: SetReport?
    /// Whether a cancel met a call that succeeded all the same, with more of the statement to come.
    private var isCancelled = false

    /// - Parameters:
    ///   - link: the connection it belongs to
    ///   - timeout: seconds for the execution, and for each fetch; 0 is without end
    /// - Throws: when the driver gives no statement, as over a connection that is gone.
    init(_ link: Link, timeout: Int) throws(ODBCError) {
        self.handle = try link.connection.child(SQL_HANDLE_STMT)
        self.link = link
        self.timeout = timeout
        self.redaction = Redaction(secrets: link.secrets)
        // A driver that refuses it has the deadline of the canceller still.
        _ = unsafe codbc_set_statement_number(self.handle.raw, SQL_ATTR_QUERY_TIMEOUT, SQLULEN(max(timeout, 0)))
    }

    /// Makes a call with the deadline, and throws what the driver says against it.
    @discardableResult
    func call(_ function: String, _ body: (Handle) -> SQLRETURN) throws(ODBCError) -> SQLRETURN {
        // The end of a statement that has done its work is no longer to be cancelled.
        if self.isCancelled, function != "SQLMoreResults" {
            self.isCancelled = false
            let record = DiagnosticRecord(state: "HY008", native: 0, message: "The statement was cancelled.")
            throw ODBCError(function: function, records: [record])
        }
        let (code, verdict) = self.link.canceller.watch(self.handle, timeout: self.timeout) {
            body(self.handle)
        }
        guard !succeeded(code), code != SQL_NO_DATA else {
            // A cancel that met the preparation, or the start of a result that is read bit by bit, came in time: the rest
            // of the statement is not begun.
            if verdict == .cancelled { self.isCancelled = true }
            return code
        }
        let error = self.handle.error(function, redact: self.redaction)
        let isLate = verdict == .none && self.link.driver.isInterruption(error)
        let cause = isLate ? self.link.canceller.takeLeftover() : verdict
        guard let own = cause.record(timeout: self.timeout) else { throw error }
        throw ODBCError(function: function, records: [own] + error.records)
    }

    /// Makes a call that doesn't wait for the server.
    func quick(_ function: String, _ body: (Handle) -> SQLRETURN) throws(ODBCError) {
        try self.handle.check(body(self.handle), function, redact: self.redaction)
    }

    func prepare(_ sql: String) throws(ODBCError) {
        if self.handle.isNarrow {
            var text = Array(sql.utf8)
            try self.call("SQLPrepare") { unsafe SQLPrepare($0.raw, &text, SQLINTEGER(text.count)) }
        } else {
            var text = Array(sql.utf16)
            try self.call("SQLPrepare") { unsafe SQLPrepareW($0.raw, &text, SQLINTEGER(text.count)) }
        }
    }

    func set(_ attribute: Int32, number: Int) throws(ODBCError) {
        try self.quick("SQLSetStmtAttr") { unsafe codbc_set_statement_number($0.raw, attribute, SQLULEN(number)) }
    }

    func set(_ attribute: Int32, address: UnsafeMutableRawPointer?) throws(ODBCError) {
        try self.quick("SQLSetStmtAttr") { unsafe codbc_set_statement_address($0.raw, attribute, address) }
    }

    /// Binds one parameter to each column, which must live until the statement is executed.
    func bind(_ columns: [ParameterColumn], rows: Int) throws(ODBCError) {
        self.redaction = Redaction(secrets: self.link.secrets, parameters: columns, rows: rows)
        for (index, column) in columns.enumerated() {
            let described = column.type.described(for: self.link.driver, longest: column.longestText(rows: rows))
            try self.quick("SQLBindParameter") {
                unsafe SQLBindParameter(
                    $0.raw,
                    SQLUSMALLINT(index + 1),
                    SQLSMALLINT(SQL_PARAM_INPUT),
                    column.type.bufferType,
                    described.type,
                    described.size,
                    described.digits,
                    column.values,
                    SQLLEN(column.stride),
                    column.indicators
                )
            }
        }
    }

    /// Where the driver tells what becomes of a set of as many rows.
    ///
    /// It has room for the longest set that was executed: Microsoft's driver 18.6 was seen to write, beside the statuses of a set, one
    /// at the place of the last row of the set before.
    func report(rows: Int) -> SetReport {
        let report = self.report.flatMap { $0.capacity >= rows ? $0 : nil } ?? SetReport(capacity: rows)
        report.begin(rows: rows)
        self.report = report
        return report
    }

    /// Executes the text with one row of parameters.
    ///
    /// - Returns: whether it left a result open; it does not for a searched UPDATE that met no row.
    func execute(_ sql: String, _ parameters: [ODBCValue]) throws(ODBCError) -> SQLRETURN {
        var columns: [ParameterColumn] = []
        for value in parameters {
            let column = ParameterColumn(value.type, rows: 1)
            try column.set(0, value)
            columns.append(column)
        }
        try self.bind(columns, rows: 1)
        defer { withExtendedLifetime(columns) {} }
        self.link.statements += 1
        if self.handle.isNarrow {
            var text = Array(sql.utf8)
            return try self.call("SQLExecDirect") { unsafe SQLExecDirect($0.raw, &text, SQLINTEGER(text.count)) }
        }
        var text = Array(sql.utf16)
        return try self.call("SQLExecDirect") { unsafe SQLExecDirectW($0.raw, &text, SQLINTEGER(text.count)) }
    }

    /// Rows affected by all results, the ones still to come included; -1 when the driver told none.
    ///
    /// It walks through every result of a batch, since an error of a later statement shows only there.
    func drain() throws(ODBCError) -> Int {
        var total = -1
        repeat {
            var count: SQLLEN = -1
            try self.quick("SQLRowCount") { unsafe SQLRowCount($0.raw, &count) }
            if count >= 0 { total = max(total, 0) + count }
        } while try self.call("SQLMoreResults") { unsafe SQLMoreResults($0.raw) } != SQL_NO_DATA
        return total
    }

    /// Unbinds all parameters and their reports, whose memory may go then.
    func forgetParameters() {
        self.redaction = Redaction(secrets: self.link.secrets)
        _ = unsafe SQLFreeStmt(self.handle.raw, SQLUSMALLINT(SQL_RESET_PARAMS))
        for attribute in [SQL_ATTR_PARAM_STATUS_PTR, SQL_ATTR_PARAMS_PROCESSED_PTR] {
            _ = unsafe codbc_set_statement_address(self.handle.raw, attribute, nil)
        }
    }

    /// What the driver says of its last call, or our own words when it says nothing.
    func error(_ function: String, or message: String) -> ODBCError {
        let error = self.handle.error(function, redact: self.redaction)
        let own = DiagnosticRecord(state: "HY000", native: 0, message: message)
        return ODBCError(function: function, records: error.records + [own])
    }

    /// Drops what is left of the result, so that the statement can be executed again.
    func close() {
        // Of a result that is not read to its end some drivers ask the server to stop, and wait for the answer.
        _ = self.link.canceller.watch(nil, timeout: self.timeout) {
            unsafe SQLFreeStmt(self.handle.raw, SQLUSMALLINT(SQL_CLOSE))
        }
    }
}
