internal import CODBC

/// One ODBC handle, freed when its last user lets go.
@safe final class Handle {
    let kind: Int16
    let raw: SQLHANDLE
    /// Whether the driver has no wide calls, and takes and gives narrow text as UTF-8.
    ///
    /// The driver manager would turn wide text into narrow for it, but by the process's locale, and in the C locale by cutting each
    /// unit to a byte.
    var isNarrow = false

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
        let child = unsafe Handle(kind: Int16(kind), raw: raw)
        child.isNarrow = self.isNarrow
        return child
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
        // A bound, because a broken driver may answer the same record for every number.
        for number in Int16(1)...32 {
            guard let record = self.isNarrow ? self.narrowRecord(number) : self.wideRecord(number) else { break }
            let redacted = DiagnosticRecord(
                state: record.state,
                native: record.native,
                message: redact.apply(to: record.message)
            )
            guard redacted != records.last else { break }
            records.append(redacted)
        }
        if records.isEmpty {
            records.append(DiagnosticRecord(state: "HY000", native: 0, message: "The driver gave no reason."))
        }
        return records
    }

    /// The longest message that is read, in units.
    private static let messageRoom = 4096

    private func wideRecord(_ number: Int16) -> DiagnosticRecord? {
        var message = [SQLWCHAR](repeating: 0, count: Self.messageRoom)
        var state = [SQLWCHAR](repeating: 0, count: 6)
        var (native, length) = (SQLINTEGER(0), SQLSMALLINT(0))
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
        guard succeeded(code) else { return nil }
        return DiagnosticRecord(
            state: String(decoding: state.prefix { $0 != 0 }, as: UTF16.self),
            native: native,
            message: String(decoding: message.prefix { $0 != 0 }, as: UTF16.self)
        )
    }

    private func narrowRecord(_ number: Int16) -> DiagnosticRecord? {
        var message = [SQLCHAR](repeating: 0, count: Self.messageRoom)
        var state = [SQLCHAR](repeating: 0, count: 6)
        var (native, length) = (SQLINTEGER(0), SQLSMALLINT(0))
        let code = unsafe SQLGetDiagRec(
            self.kind,
            self.raw,
            number,
            &state,
            &native,
            &message,
            SQLSMALLINT(message.count),
            &length
        )
        guard succeeded(code) else { return nil }
        return DiagnosticRecord(
            state: String(decoding: state.prefix { $0 != 0 }, as: UTF8.self),
            native: native,
            message: String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
        )
    }
}

/// Whether a call did its work, with or without a remark.
func succeeded(_ code: SQLRETURN) -> Bool { code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO }
