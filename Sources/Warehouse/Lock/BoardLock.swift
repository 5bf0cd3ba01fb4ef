internal import ODBC
package import Orders
internal import ThreadExecutor

/// The lock that makes one program the only writer of a board, whatever host it runs on: an application lock of SQL Server, owned by
/// a session of its own, on a thread of its own.
///
/// It is gone with the session, so it is only as good as its last proof: a connection that is lost or failed over takes it along,
/// and some drivers reconnect without a word. On SQLite it is always given: there the journal's lock file keeps others out.
package actor BoardLock {
    private let executor = ThreadExecutor(name: "board-lock")
    private let cancelSwitch = CancelSwitch()
    private let session: Session
    private let resource: String

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// How long a statement or a login may take: much less than a proof holds good.
    private static let deadline = Duration.seconds(5)

    /// What a program says that needs the board and can't have it.
    package static let standby = Failure(
        .transient,
        code: "STANDBY",
        message: "another ordersyncd holds the board: stop that one, or let it do the work"
    )

    /// - Parameters:
    ///   - settings: where the board's tables are; nothing is connected before the first call
    ///   - board: the board's number
    package init(settings: WarehouseSettings, board: Int64) {
        var settings = settings
        settings.statementTimeout = min(settings.statementTimeout, Self.deadline)
        settings.loginTimeout = min(settings.loginTimeout, Self.deadline)
        self.session = Session(settings, accessMode: .readWrite, mayCreate: true, cancelSwitch: self.cancelSwitch)
        self.resource = "ordersync_board_\(board)"
    }

    /// Takes the lock when nobody has it, and says whether it is held; asked again, it proves it.
    ///
    /// A session that was refused is not asked again, but dropped: not every server that speaks T-SQL survives the fifth refusal of one session.
    package func take() throws(Failure) -> Bool {
        let isHeld = try self.ask()
        if !isHeld { self.session.drop() }
        return isHeld
    }

    private func ask() throws(Failure) -> Bool {
        try self.session.read(once: true) { connection, dialect in
            guard dialect == .sqlServer else { return true }
            // Asked first, since a session that has it would get it once more.
            let sql = """
                SET NOCOUNT ON;
                DECLARE @got INT;
                SET @got = 0;
                IF APPLOCK_MODE(N'public', N'\(self.resource)', N'Session') <> N'Exclusive'
                    EXEC @got = sp_getapplock @Resource = N'\(self.resource)', @LockMode = N'Exclusive',
                        @LockOwner = N'Session', @LockTimeout = 0;
                SELECT @got;
                """
            return try self.number(sql, connection).map { $0 >= 0 } ?? false
        }
    }

    /// Whether the session has the lock still; takes nothing.
    package func prove() throws(Failure) -> Bool {
        try self.session.read(once: true) { connection, dialect in
            guard dialect == .sqlServer else { return true }
            let sql = """
                SELECT CASE WHEN APPLOCK_MODE(N'public', N'\(self.resource)', N'Session') = N'Exclusive' THEN 1 ELSE 0 END
                """
            return try self.number(sql, connection) == 1
        }
    }

    /// Gives the lock back, with the session.
    package func release() {
        self.session.drop()
    }

    /// Ends the statement that is running, if any, from any thread.
    package nonisolated func cancel() {
        self.cancelSwitch.cancel()
    }

    private func number(_ sql: String, _ connection: Connection) throws -> Int64? {
        var number: Int64?
        try connection.query(sql, timeout: self.session.timeout) { number = try $0.integer(0) }
        return number
    }
}
