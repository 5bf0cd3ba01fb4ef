internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let lastEpochs =
            "SELECT progressed_ms IS NULL AND stopped_ms IS NULL FROM epoch ORDER BY epoch DESC LIMIT 100"
        static let insert = "INSERT INTO epoch (started_ms, pid, host, solo) VALUES (?, ?, ?, ?) RETURNING epoch"
        static let running = """
            SELECT id, generation, order_key, customer, solo, charges,
                EXISTS (SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL)
            FROM job INDEXED BY job_other WHERE state = 'running' ORDER BY id
            """
        static let expired = """
            SELECT id, generation, order_key, customer, solo, charges,
                EXISTS (SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL)
            FROM job INDEXED BY job_other WHERE state = 'running' AND lease_until_ms < ?1 ORDER BY id
            """
        static let demandSolo = "INSERT INTO meta VALUES ('solo', '1') ON CONFLICT DO NOTHING"
        static let charge = "UPDATE job SET solo = ?2, charges = ?3 WHERE id = ?1"
        /// A request that may have been in flight at the death of its daemon has no known outcome.
        static let doubtTargets = """
            UPDATE effect_target SET doubted = 1
            WHERE outcome IS NULL AND effect_id IN (SELECT id FROM effect WHERE state <> 'settled')
            """
        static let doubtEffects = "UPDATE effect SET state = 'in_doubt' WHERE state <> 'settled' AND state = 'open'"
        static let openBatches = "SELECT seq, opened_ms FROM batch WHERE closed_ms IS NULL"
        static let abandon = """
            UPDATE batch SET closed_ms = ?2, status = 'abandoned',
                succeeded = (SELECT count(*) FROM job WHERE finished_ms >= ?3 AND batch_seq = ?1 AND state = 'done'),
                failed = (SELECT count(*) FROM job WHERE state = 'dead' AND batch_seq = ?1)
            WHERE seq = ?1
            """
        static let leaveOver = "UPDATE batch SET left_over = orders - succeeded - failed WHERE seq = ?1"
        static let stop = "UPDATE epoch SET stopped_ms = ?2 WHERE epoch = ?1"
        static let progress = "UPDATE epoch SET progressed_ms = ?2 WHERE epoch = ?1 AND progressed_ms IS NULL"
    }

    /// Deaths in a row without progress after which the jobs in flight run one at a time.
    static let deathsUntilSolo = 3
    /// Deaths while a job was alone in flight after which it is dead.
    static let chargesUntilDead = 3

    /// Begins this start of the daemon: takes back at once whatever the one before had in flight.
    ///
    /// The lock file proves that one dead, so no lease is waited for. A restart costs no job anything by itself.
    package func beginEpoch(now: Int64, pid: Int32, host: String) throws(JournalError) -> EpochStart {
        guard self.role == .daemon else {
            throw JournalError(.role, "journal \(self.path): only the daemon may do that")
        }
        let start = try self.write(.epochBegin) { database in
            let deaths = try database.integers(SQL.lastEpochs).prefix { $0 == 1 }.count
            let isSolo = deaths >= Self.deathsUntilSolo
            let epoch = try database.integer(
                SQL.insert,
                [.integer(now), .integer(Int64(pid)), .text(host), .integer(isSolo ? 1 : 0)]
            )
            try database.run(SQL.doubtTargets)
            try database.run(SQL.doubtEffects)
            try Self.forgetPause(database)
            let transitions = try Transitions(database: database, now: now)
            let running = try Self.jobsInFlight(SQL.running, [], database)
            var inDoubt = 0
            var poisoned: [Int64] = []
            for var job in running {
                // Only a job that was put alone, and was alone, can be what killed the daemon.
                if job.isSolo, running.count == 1 { job.charges += 1 }
                job.isSolo = job.isSolo || isSolo
                if job.isSolo { try database.run(SQL.demandSolo) }
                try database.run(
                    SQL.charge,
                    [.integer(job.reference.id), .integer(job.isSolo ? 1 : 0), .integer(job.charges)]
                )
                if job.charges >= Self.chargesUntilDead {
                    try Self.poison(job, transitions)
                    poisoned.append(job.reference.id)
                } else {
                    if job.isUnsettled { inDoubt += 1 }
                    try Self.takeBack(job, transitions)
                }
            }
            let batches = try Self.abandonBatches(database, now: now)
            try transitions.lanes.rebuild()
            return EpochStart(
                epoch: epoch ?? 0,
                reclaimed: running.count - inDoubt - poisoned.count,
                inDoubt: inDoubt,
                poisoned: poisoned,
                deaths: deaths,
                abandonedBatches: batches
            )
        }
        self.epoch = start.epoch
        self.hasProgressed = false
        return start
    }

    /// Notes that the daemon ends in good order, so that this start counts as no death.
    package func endEpoch(now: Int64) throws(JournalError) {
        let epoch = try self.currentEpoch()
        try self.write(.epochEnd) { try $0.run(SQL.stop, [.integer(epoch), .integer(now)]) }
    }

    /// Takes jobs back whose lease has run out: the task that works on them hangs.
    ///
    /// - Returns: The jobs taken; whatever that task still wants to settle or send for them is refused as stale.
    package func reclaimExpired(now: Int64) throws(JournalError) -> [JobReference] {
        _ = try self.currentEpoch()
        return try self.write(.reclaim) { database in
            let transitions = try Transitions(database: database, now: now)
            let jobs = try Self.jobsInFlight(SQL.expired, [.integer(now)], database)
            for job in jobs { try Self.takeBack(job, transitions) }
            return jobs.map(\.reference)
        }
    }

    /// Notes the first progress of this epoch in the caller's transaction.
    ///
    /// - Returns: Whether it was the first; the caller remembers that once the transaction is committed.
    func markProgress(_ database: Database, now: Int64) throws -> Bool {
        guard let epoch = self.epoch, !self.hasProgressed else { return false }
        return try database.run(SQL.progress, [.integer(epoch), .integer(now)]) > 0
    }

    private struct JobInFlight {
        let reference: JobReference
        let orderKey: String
        let customer: String
        var isSolo: Bool
        var charges: Int64
        let isUnsettled: Bool
    }

    private static func jobsInFlight(
        _ sql: String,
        _ values: [SQLiteValue],
        _ database: Database
    ) throws -> [JobInFlight] {
        try database.query(sql, values) { row throws(SQLiteError) in
            JobInFlight(
                reference: JobReference(id: try row.whole(0), generation: try row.whole(1)),
                orderKey: try row.string(2),
                customer: try row.string(3),
                isSolo: row.flag(4),
                charges: try row.whole(5),
                isUnsettled: row.flag(6)
            )
        }
    }

    private static func takeBack(_ job: JobInFlight, _ transitions: Transitions) throws {
        if job.isUnsettled {
            try transitions.move(job.reference.id, customer: job.customer, to: .inDoubt)
        } else {
            try transitions.moveOrYield(
                job.reference.id,
                orderKey: job.orderKey,
                customer: job.customer,
                to: .ready
            )
        }
    }

    private static func poison(_ job: JobInFlight, _ transitions: Transitions) throws {
        let failure = Failure(
            .permanent,
            code: "poison",
            message: "the daemon died \(Self.chargesUntilDead) times with this job alone in flight; "
                + "look into the daemon's log before you replay it"
        )
        try transitions.remember(failure, job: job.reference, isCounted: true)
        if !job.isUnsettled, try transitions.isWaiting(job.orderKey) {
            try transitions.supersede(job.reference.id, orderKey: job.orderKey)
        } else {
            try transitions.bury(job.reference.id, customer: job.customer, of: failure)
        }
    }

    private static func abandonBatches(_ database: Database, now: Int64) throws -> Int {
        let batches = try database.query(SQL.openBatches) { row throws(SQLiteError) in
            (seq: try row.whole(0), openedAt: try row.whole(1))
        }
        for batch in batches {
            try database.run(SQL.abandon, [.integer(batch.seq), .integer(now), .integer(batch.openedAt)])
            try database.run(SQL.leaveOver, [.integer(batch.seq)])
        }
        return batches.count
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var epochQueries: [String: [String]] {
        [
            "job_other": [SQL.running, SQL.expired, SQL.abandon], "effect_unsettled": [SQL.doubtEffects],
            "batch_open": [SQL.openBatches],
        ]
    }
}
