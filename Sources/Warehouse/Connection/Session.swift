internal import CrashPoints
internal import ODBC
import Orders

/// A connection that is made when it is needed, and dropped when its state is in doubt; used on one thread.
final class Session {
    private let settings: WarehouseSettings
    private let accessMode: Connection.AccessMode
    private let mayCreate: Bool
    private let cancelSwitch: CancelSwitch
    /// SQLite's page cache for writing.
    ///
    /// Its default of 2 MiB spills to the file in the middle of a batch, since keys come in no order.
    private static let cacheKibibytes = 4096

    private var current: (connection: Connection, dialect: Dialect)?
    /// The statements of the connections that were dropped.
    private var earlierStatements = 0

    /// The deadline of a statement in seconds, at least one: drivers take no fractions, and 0 means without end.
    let timeout: Int

    init(
        _ settings: WarehouseSettings,
        accessMode: Connection.AccessMode,
        mayCreate: Bool,
        cancelSwitch: CancelSwitch
    ) {
        self.settings = settings
        self.accessMode = accessMode
        self.mayCreate = mayCreate
        self.cancelSwitch = cancelSwitch
        self.timeout = Self.seconds(settings.statementTimeout)
    }

    /// Reads by the connection; what would change the database is refused.
    ///
    /// The work must be repeatable: when a connection that had been idle turns out to be dead, it is done once more on a new one.
    ///
    /// - Parameters:
    ///   - once: that it is not repeatable
    ///   - body: the work
    /// - Returns: What the work returns.
    /// - Throws: What went wrong, classed by what may be done about it.
    func read<Result>(once: Bool = false, _ body: (Connection, Dialect) throws -> Result) throws(Failure) -> Result {
        try self.run(once: once, body)
    }

    private func run<Result>(once: Bool, _ body: (Connection, Dialect) throws -> Result) throws(Failure) -> Result {
        let wasOpen = self.current != nil && !once
        do {
            return try self.attempt(body)
        } catch {
            guard wasOpen, error.mayRepeat else { throw error.failure }
        }
        do {
            return try self.attempt(body)
        } catch {
            throw error.failure
        }
    }

    /// Does work in a transaction, which is rolled back when it throws; the only way to change the database.
    func write<Result>(
        _ point: CrashPoint,
        _ body: (Connection, Dialect) throws -> Result
    ) throws(Failure) -> Result {
        try self.run(once: false) { connection, dialect in
            let result = try connection.transaction(timeout: self.timeout) {
                let result = try body(connection, dialect)
                point.pass(.before)
                return result
            }
            point.pass(.after)
            return result
        }
    }

    /// How many rows go to the server over a connection.
    func bulk(_ connection: Connection, _ dialect: Dialect) -> Bulk {
        let method = self.settings.bulk ?? BulkMethod.fastest(dialect)
        return Bulk(connection: connection, dialect: dialect, method: method, timeout: self.timeout)
    }

    /// How many statements were sent, over this connection and those before.
    var statements: Int { self.earlierStatements + (self.current?.connection.statements ?? 0) }

    func drop() {
        self.cancelSwitch.connect(nil)
        self.earlierStatements = self.statements
        self.current = nil
    }

    private struct Broken: Error {
        let failure: Failure
        /// Whether its connection was found dead, so that the same work may succeed on a new one.
        let mayRepeat: Bool
    }

    private func attempt<Result>(_ body: (Connection, Dialect) throws -> Result) throws(Broken) -> Result {
        let (connection, dialect) = try self.connected()
        do {
            return try body(connection, dialect)
        } catch let error as ODBCError {
            // After a time-out some drivers leave the connection unusable.
            let isLost = error.isConnectionLost || connection.isDead
            let failure = Failure(error, dialect)
            // A server that has handed its part to another one keeps the connection, and serves it no more.
            if isLost || error.isTimeout || error.isCancelled || failure.isUnreachable { self.drop() }
            // What has used its time up, or is not wanted any more, is not done once more.
            let mayRepeat = isLost && !error.isTimeout && !error.isCancelled
            throw Broken(failure: failure, mayRepeat: mayRepeat)
        } catch let failure as Failure {
            throw Broken(failure: failure, mayRepeat: false)
        } catch {
            throw Broken(failure: Failure(.systemic, code: "internal", message: "\(error)"), mayRepeat: false)
        }
    }

    private func connected() throws(Broken) -> (Connection, Dialect) {
        if let current = self.current { return current }
        let connection: Connection
        do {
            connection = try self.connect()
        } catch {
            throw Broken(failure: Failure(connecting: error), mayRepeat: false)
        }
        let dialect = self.settings.dialect ?? Dialect(dbmsName: connection.dbmsName)
        self.cancelSwitch.connect(connection.canceller)
        do {
            if dialect == .sqlite, self.accessMode == .readWrite {
                // It reads the schema first, and so waits for a writer.
                try connection.execute("PRAGMA cache_size = -\(Self.cacheKibibytes)", timeout: self.timeout)
            } else if dialect == .sqlServer {
                try connection.execute(SQLServerKeywords.session, timeout: self.timeout)
            }
            connection.changesNeedTransaction = true
        } catch {
            throw Broken(failure: Failure(error, dialect), mayRepeat: false)
        }
        self.current = (connection, dialect)
        return (connection, dialect)
    }

    private func connect() throws(ODBCError) -> Connection {
        let given = self.settings.connection.reveal()
        let complete = SQLiteKeywords.complete(given, timeout: self.timeout, mayCreate: self.mayCreate)
        let isSQLite = SQLiteKeywords.applies(to: given)
        let connection = try self.open(
            isSQLite
                ? complete : SQLServerKeywords.complete(given, readsOnly: self.accessMode == .readOnly)
        )
        // A data source's name doesn't tell its driver before it is connected.
        guard !isSQLite, complete != given, connection.driverName.lowercased().contains("sqlite") else {
            return connection
        }
        return try self.open(complete)
    }

    private func open(_ connectionString: String) throws(ODBCError) -> Connection {
        try Connection(
            connectionString: connectionString,
            loginTimeout: Self.seconds(self.settings.loginTimeout),
            accessMode: self.accessMode
        )
    }

    private static func seconds(_ duration: Duration) -> Int {
        max(1, Int(duration.components.seconds))
    }
}
