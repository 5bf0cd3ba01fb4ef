internal import CSQLite

extension Database {
    /// Ends what this connection is doing, from any thread, also after it has closed.
    package var interruptHandle: InterruptHandle { self.connection.interruptHandle }

    /// Makes the statement that runs now fail; for use on another thread take ``interruptHandle``.
    package func interrupt() { self.interruptHandle.interrupt() }

    /// The version of the library in use, as a number (3040001) and in words.
    package static var libraryVersion: (number: Int, string: String) {
        (Int(sqlite3_libversion_number()), unsafe String(cString: sqlite3_libversion()))
    }

    /// Whether the library in use can lose committed transactions when several connections checkpoint at once.
    package static var losesCommitsWhenCheckpointsRace: Bool {
        self.losesCommitsWhenCheckpointsRace(version: self.libraryVersion.number)
    }

    /// The same of any version: fixed in 3.51.3 and, for older lines, in 3.50.7 and 3.44.6.
    package static func losesCommitsWhenCheckpointsRace(version: Int) -> Bool {
        switch version {
        case 3_051_003...: false
        case 3_050_007..<3_051_000: false
        case 3_044_006..<3_045_000: false
        default: true
        }
    }

    /// Whether this connection checkpoints neither after commits nor when it closes, as the library itself says.
    package func isCheckpointGuardInForce() throws(SQLiteError) -> Bool {
        let automatic = try self.first("PRAGMA wal_autocheckpoint") { row in row.integer(0) }
        let atClose = try self.connection.setting(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        return automatic == 0 && atClose
    }

    /// A number that differs from the last one read here once another connection has committed.
    package func dataVersion() throws(SQLiteError) -> Int64 {
        try self.first("PRAGMA data_version") { row in row.integer(0) ?? 0 } ?? 0
    }

    /// Copies the log into the file and empties it.
    ///
    /// Only one program at a time may call it, under a lock of its own: see ``losesCommitsWhenCheckpointsRace``.
    ///
    /// - Parameter waitingMilliseconds: How long to wait for readers of the log and for the writer; nil for the
    ///   connection's busy time-out.
    /// - Returns: Whether a reader or writer was in the way, so that the log is not empty; the frames in the log; how
    ///   many of them are in the file. -1 for both counts when the database is not in WAL mode.
    /// - Throws: ``SQLiteError``, for example when the file is full or can't be written.
    package func checkpointTruncate(
        waitingMilliseconds: Int? = nil
    ) throws(SQLiteError) -> (busy: Bool, log: Int, checkpointed: Int) {
        let timeout = self.connection.busyHandler.timeout
        defer { self.connection.busyHandler.timeout = timeout }
        self.connection.busyHandler.timeout = waitingMilliseconds ?? timeout
        // The pragma answers "busy" in its row, not by an error: who doesn't read it never learns.
        let answer = try self.first("PRAGMA wal_checkpoint(TRUNCATE)") { row in
            (busy: row.integer(0) != 0, log: Int(row.integer(1) ?? -1), checkpointed: Int(row.integer(2) ?? -1))
        }
        return answer ?? (busy: true, log: -1, checkpointed: -1)
    }
}
