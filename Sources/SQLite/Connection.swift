internal import CLogFile
internal import CSQLite

/// The open handle behind a ``Database``; its statements hold it too, so it closes after the last of them.
@safe final class Connection {
    let raw: OpaquePointer
    let busyHandler: BusyHandler
    let commitGate = CommitGate()
    let interruptHandle: InterruptHandle

    /// Opens the file and sets what must never differ between connections.
    init(path: String, mode: OpenMode, busyTimeout: Int) throws(SQLiteError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw SQLiteError(code: SQLITE_CANTOPEN, message: "no usable path")
        }
        let fileSystem = LibrarySettings.fileSystem
        // Debian's library takes a path that starts with "file:" for a URI, whose options could undo ours.
        let name = path.hasPrefix("file:") ? "./" + path : path
        var handle: OpaquePointer?
        let flags = mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe name.withCString { unsafe sqlite3_open_v2($0, &handle, flags, fileSystem) }
        guard let handle = unsafe handle else {
            throw SQLiteError(code: SQLITE_NOMEM, message: "out of memory")
        }
        guard code == SQLITE_OK else {
            let error = unsafe SQLiteError(of: handle, code: code)
            unsafe sqlite3_close(handle)
            throw error
        }
        unsafe self.raw = handle
        self.busyHandler = BusyHandler(timeout: busyTimeout)
        self.interruptHandle = unsafe InterruptHandle(handle)
        try self.configure()
    }

    deinit {
        self.interruptHandle.invalidate()
        unsafe sqlite3_close_v2(self.raw)
    }

    /// Throws what went wrong last unless `code` says that nothing did.
    func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw self.error(code) }
    }

    /// The error of the call on this connection that just returned `code`.
    func error(_ code: Int32) -> SQLiteError {
        unsafe SQLiteError(of: self.raw, code: code)
    }

    /// What a setting of `sqlite3_db_config` is, after setting it when a value is given.
    @discardableResult
    func setting(_ option: Int32, to value: Bool? = nil) throws(SQLiteError) -> Bool {
        var result: Int32 = 0
        try self.check(unsafe csqlite_configure(self.raw, option, value.map { $0 ? 1 : 0 } ?? -1, &result))
        return result != 0
    }

    private func configure() throws(SQLiteError) {
        try self.check(unsafe self.busyHandler.install(on: self.raw))
        unsafe self.commitGate.install(on: self.raw)
        unsafe clogfile_watch(self.raw)
        // Several connections that checkpoint can lose committed transactions in Debian 12's library (3.40.1; fixed in
        // 3.51.3, 3.50.7 and 3.44.6), so none does unless told to.
        try self.check(unsafe sqlite3_wal_autocheckpoint(self.raw, 0))
        try self.setting(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, to: true)
        try self.setting(SQLITE_DBCONFIG_DEFENSIVE, to: true)
        try self.setting(SQLITE_DBCONFIG_TRUSTED_SCHEMA, to: false)
        try self.setting(SQLITE_DBCONFIG_ENABLE_FKEY, to: true)
        // A misspelt column in double quotes is an error, not a text.
        try self.setting(SQLITE_DBCONFIG_DQS_DML, to: false)
        try self.setting(SQLITE_DBCONFIG_DQS_DDL, to: false)
    }
}

extension SQLiteError {
    /// The error of the last call on a connection.
    init(of database: OpaquePointer, code: Int32) {
        let message = unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) } ?? "unknown error"
        var systemError: Int32 = 0
        if code & 0xff == SQLITE_IOERR { systemError = unsafe csqlite_journal_errno(database) }
        // SQLite keeps the number of an earlier failure, so it is asked only where it sets it anew.
        if systemError == 0, [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xff) {
            systemError = unsafe sqlite3_system_errno(database)
        }
        self.init(code: code, message: message, systemError: systemError)
    }
}
