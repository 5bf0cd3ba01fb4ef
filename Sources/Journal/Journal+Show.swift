internal import FoundationEssentials
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let one = "SELECT \(JobFilter.columns) \(JobFilter.tables) WHERE job.id = ?1"
        static let snapshot = "SELECT bytes FROM snapshot WHERE job_id = ?1"
        static let batch = "SELECT batch.id FROM job JOIN batch ON batch.seq = job.batch_seq WHERE job.id = ?1"
        static let attempts = """
            SELECT at_ms, generation, counted, class, code, message, http_status, size, request
            FROM attempt WHERE job_id = ?1 ORDER BY id
            """
        static let effects = """
            SELECT target.alias, target.kind, target.job_id, target.generation, target.order_key, target.size, target.quantity,
                target.item_id, target.group_title, target.group_id, effect.id, effect.idempotency_key, effect.state,
                effect.sent_at_ms, effect.sends, effect.body, effect.answer, target.outcome, target.remote_id, target.class,
                target.code, target.message, target.http_status
            FROM effect_target target JOIN effect ON effect.id = target.effect_id
            WHERE target.job_id = ?1 ORDER BY effect.id
            """
        static let actions = """
            SELECT at_ms, who, action, why FROM replay_job JOIN replay ON replay.id = replay_job.replay_id
            WHERE replay_job.job_id = ?1 ORDER BY replay.id
            """
        static let ledger = """
            SELECT ledger.record_uuid, ledger.key_digest, ledger.item_id, ledger.item_board, ledger.group_id,
                synced.complete, snapshot.bytes, ledger.archived_ms IS NOT NULL, ledger.look_up_first
            FROM ledger LEFT JOIN synced ON synced.order_seq = ledger.seq
            LEFT JOIN snapshot ON snapshot.job_id = synced.job_id WHERE ledger.order_key = ?1
            """
        static let subitems = "SELECT size, id, quantity FROM ledger_subitem WHERE order_key = ?1 ORDER BY size"
    }

    /// The jobs that meet a filter, in order of their numbers.
    package func list(_ filter: JobFilter) throws(JournalError) -> [JobSummary] {
        try self.read { try filter.jobs(in: $0) }
    }

    /// All that is known of a job; nil when there is none of that number.
    package func show(_ id: Int64) throws(JournalError) -> JobDetail? {
        try self.read { database in
            let job: [SQLiteValue] = [.integer(id)]
            let summary = try database.first(SQL.one, job) { row throws(SQLiteError) in try JobSummary(row) }
            guard let summary, let ledger = try Self.ledgerState(of: summary.orderKey, database) else { return nil }
            let batch = try database.first(SQL.batch, job) { row throws(SQLiteError) in try row.uuid(0) }
            return JobDetail(
                summary: summary,
                snapshot: try database.first(SQL.snapshot, job) { row throws(SQLiteError) in try row.bytes(0) },
                batchID: batch,
                attempts: try database.query(SQL.attempts, job) { row throws(SQLiteError) in
                    JobDetail.Attempt(
                        at: try row.whole(0),
                        generation: try row.whole(1),
                        isCounted: row.flag(2),
                        failure: row.failure(3) ?? Failure(.permanent, code: "", message: ""),
                        size: row.text(7),
                        request: row.text(8)
                    )
                },
                effects: try Self.effects(of: id, database),
                actions: try database.query(SQL.actions, job) { row throws(SQLiteError) in
                    JobDetail.Action(
                        at: try row.whole(0),
                        who: try row.string(1),
                        action: try row.string(2),
                        why: try row.string(3)
                    )
                },
                ledger: ledger
            )
        }
    }

    private static func effects(of job: Int64, _ database: Database) throws(SQLiteError) -> [JobDetail.Effect] {
        try database.query(SQL.effects, [.integer(job)]) { row throws(SQLiteError) in
            JobDetail.Effect(
                id: try row.whole(10),
                idempotencyKey: try row.string(11),
                state: try row.string(12),
                sentAt: try row.whole(13),
                sends: try row.count(14),
                body: try row.bytes(15),
                answer: row.text(16),
                target: try EffectTarget(row, from: 0),
                outcome: row.text(17),
                remoteID: row.integer(18),
                failure: row.failure(19)
            )
        }
    }

    private static func ledgerState(of key: OrderKey, _ database: Database) throws(SQLiteError) -> LedgerState? {
        let subitems = try database.query(SQL.subitems, [.key(key)]) { row throws(SQLiteError) in
            LedgerSubitem(size: try row.string(0), id: try row.whole(1), quantity: try row.whole(2))
        }
        return try database.first(SQL.ledger, [.key(key)]) { row throws(SQLiteError) in
            LedgerState(
                recordUUID: try row.optionalUUID(0),
                keyDigest: try row.digest(1),
                itemID: row.integer(2),
                itemBoard: row.integer(3),
                groupID: row.text(4),
                isComplete: row.flag(5),
                syncedSnapshot: row.blob(6),
                subitems: subitems,
                isArchived: row.flag(7),
                lookUpFirst: row.flag(8)
            )
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var showQueries: [String: [String]] {
        ["attempt_job": [SQL.attempts], "effect_target_job": [SQL.effects]]
    }
}
