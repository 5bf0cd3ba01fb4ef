internal import CODBC

/// The handles of a connection, shared by its statements, so that they are freed in the one order that ODBC allows: statements,
/// then the connection, then the environment.
@safe final class Link {
    // In this order: stored properties are released as declared, after `deinit` has run.
    let connection: Handle
    private let environment: Handle
    let canceller: Canceller
    /// The statement that is cancelled in place of another.
    private var proxy: Handle?
    fileprivate(set) var driver = Driver(name: "")
    /// Values of the connection string that no error may show.
    let secrets: [String]
    /// How many statements were executed.
    var statements = 0
    /// Whether statements run in a transaction that waits for commit or rollback.
    var isTransactional = false

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - connectionString: `DSN=…` or `Driver=…;…`
    ///   - loginTimeout: seconds
    ///   - accessMode: an SQL_MODE_… number
    /// - Throws: what the driver says.
    init(connectionString: String, loginTimeout: Int, accessMode: UInt) throws(ODBCError) {
        self.environment = try Handle.environment()
        self.connection = try self.environment.child(SQL_HANDLE_DBC)
        self.canceller = Canceller()
        self.secrets = ConnectionString(connectionString).secrets
        // Hints: a driver that doesn't know them connects without.
        for (attribute, value) in [(SQL_ATTR_LOGIN_TIMEOUT, SQLULEN(loginTimeout)), (SQL_ATTR_ACCESS_MODE, accessMode)]
        {
            _ = unsafe codbc_set_connection_number(self.connection.raw, attribute, value)
        }
        let keywords = ConnectionString(connectionString)
        self.connection.isNarrow = keywords["driver"].map { Driver(name: $0).isSQLite } ?? false
        let (code, socket) =
            self.connection.isNarrow
            ? (self.connect(connectionString), nil) : self.connectOverNetwork(connectionString, port: keywords.port)
        try self.connection.check(code, "SQLDriverConnect", redact: Redaction(secrets: self.secrets))
        self.driver = Driver(name: self.information(SQL_DRIVER_NAME))
        self.connection.isNarrow = self.driver.isSQLite
        if self.driver.isSQLite {
            let proxy = try self.connection.child(SQL_HANDLE_STMT)
            self.proxy = proxy
            self.canceller.cancel(through: proxy)
        } else if let socket {
            self.canceller.sever(socket, atOnce: self.driver.isMicrosoft)
        }
    }

    /// Connects, and finds the socket of it: anew when other threads made connections at the same moment from which nothing tells it.
    private func connectOverNetwork(_ connectionString: String, port: UInt16?) -> (SQLRETURN, NetworkSocket?) {
        for _ in 1..<Self.connectTries {
            let (code, finding) = NetworkSocket.made(port: port) { self.connect(connectionString) }
            switch finding {
            case .found(let socket): return (code, socket)
            case .several where succeeded(code): _ = unsafe SQLDisconnect(self.connection.raw)
            case .several, .none: return (code, nil)
            }
        }
        let (code, finding) = NetworkSocket.made(port: port) { self.connect(connectionString) }
        if case .found(let socket) = finding { return (code, socket) }
        return (code, nil)
    }

    private static let connectTries = 5

    private func connect(_ connectionString: String) -> SQLRETURN {
        let completion = SQLUSMALLINT(SQL_DRIVER_NOPROMPT)
        let raw = unsafe self.connection.raw
        if self.connection.isNarrow {
            var text = Array(connectionString.utf8)
            let length = SQLSMALLINT(clamping: text.count)
            return unsafe SQLDriverConnect(raw, nil, &text, length, nil, 0, nil, completion)
        }
        var text = Array(connectionString.utf16)
        let length = SQLSMALLINT(clamping: text.count)
        return unsafe SQLDriverConnectW(raw, nil, &text, length, nil, 0, nil, completion)
    }

    /// Makes a call on the connection itself, which must have ended after `timeout` seconds.
    func call(_ function: String, timeout: Int, _ body: (Handle) -> SQLRETURN) throws(ODBCError) {
        let (code, verdict) = self.canceller.watch(nil, timeout: timeout) { body(self.connection) }
        guard !succeeded(code) else { return }
        let error = self.connection.error(function, redact: Redaction(secrets: self.secrets))
        guard let own = verdict.record(timeout: timeout) else { throw error }
        throw ODBCError(function: function, records: [own] + error.records)
    }

    /// A text that the driver tells of itself; empty when it doesn't.
    func information(_ kind: Int32) -> String {
        var text = [SQLWCHAR](repeating: 0, count: 256)
        var bytes: SQLSMALLINT = 0
        let room = SQLSMALLINT(text.count * 2)
        let code = unsafe SQLGetInfoW(self.connection.raw, SQLUSMALLINT(kind), &text, room, &bytes)
        return succeeded(code) ? String(decoding: text.prefix { $0 != 0 }, as: UTF16.self) : ""
    }

    deinit {
        self.proxy = nil
        // What waits for a silent server is cut.
        if self.isTransactional {
            // A connection with an open transaction can't be disconnected (25000), and nobody can commit it any more.
            _ = self.canceller.watch(nil, timeout: Self.parting) {
                unsafe SQLEndTran(SQLSMALLINT(SQL_HANDLE_DBC), self.connection.raw, SQLSMALLINT(SQL_ROLLBACK))
            }
        }
        _ = self.canceller.watch(nil, timeout: Self.parting) { unsafe SQLDisconnect(self.connection.raw) }
    }

    /// Seconds that each call may take by which a connection is given up.
    private static let parting = 5
}
