internal import CSQLite

/// A prepared statement: bind, step until ``step()`` says false, and it is ready for the next round.
///
/// Parameters are counted from 1, columns from 0, as in SQLite. Bound values stay bound until they are bound anew.
@safe package final class Statement {
    let raw: OpaquePointer
    private let connection: Connection
    /// Whether some call further up the stack is stepping it; see ``Database/statement(_:)``.
    var isInUse = false

    init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        let (first, used) = unsafe try Self.prepare(sql, on: connection)
        guard let raw = unsafe first else {
            throw SQLiteError(code: SQLITE_MISUSE, message: "the statement is empty")
        }
        unsafe self.raw = raw
        self.connection = connection
        // SQLite leaves what follows the first statement, in silence.
        let rest = sql.utf8.dropFirst(used)
        guard !rest.isEmpty, let second = unsafe try Self.prepare(String(Substring(rest)), on: connection).raw else {
            return
        }
        unsafe sqlite3_finalize(second)
        throw SQLiteError(code: SQLITE_MISUSE, message: "more than one statement")
    }

    deinit {
        unsafe sqlite3_finalize(self.raw)
    }

    /// Compiles the first statement of a text.
    ///
    /// - Returns: The statement, nil when there is none, and how many bytes of the text it took.
    private static func prepare(
        _ sql: String,
        on connection: Connection
    ) throws(SQLiteError) -> (raw: OpaquePointer?, used: Int) {
        var sql = sql
        var raw: OpaquePointer?
        var used = 0
        let code = sql.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return SQLITE_OK }
                var tail: UnsafePointer<CChar>?
                let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
                let code = unsafe sqlite3_prepare_v3(connection.raw, start, Int32(text.count), flags, &raw, &tail)
                used = unsafe tail.map { unsafe $0 - start } ?? text.count
                return code
            }
        }
        try connection.check(code)
        return unsafe (raw, used)
    }

    /// Whether it leaves the database as it is.
    package var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(self.raw) != 0 }

    /// Moves to the next row; false at the end, and the statement is then reset.
    ///
    /// After an error it is reset as well.
    package func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(self.raw)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            // Resetting repeats the code and may reword the message, so the error is taken first.
            let error = self.connection.error(code)
            self.reset()
            throw error
        }
        self.reset()
        return false
    }

    /// Steps to the end, past any rows, and says how many rows were inserted, updated or deleted.
    ///
    /// A statement of another kind (BEGIN, CREATE, SELECT) answers with the count of the last one that was.
    @discardableResult
    package func run() throws(SQLiteError) -> Int {
        while try self.step() {}
        return Int(unsafe sqlite3_changes64(self.connection.raw))
    }

    /// Leaves the rows that were not read; the bound values stay.
    package func reset() {
        _ = unsafe sqlite3_reset(self.raw)
    }

    /// Forgets every bound value, so that a large one is not kept in memory.
    package func clearBindings() {
        _ = unsafe sqlite3_clear_bindings(self.raw)
    }

    /// The current row; valid until the next step.
    package var row: Row { Row(of: self) }

    func check(_ code: Int32) throws(SQLiteError) {
        try self.connection.check(code)
    }
}
