internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let insertRun = """
            INSERT INTO run (started_ms, committed_ms, who, host, batch_name, batch_type, scope, field_map_digest, complete)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        static let lastRun = """
            SELECT id, started_ms, committed_ms, who, host, batch_name, batch_type, scope, field_map_digest, complete,
                read_count, new_count, changed_count, unchanged_count, gone_count, rejected_count
            FROM run ORDER BY id DESC LIMIT 1
            """
        static let addFieldMap = "INSERT INTO field_map (digest, first_seen_ms) VALUES (?1, ?2)"
        static let fieldMap = "SELECT id FROM field_map WHERE digest = ?1"
    }

    /// The last run that was committed; nil when there was none.
    package func lastRun() throws(JournalError) -> RunRecord? {
        try self.read { database in
            try database.first(SQL.lastRun) { row throws(SQLiteError) in
                var run = RunRecord(
                    startedAt: try row.whole(1),
                    who: try row.string(3),
                    host: try row.string(4),
                    batchName: try row.string(5),
                    batchType: try row.string(6),
                    scope: try row.string(7),
                    fieldMapDigest: try row.digest(8),
                    isComplete: row.flag(9)
                )
                run.id = try row.whole(0)
                run.committedAt = try row.whole(2)
                run.counts.read = try row.count(10)
                run.counts.new = try row.count(11)
                run.counts.changed = try row.count(12)
                run.counts.unchanged = try row.count(13)
                run.counts.gone = try row.count(14)
                run.counts.rejected = try row.count(15)
                return run
            }
        }
    }

    /// Runs a body that enqueues; all of it is committed at once, or nothing when it throws.
    ///
    /// The body runs on the journal's thread and holds the write lock: what takes long is done before.
    package func withEnqueueTransaction<T: Sendable>(
        run: RunRecord,
        now: Int64,
        _ body: @Sendable (EnqueueTransaction) throws -> T
    ) throws -> T {
        do {
            return try self.opened().commit(.enqueue) { database in
                try database.run(
                    SQL.insertRun,
                    [
                        .integer(run.startedAt), .integer(now), .text(run.who), .text(run.host), .text(run.batchName),
                        .text(run.batchType), .text(run.scope), .digest(run.fieldMapDigest),
                        .integer(run.isComplete ? 1 : 0),
                    ]
                )
                // RETURNING would build a table for its one row.
                let id = database.lastInsertedRow
                let transaction = try EnqueueTransaction(
                    database: database,
                    run: id,
                    fieldMap: try Self.number(of: run.fieldMapDigest, now: now, database),
                    now: now,
                    path: self.path
                )
                defer { transaction.end() }
                return try body(transaction)
            }
        } catch let error as SQLiteError {
            throw JournalError(error, path: self.path)
        }
    }

    private static func number(of fieldMap: Digest, now: Int64, _ database: Database) throws(SQLiteError) -> Int64 {
        if let known = try database.integer(SQL.fieldMap, [.digest(fieldMap)]) { return known }
        try database.run(SQL.addFieldMap, [.digest(fieldMap), .integer(now)])
        return database.lastInsertedRow
    }
}
