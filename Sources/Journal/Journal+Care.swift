internal import CrashPoints
internal import SQLite

extension Journal {
    private enum SQL {
        /// One pass over each small partial index.
        static let depth = """
            SELECT (SELECT count(*) FROM job WHERE state = 'waiting'), (SELECT count(*) FROM job WHERE state = 'ready'),
                (SELECT count(*) FROM job WHERE state = 'running'), (SELECT count(*) FROM job WHERE state = 'retry'),
                (SELECT count(*) FROM job WHERE state = 'in_doubt'), (SELECT count(*) FROM job WHERE state = 'dead'),
                (SELECT count(*) FROM job WHERE state = 'held'),
                (SELECT min(run_at_ms) FROM job WHERE state = 'retry'),
                (SELECT count(*) FROM effect WHERE state <> 'settled'),
                (SELECT count(*) FROM error_row WHERE written_ms IS NULL
                    OR (resolved_ms IS NOT NULL AND resolution_written_ms IS NULL))
                + (SELECT count(*) FROM batch WHERE closed_ms IS NOT NULL AND reported_ms IS NULL),
                (SELECT min(queued_ms) FROM job WHERE state = 'ready')
            """
        static let guardNumbers = """
            SELECT (SELECT value FROM meta WHERE key = 'journal_id'), coalesce((SELECT max(epoch) FROM epoch), 0),
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'effect'), 0),
                NOT EXISTS (SELECT 1 FROM ledger)
            """
        static let tokens = "SELECT epoch, token FROM epoch"
    }

    /// How many jobs stand where, and when the next one is due.
    package func depth(now: Int64) throws(JournalError) -> QueueDepth {
        try self.read { database in
            let depth = try database.first(SQL.depth) { row throws(SQLiteError) in
                var depth = QueueDepth()
                depth.waiting = try row.count(0)
                depth.ready = try row.count(1)
                depth.running = try row.count(2)
                depth.retry = try row.count(3)
                depth.inDoubt = try row.count(4)
                depth.dead = try row.count(5)
                depth.held = try row.count(6)
                depth.nextRetry = row.integer(7)
                depth.unsettledEffects = try row.count(8)
                depth.backlog = try row.count(9)
                depth.oldestReady = row.integer(10)
                return depth
            }
            return depth ?? QueueDepth()
        }
    }

    /// The numbers that the warehouse keeps a copy of, so that another journal in this one's place is noticed.
    package func guardNumbers() throws(JournalError) -> GuardNumbers {
        try self.read { database in
            let tokens = try database.query(SQL.tokens) { row throws(SQLiteError) in
                (try row.whole(0), try row.string(1))
            }
            let numbers = try database.first(SQL.guardNumbers) { row throws(SQLiteError) in
                GuardNumbers(
                    journalID: try row.string(0),
                    epoch: try row.whole(1),
                    lastEffect: try row.whole(2),
                    isLedgerEmpty: row.flag(3),
                    tokens: Dictionary(tokens) { first, _ in first }
                )
            }
            return numbers ?? GuardNumbers(journalID: "", epoch: 0, lastEffect: 0, isLedgerEmpty: true, tokens: [:])
        }
    }

    /// A number that changes whenever another process has committed something.
    package func dataVersion() throws(JournalError) -> Int64 {
        let database = try self.opened()
        do {
            return try database.integer("PRAGMA data_version") ?? 0
        } catch {
            throw self.explained(error)
        }
    }

    /// Brings the write-ahead log into the file and empties it; only the daemon does, under its lock.
    ///
    /// With Debian 12's SQLite two processes that checkpoint can lose committed work, so nobody else ever may.
    package func checkpoint() throws(JournalError) -> CheckpointResult {
        guard self.role == .daemon, self.lock != nil else {
            throw JournalError(.role, "journal \(self.path): only the daemon may empty the write-ahead log")
        }
        let database = try self.opened()
        do {
            CrashPoint.checkpoint.pass(.before)
            let result = try database.checkpointTruncate(waitingMilliseconds: min(self.limits.busyTimeout, 2000))
            CrashPoint.checkpoint.pass(.after)
            return CheckpointResult(isBusy: result.busy, pages: result.log, checkpointed: result.checkpointed)
        } catch {
            throw self.explained(error)
        }
    }

    /// How long the write-ahead log may stay as it is, in milliseconds.
    static let logInterval: Int64 = 10_000
    /// Bytes of the log that are too many to wait that long: under a load that never pauses, this bounds it.
    static let largeLog: Int64 = 16 << 20

    /// Empties the write-ahead log when it is time, or when the log has grown large.
    package func tendLog(now: Int64) throws(JournalError) {
        let isDue = self.lastCheckpoint.map { now - $0 >= Self.logInterval } ?? true
        guard isDue || self.logSize() > Self.largeLog else { return }
        self.lastCheckpoint = now
        _ = try self.checkpoint()
    }

    /// Looks for damage in the file's structure.
    ///
    /// - Returns: What is wrong, a line each; empty when nothing is.
    package func quickCheck() throws(JournalError) -> [String] {
        try self.problems("PRAGMA quick_check(100)")
    }

    /// Looks for damage in the file's structure and indexes, and for rows that refer to none.
    ///
    /// - Returns: What is wrong, a line each; empty when nothing is.
    package func integrityCheck() throws(JournalError) -> [String] {
        let damage = try self.problems("PRAGMA integrity_check(100)")
        let orphans = try self.read { database in
            try database.query("PRAGMA foreign_key_check") { row in
                "row \(row.integer(1) ?? 0) of \(row.text(0) ?? "") refers to no \(row.text(2) ?? "")"
            }
        }
        return damage + orphans
    }

    private func problems(_ pragma: String) throws(JournalError) -> [String] {
        try self.read { database in
            let lines = try database.query(pragma) { $0.text(0) ?? "" }
            return lines == ["ok"] ? [] : lines
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var careQueries: [String: [String]] { ["job_ready": [SQL.depth]] }
}
