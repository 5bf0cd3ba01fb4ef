internal import CSQLite

/// A connection to a database of SQLite, with its prepared statements.
///
/// It is not `Sendable`: it lives in one actor, whose executor is a thread, because every call may wait for a lock or
/// for the disk. It never checkpoints by itself, neither after a commit nor when it closes: see
/// ``checkpointTruncate(waitingMilliseconds:)``. It closes when it and its statements are released.
package final class Database {
    /// The most statements that are kept.
    private static let mostStatements = 250

    let connection: Connection
    private var statements: [String: Statement] = [:]

    /// Opens a file.
    ///
    /// Opening does not read it: a file that is no database is noticed by the first statement.
    ///
    /// - Parameters:
    ///   - path: The file's path, never taken for a URI.
    ///   - mode: How to open it.
    ///   - busyTimeoutMilliseconds: How long any call may wait for another connection's lock.
    /// - Throws: ``SQLiteError`` when the file can't be opened, mostly ``SQLiteError/isCannotOpen``.
    package init(path: String, mode: OpenMode, busyTimeoutMilliseconds: Int) throws(SQLiteError) {
        self.connection = try Connection(path: path, mode: mode, busyTimeout: busyTimeoutMilliseconds)
    }

    /// Runs a script of several statements and leaves the rows they answer with.
    package func execute(_ script: String) throws(SQLiteError) {
        let code = unsafe script.withCString { unsafe sqlite3_exec(self.connection.raw, $0, nil, nil, nil) }
        try self.connection.check(code)
    }

    /// The row number that the last successful INSERT of this connection gave.
    package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(self.connection.raw) }

    /// The prepared statement of that text, kept for the next time.
    ///
    /// For hot paths that bind and step themselves. When the same text is being run further up the stack, this is
    /// another one, kept by nobody.
    package func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let kept = self.statements[sql] {
            return kept.isInUse ? try Statement(sql, on: self.connection) : kept
        }
        let statement = try Statement(sql, on: self.connection)
        // Texts that are put together, with as many parameters as there are values say, must not pile up.
        if self.statements.count >= Self.mostStatements { self.statements.removeAll() }
        self.statements[sql] = statement
        return statement
    }

    /// Runs one statement and says how many rows it inserted, updated or deleted.
    @discardableResult
    package func run(_ sql: String, _ values: [SQLiteValue] = []) throws(SQLiteError) -> Int {
        try self.using(sql, values) { statement throws(SQLiteError) in try statement.run() }
    }

    /// Runs one statement and reads its rows, all of them.
    package func query<T>(
        _ sql: String,
        _ values: [SQLiteValue] = [],
        _ row: (borrowing Row) throws(SQLiteError) -> T
    ) throws(SQLiteError) -> [T] {
        try self.using(sql, values) { statement throws(SQLiteError) in
            var rows: [T] = []
            while try statement.step() {
                rows.append(try row(statement.row))
            }
            return rows
        }
    }

    /// Runs one statement and reads its first row; nil when there is none.
    package func first<T>(
        _ sql: String,
        _ values: [SQLiteValue] = [],
        _ row: (borrowing Row) throws(SQLiteError) -> T
    ) throws(SQLiteError) -> T? {
        try self.using(sql, values) { statement throws(SQLiteError) in
            guard try statement.step() else { return nil }
            let first = try row(statement.row)
            // A writing statement (… RETURNING) commits at its end, and says only there whether it could.
            if !statement.isReadOnly { try statement.run() }
            return first
        }
    }

    /// Lends the statement of that text with its values bound, and leaves it reset and empty.
    private func using<T>(
        _ sql: String,
        _ values: [SQLiteValue],
        _ body: (Statement) throws(SQLiteError) -> T
    ) throws(SQLiteError) -> T {
        let statement = try self.statement(sql)
        statement.isInUse = true
        defer {
            statement.reset()
            statement.clearBindings()
            statement.isInUse = false
        }
        try statement.bind(values)
        return try body(statement)
    }
}
