internal import CODBC

/// One ODBC handle, freed when its last user lets go.
@safe final class Handle {
    let kind: Int16
    let raw: SQLHANDLE

    private init(kind: Int16, raw: SQLHANDLE) {
        self.kind = kind
        unsafe self.raw = raw
    }

    /// An environment that speaks ODBC 3.
    static func environment() throws(ODBCError) -> Handle {
        var raw: SQLHANDLE?
        guard unsafe succeeded(SQLAllocHandle(Int16(SQL_HANDLE_ENV), nil, &raw)), let raw = unsafe raw else {
            throw ODBCError("HY001", "The driver manager gave no environment.")
        }
        let handle = unsafe Handle(kind: Int16(SQL_HANDLE_ENV), raw: raw)
        let version = SQLULEN(SQL_OV_ODBC3)
        try handle.check(
            unsafe codbc_set_environment_number(handle.raw, SQL_ATTR_ODBC_VERSION, version),
            "SQLSetEnvAttr"
        )
        return handle
    }

    /// A handle below this one: a connection of an environment, a statement of a connection.
    func child(_ kind: Int32) throws(ODBCError) -> Handle {
        var raw: SQLHANDLE?
        try self.check(unsafe SQLAllocHandle(Int16(kind), self.raw, &raw), "SQLAllocHandle")
        guard let raw = unsafe raw else { throw ODBCError("HY001", "The driver gave no handle.") }
        return unsafe Handle(kind: Int16(kind), raw: raw)
    }

    deinit {
        _ = unsafe SQLFreeHandle(self.kind, self.raw)
    }

    /// Throws what the driver said when `code` is neither a success nor "no data".
    ///
    /// `SQL_NO_DATA` is a normal answer: of a fetch at the end, and of an UPDATE that met no row.
    @discardableResult
    func check(_ code: SQLRETURN, _ function: String, redact: Redaction = Redaction()) throws(ODBCError) -> SQLRETURN {
        guard !succeeded(code), code != SQL_NO_DATA else { return code }
        throw self.error(function, redact: redact)
    }

    /// The error of the last call on this handle.
    func error(_ function: String, redact: Redaction = Redaction()) -> ODBCError {
        ODBCError(function: function, records: self.diagnostics(redact: redact))
    }

    /// All diagnostic records of the last call: a refused login of SQL Server comes as four.
    private func diagnostics(redact: Redaction) -> [DiagnosticRecord] {
        var records: [DiagnosticRecord] = []
        var message = [SQLWCHAR](repeating: 0, count: 4096)
        var state = [SQLWCHAR](repeating: 0, count: 6)
        // A bound, because a broken driver may answer the same record for every number.
        for number in Int16(1)...32 {
            var native: SQLINTEGER = 0
            var length: SQLSMALLINT = 0
            let code = unsafe SQLGetDiagRecW(
                self.kind,
                self.raw,
                number,
                &state,
                &native,
                &message,
                SQLSMALLINT(message.count),
                &length
            )
            guard succeeded(code) else { break }
            let units = message.prefix(min(max(Int(length), 0), message.count - 1)).prefix { $0 != 0 }
            let text = redact.apply(to: String(decoding: units, as: UTF16.self))
            let record = DiagnosticRecord(
                state: String(decoding: state.prefix(5), as: UTF16.self),
                native: native,
                message: text
            )
            guard record != records.last else { break }
            records.append(record)
        }
        if records.isEmpty {
            records.append(DiagnosticRecord(state: "HY000", native: 0, message: "The driver gave no reason."))
        }
        return records
    }
}

/// Whether a call did its work, with or without a remark.
func succeeded(_ code: SQLRETURN) -> Bool { code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO }
