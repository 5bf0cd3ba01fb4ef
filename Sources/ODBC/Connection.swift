internal import CODBC

/// A connection to a database through unixODBC.
///
/// It is used by one thread at a time, and every call blocks, so it belongs into an actor with a thread of its own. One result is open
/// at a time: SQL Server allows no more, and the SQLite driver makes the older one stale without a word. Dropping the connection rolls
/// an open transaction back and disconnects.
@safe package final class Connection {
    /// What the connection is for; a hint to the server.
    package enum AccessMode: Hashable, Sendable { case readWrite, readOnly }

    let link: Link
    /// Prepared statements of ``insertArray(_:columns:rows:timeout:)``, by their text.
    var prepared: [String: Statement] = [:]
    /// The cursor that is open.
    weak var cursor: Cursor?
    /// Whether it failed to roll back.
    var isBroken = false
    /// Whether ``transaction(timeout:_:)`` is under way by statements of its own.
    var isInExplicitTransaction = false
    /// Whether ``execute(_:_:timeout:)`` and inserting are refused outside of a transaction.
    package var changesNeedTransaction = false

    /// Connects.
    ///
    /// - Parameters:
    ///   - connectionString: `DSN=…` or `Driver=…;…`, with values that hold `;` or `}` quoted by ``ConnectionString/quoted(_:)``
    ///   - loginTimeout: seconds that the driver may take to log in
    ///   - accessMode: whether it is only read
    /// - Throws: all records of the driver; the driver manager's IM002 or 01000 when there is no such source or driver.
    package init(
        connectionString: String,
        loginTimeout: Int = 15,
        accessMode: AccessMode = .readWrite
    ) throws(ODBCError) {
        self.link = try Link(
            connectionString: connectionString,
            loginTimeout: loginTimeout,
            accessMode: accessMode == .readOnly ? UInt(SQL_MODE_READ_ONLY) : UInt(SQL_MODE_READ_WRITE)
        )
    }

    /// The driver's file name, such as `libmsodbcsql-18.6.so.1.1`.
    package var driverName: String { self.link.driver.name }

    /// The database product, such as `Microsoft SQL Server` or `SQLite`.
    package var dbmsName: String { self.link.information(SQL_DBMS_NAME) }

    /// The database product's version.
    package var dbmsVersion: String { self.link.information(SQL_DBMS_VER) }

    /// Ends the call under way from any other thread.
    package var canceller: Canceller { self.link.canceller }

    /// How many statements it has executed, a set of rows counting as one: with drivers that send a set at once, the round trips.
    package var statements: Int { self.link.statements }

    /// Whether the driver knows that the connection is gone; it finds out by the calls that failed, and asks nobody.
    package var isDead: Bool {
        let alive = SQLUINTEGER(SQL_CD_FALSE)
        let state = unsafe codbc_connection_number(self.link.connection.raw, SQL_ATTR_CONNECTION_DEAD, alive)
        return self.isBroken || state != alive
    }

    /// Executes one statement or a batch, and drops its results.
    ///
    /// - Parameters:
    ///   - sql: the text, with `?` for each parameter
    ///   - parameters: the parameters' values
    ///   - timeout: seconds; 0 is without end
    /// - Returns: the rows affected, summed over the batch as the driver tells them, 0 when there was none to affect, -1 when it does
    ///   not tell.
    /// - Throws: what the driver says of any statement of the batch; 22007 for a parameter that is no date or timestamp.
    @discardableResult
    package func execute(_ sql: String, _ parameters: [ODBCValue] = [], timeout: Int) throws(ODBCError) -> Int {
        try self.requireTransaction()
        return try self.perform(sql, parameters, timeout: timeout)
    }

    /// The same, whether or not a transaction is under way.
    @discardableResult
    func perform(_ sql: String, _ parameters: [ODBCValue] = [], timeout: Int) throws(ODBCError) -> Int {
        let statement = try self.statement(timeout: timeout)
        guard try statement.execute(sql, parameters) != SQL_NO_DATA else { return 0 }
        return try statement.drain()
    }

    /// Refuses a change that would be committed by itself, where none may be.
    func requireTransaction() throws(ODBCError) {
        guard !self.changesNeedTransaction || self.isInExplicitTransaction || self.link.isTransactional else {
            throw ODBCError("25000", "The statement would be committed by itself: it needs a transaction.")
        }
    }

    /// A new statement, when no result is open.
    func statement(timeout: Int) throws(ODBCError) -> Statement {
        try self.requireNoCursor()
        return try Statement(self.link, timeout: timeout)
    }

    func requireNoCursor() throws(ODBCError) {
        guard !self.isBroken else {
            throw ODBCError("08S01", "The connection could not roll back its last transaction.")
        }
        guard self.cursor == nil else {
            throw ODBCError("HY010", "The connection is still reading: close its cursor first.")
        }
    }
}
