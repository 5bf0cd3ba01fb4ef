internal import CrashPoints
package import FoundationEssentials
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let isAnyDue = "SELECT 1 FROM job WHERE state = 'retry' AND run_at_ms <= ?1 LIMIT 1"
        /// A retry whose time has come joins the line at the place its order has had since it began to wait.
        static let wake = """
            UPDATE job SET state = 'ready', run_at_ms = NULL, updated_ms = ?1
            WHERE id IN (SELECT id FROM job WHERE state = 'retry' AND run_at_ms <= ?1 ORDER BY run_at_ms LIMIT 1000)
            RETURNING customer
            """
        /// Jobs that run alone, those charged least first: a poison job must not hide behind its own restarts.
        ///
        /// It reads all jobs, so it is asked only while `meta` says that there may be one.
        static let solo = """
            SELECT id, customer, state FROM job WHERE solo = 1 AND finished_ms IS NULL ORDER BY charges, queued_ms, id
            """
        static let mayHaveSolo = "SELECT 1 FROM meta WHERE key = 'solo'"
        static let noSolo = "DELETE FROM meta WHERE key = 'solo'"
        static let isRunning = "SELECT 1 FROM job WHERE state = 'running' LIMIT 1"
        /// A job without its snapshot is damage, to be told, not a job to be passed over in silence: hence LEFT.
        private static let columns = """
            SELECT job.id, job.generation + 1, job.order_key, job.kind, job.stage, snapshot.fingerprint, job.errors, job.replays,
                job.solo, job.queued_ms, snapshot.bytes, snapshot.sha256, ledger.record_uuid, ledger.key_digest,
                ledger.item_id, ledger.item_board, ledger.group_id, synced.complete, known.bytes,
                ledger.archived_ms IS NOT NULL, ledger.look_up_first, run.batch_name, run.batch_type, job.verify
            FROM job
            LEFT JOIN snapshot ON snapshot.job_id = job.id
            LEFT JOIN ledger ON ledger.seq = job.order_seq
            LEFT JOIN synced ON synced.order_seq = job.order_seq
            LEFT JOIN snapshot known ON known.job_id = synced.job_id
            LEFT JOIN run ON run.id = job.run_id
            """
        /// The index `job_ready` gives one customer's jobs in line, so nothing is sorted however many there are.
        static let inLine =
            columns + " WHERE job.state = 'ready' AND job.customer = ?1 ORDER BY job.queued_ms, job.id LIMIT ?2"
        static let one = columns + " WHERE job.state = 'ready' AND job.id = ?1"
        static let subitems = "SELECT size, id, quantity FROM ledger_subitem WHERE order_key = ?1 ORDER BY size"
        static let batch = """
            INSERT INTO batch (id, customer, name, type, epoch, orders, opened_ms) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING seq
            """
        static let claim = """
            UPDATE job SET state = 'running', generation = generation + 1, owner_epoch = ?2, lease_until_ms = ?3, batch_seq = ?4,
                updated_ms = ?5, run_at_ms = NULL
            WHERE id = ?1
            """
        static let heartbeat = """
            UPDATE job SET lease_until_ms = ?4 WHERE id = ?1 AND generation = ?2 AND state = 'running' AND owner_epoch = ?3
            """
        static let promoted = """
            UPDATE job SET stage = 'promoted' WHERE id = ?1 AND generation = ?2 AND state = 'running' AND owner_epoch = ?3
            """
    }

    /// Settles what was done and claims what is due, in one commit.
    ///
    /// The jobs are those of one customer, the one served longest ago, oldest first.
    /// - Parameters:
    ///   - limit: How many jobs at most.
    ///   - leaseUntil: When the jobs may be taken back if no heartbeat has prolonged it, in milliseconds.
    ///   - now: The time, in milliseconds.
    ///   - customers: Whose jobs are left where they are.
    ///   - settling: What came of jobs of earlier claims.
    ///   - closing: Batches that have ended.
    ///   - batchID: The name of the batch this claim becomes.
    /// - Returns: The claim, and the settlements that were ignored.
    /// - Throws: What kept the journal from being written; then nothing is settled and nothing claimed.
    /// - Returns: The claim, if anything is due, and the settlements that came too late.
    /// - Throws: ``JournalError/Code/role`` for anybody but a daemon whose epoch has begun.
    package func claim(
        limit: Int,
        leaseUntil: Int64,
        now: Int64,
        excluding customers: Set<String> = [],
        settling: [Settlement] = [],
        closing: [BatchClose] = [],
        batchID: UUID = UUID()
    ) throws(JournalError) -> ClaimResult {
        let epoch = try self.currentEpoch()
        let (result, hasProgressed) = try self.write(.claim) { database in
            let applied = try self.apply(settling, closing: closing, database, now: now)
            let transitions = try Transitions(database: database, now: now)
            if try database.exists(SQL.isAnyDue, [.integer(now)]) {
                let woken = try database.query(SQL.wake, [.integer(now)]) { $0.text(0) ?? "" }
                for customer in Set(woken) { try transitions.lanes.activate(customer) }
            }
            var claim: Claim?
            if let jobs = try Self.choose(limit: limit, excluding: customers, database) {
                claim = try Self.take(
                    jobs,
                    as: batchID,
                    epoch: epoch,
                    leaseUntil: leaseUntil,
                    limit: limit,
                    now: now,
                    database
                )
            }
            return (ClaimResult(claim: claim, stale: applied.stale), applied.isFirstProgress)
        }
        if hasProgressed { self.hasProgressed = true }
        return result
    }

    /// Prolongs the lease of jobs that are still worked on.
    ///
    /// - Returns: Those that are no longer the caller's: it must stop working on them.
    package func heartbeat(_ jobs: [JobReference], leaseUntil: Int64) throws(JournalError) -> [JobReference] {
        let epoch = try self.currentEpoch()
        return try self.write(.heartbeat) { database in
            try jobs.filter { job in
                let values: [SQLiteValue] = [
                    .integer(job.id), .integer(job.generation), .integer(epoch), .integer(leaseUntil),
                ]
                return try database.run(SQL.heartbeat, values) != 1
            }
        }
    }

    /// Notes that the orders of jobs stand in the production tables.
    package func promoted(_ jobs: [JobReference], now: Int64) throws(JournalError) {
        let epoch = try self.currentEpoch()
        try self.write(.promoted) { database in
            for job in jobs {
                try database.run(SQL.promoted, [.integer(job.id), .integer(job.generation), .integer(epoch)])
            }
        }
    }

    private struct Chosen {
        let customer: String
        var jobs: [ClaimedJob]
        let batchName: String
        let batchType: String
    }

    /// The jobs to claim now; nil when nothing is due or something must run alone first.
    private static func choose(limit: Int, excluding customers: Set<String>, _ database: Database) throws -> Chosen? {
        guard limit > 0 else { return nil }
        if try database.exists(SQL.mayHaveSolo) {
            let solo = try database.query(SQL.solo) { row throws(SQLiteError) in
                (id: try row.whole(0), customer: try row.string(1), state: try row.word(2, JobState.self))
            }
            if solo.isEmpty { try database.run(SQL.noSolo) }
            if solo.contains(where: { $0.state == .running }) { return nil }
            if let job = solo.first(where: { $0.state == .ready && !customers.contains($0.customer) }) {
                guard try !database.exists(SQL.isRunning) else { return nil }
                return try Self.read(SQL.one, [.integer(job.id)], customer: job.customer, database)
            }
        }
        guard let customer = try Lanes(database: database).next(excluding: customers) else { return nil }
        return try Self.read(SQL.inLine, [.text(customer), .integer(limit)], customer: customer, database)
    }

    private static func read(
        _ sql: String,
        _ values: [SQLiteValue],
        customer: String,
        _ database: Database
    ) throws -> Chosen? {
        var name = ""
        var type = ""
        var jobs: [ClaimedJob] = []
        _ = try database.query(sql, values) { row throws(SQLiteError) in
            let orderKey = try row.string(2)
            let itemID = row.integer(14)
            let subitems: [LedgerSubitem] =
                try itemID == nil
                ? []
                : database.query(SQL.subitems, [.text(orderKey)]) { row throws(SQLiteError) in
                    LedgerSubitem(size: try row.string(0), id: try row.whole(1), quantity: try row.whole(2))
                }
            if jobs.isEmpty {
                name = row.text(21) ?? customer
                type = row.text(22) ?? ""
            }
            jobs.append(try Self.job(row, subitems: subitems))
        }
        guard !jobs.isEmpty else { return nil }
        return Chosen(customer: customer, jobs: jobs, batchName: name, batchType: type)
    }

    private static func job(_ row: borrowing Row, subitems: [LedgerSubitem]) throws(SQLiteError) -> ClaimedJob {
        ClaimedJob(
            id: try row.whole(0),
            generation: try row.whole(1),
            orderKey: try row.orderKey(2),
            kind: try row.word(3),
            stage: try row.word(4),
            snapshot: try row.bytes(10),
            snapshotDigest: try row.digest(11),
            fingerprint: try row.digest(5),
            errors: try row.count(6),
            replays: try row.count(7),
            isSolo: row.flag(8),
            isRepair: row.flag(23),
            queuedAt: try row.whole(9),
            ledger: LedgerState(
                recordUUID: try row.optionalUUID(12),
                keyDigest: try row.digest(13),
                itemID: row.integer(14),
                itemBoard: row.integer(15),
                groupID: row.text(16),
                isComplete: row.flag(17),
                syncedSnapshot: row.blob(18),
                subitems: subitems,
                isArchived: row.flag(19),
                lookUpFirst: row.flag(20)
            )
        )
    }

    private static func take(
        _ chosen: Chosen,
        as batchID: UUID,
        epoch: Int64,
        leaseUntil: Int64,
        limit: Int,
        now: Int64,
        _ database: Database
    ) throws -> Claim {
        let seq = try database.integer(
            SQL.batch,
            [
                .uuid(batchID), .text(chosen.customer), .text(chosen.batchName), .text(chosen.batchType),
                .integer(epoch),
                .integer(chosen.jobs.count), .integer(now),
            ]
        )
        let statement = try database.statement(SQL.claim)
        for job in chosen.jobs {
            try statement.bind(1, job.id)
            try statement.bind(2, epoch)
            try statement.bind(3, leaseUntil)
            try statement.bind(4, seq)
            try statement.bind(5, now)
            try statement.run()
        }
        // A claim that was not filled has emptied its lane; one of a job that runs alone may not have.
        let hasMore = chosen.jobs.count == limit || chosen.jobs.contains(where: \.isSolo)
        try Lanes(database: database).serve(chosen.customer, turn: seq ?? 0, hasMore: hasMore)
        return Claim(
            batchID: batchID,
            customer: chosen.customer,
            batchName: chosen.batchName,
            batchType: chosen.batchType,
            jobs: chosen.jobs
        )
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var claimQueries: [String: [String]] {
        [
            "job_other": [SQL.isAnyDue, SQL.wake, SQL.isRunning], "job_ready": [SQL.inLine],
            "PRIMARY KEY": [SQL.mayHaveSolo],
        ]
    }
}
