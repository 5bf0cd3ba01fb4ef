internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        /// The fence: a job that was taken from the caller has another generation, another state, or both.
        static let claimed = """
            SELECT job.order_key, job.customer, job.replayed_by, job.order_seq,
                (SELECT synced.job_id FROM synced WHERE synced.order_seq = job.order_seq), job.kind,
                EXISTS (SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL),
                EXISTS (SELECT 1 FROM job next WHERE next.order_seq = job.order_seq AND next.finished_ms IS NULL
                    AND next.waits = 1),
                EXISTS (SELECT 1 FROM error_row WHERE error_row.order_key = job.order_key
                    AND error_row.resolved_ms IS NULL)
            FROM job WHERE job.id = ?1 AND job.generation = ?2 AND job.state = 'running' AND job.owner_epoch = ?3
            """
        static let synced = """
            INSERT INTO synced (order_seq, job_id, complete, synced_ms) VALUES (?1, ?2, 1, ?3)
            ON CONFLICT (order_seq) DO UPDATE SET job_id = ?2, complete = 1, synced_ms = ?3
            """
        /// The item of an order that is gone keeps its columns, so the snapshot they carry stays what it was.
        static let retired = """
            INSERT INTO synced (order_seq, synced_ms) VALUES (?1, ?2)
            ON CONFLICT (order_seq) DO UPDATE SET complete = 0, synced_ms = ?2
            """
        static let survived = "UPDATE job SET solo = 0 WHERE id = ?1 AND solo = 1"
        static let reason = "UPDATE job SET last_class = NULL, last_code = 'wait', last_message = ?2 WHERE id = ?1"
        static let close = """
            UPDATE batch SET closed_ms = ?2, status = ?3, succeeded = ?4, failed = ?5, left_over = ?6, subitems = ?7,
                api_calls = ?8, api_failures = ?9, retries = ?10, error_summary = ?11, reported_ms = ?12
            WHERE id = ?1 AND closed_ms IS NULL
            """
    }

    /// Settles what was done, in one commit.
    ///
    /// - Returns: The settlements that were ignored, since the job had been taken from the caller.
    package func settle(
        _ settlements: [Settlement],
        closing: [BatchClose] = [],
        now: Int64
    ) throws(JournalError) -> [JobReference] {
        let applied = try self.write(.settle) { try self.apply(settlements, closing: closing, $0, now: now) }
        if applied.isFirstProgress { self.hasProgressed = true }
        return applied.stale
    }

    /// Applies settlements in the caller's transaction.
    func apply(
        _ settlements: [Settlement],
        closing: [BatchClose],
        _ database: Database,
        now: Int64
    ) throws -> (stale: [JobReference], isFirstProgress: Bool) {
        let epoch = try self.currentEpoch()
        var stale: [JobReference] = []
        var hasDone = false
        let transitions = try Transitions(database: database, now: now)
        // Taken once: looking a statement up by its text costs as much as a small change.
        let (claimed, synced) = (try database.statement(SQL.claimed), try database.statement(SQL.synced))
        for settlement in settlements {
            guard let job = try Self.claimed(settlement.job, epoch: epoch, claimed) else {
                stale.append(settlement.job)
                continue
            }
            if settlement.result == .done, !job.isUnsettled {
                hasDone = true
                try Self.finish(job, synced, transitions)
            } else {
                try Self.apply(settlement.result, to: job, transitions)
            }
        }
        for batch in closing { try Self.close(batch, database, now: now) }
        let isFirst = try hasDone && self.markProgress(database, now: now)
        return (stale, isFirst)
    }

    private struct ClaimedRow {
        let reference: JobReference
        let orderKey: String
        let customer: String
        let replayedBy: String?
        /// The order's row in the ledger, and the job whose snapshot stands on the board.
        let ledger: Int64
        let syncedJob: Int64?
        let kind: JobKind
        let isUnsettled: Bool
        let isFollowed: Bool
        let hasErrors: Bool

        var id: Int64 { self.reference.id }
    }

    private static func claimed(_ job: JobReference, epoch: Int64, _ statement: Statement) throws -> ClaimedRow? {
        try statement.bind(1, job.id)
        try statement.bind(2, job.generation)
        try statement.bind(3, epoch)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let row = statement.row
        return ClaimedRow(
            reference: job,
            orderKey: try row.string(0),
            customer: try row.string(1),
            replayedBy: row.text(2),
            ledger: try row.whole(3),
            syncedJob: row.integer(4),
            kind: try row.word(5),
            isUnsettled: row.flag(6),
            isFollowed: row.flag(7),
            hasErrors: row.flag(8)
        )
    }

    /// Applies what is not the end of the job's work.
    private static func apply(_ result: Settlement.Result, to job: ClaimedRow, _ transitions: Transitions) throws {
        switch result {
        case .done:
            // What it sent may still make a second item: it is not done before that is known.
            try transitions.move(job.id, customer: job.customer, to: .inDoubt, runAt: transitions.now)
        case .retry(let at, let failure, let costsAttempt, let request):
            try transitions.remember(failure, job: job.reference, isCounted: costsAttempt, request: request)
            try Self.putOff(job, until: at, transitions)
        case .wait(let until, let reason):
            try transitions.database.run(SQL.reason, [.integer(job.id), .text(reason)])
            try Self.putOff(job, until: until, transitions)
        case .release:
            if job.isUnsettled {
                try transitions.move(job.id, customer: job.customer, to: .inDoubt, runAt: transitions.now)
            } else {
                try transitions.moveOrYield(job.id, orderKey: job.orderKey, customer: job.customer, to: .ready)
            }
        case .inDoubt(let until, let failure):
            if let failure { try transitions.remember(failure, job: job.reference, isCounted: false) }
            try Self.putOff(job, until: until, transitions)
        case .dead(let failure, let request, let size, let isExhausted):
            try transitions.remember(failure, job: job.reference, isCounted: true, request: request, size: size)
            try Self.die(job, transitions) {
                try transitions.bury(
                    job.id,
                    customer: job.customer,
                    of: failure,
                    request: request,
                    size: size,
                    isExhausted: isExhausted
                )
            }
        case .givenUp(let failure):
            try transitions.remember(failure, job: job.reference, isCounted: false)
            try Self.die(job, transitions) {
                try transitions.buryWithLastSent(job.id, customer: job.customer, of: failure, isExhausted: true)
            }
        }
    }

    /// Buries a job, unless a newer snapshot waits: that one takes its place.
    private static func die(_ job: ClaimedRow, _ transitions: Transitions, bury: () throws -> Void) throws {
        try transitions.database.run(SQL.survived, [.integer(job.id)])
        if !job.isUnsettled, job.isFollowed {
            try transitions.supersede(job.id, orderKey: job.orderKey)
        } else {
            try bury()
        }
    }

    /// Puts a job off until some time, or until what it sent is settled, or for good when a newer snapshot waits.
    private static func putOff(_ job: ClaimedRow, until: Int64, _ transitions: Transitions) throws {
        try transitions.database.run(SQL.survived, [.integer(job.id)])
        if job.isUnsettled {
            try transitions.move(job.id, customer: job.customer, to: .inDoubt, runAt: until)
        } else {
            try transitions.moveOrYield(
                job.id,
                orderKey: job.orderKey,
                customer: job.customer,
                to: .retry,
                runAt: until
            )
        }
    }

    private static func finish(_ job: ClaimedRow, _ synced: Statement, _ transitions: Transitions) throws {
        if job.kind == .sync {
            try synced.bind(1, job.ledger)
            try synced.bind(2, job.id)
            try synced.bind(3, transitions.now)
            try synced.run()
            if let old = job.syncedJob, old != job.id {
                try LedgerWriter(database: transitions.database, now: transitions.now).dropSnapshot(of: old)
            }
        } else {
            try transitions.database.run(SQL.retired, [.integer(job.ledger), .integer(transitions.now)])
        }
        if job.hasErrors { try transitions.resolveErrors(job.orderKey, by: job.replayedBy ?? "ordersyncd") }
        try transitions.finish(job.id, orderKey: job.orderKey, as: .done, isFollowed: job.isFollowed)
    }

    private static func close(_ batch: BatchClose, _ database: Database, now: Int64) throws {
        try database.run(
            SQL.close,
            [
                .uuid(batch.batchID), .integer(now), .text(batch.status.rawValue), .integer(batch.succeeded),
                .integer(batch.failed), .integer(batch.leftOver), .integer(batch.subitems), .integer(batch.apiCalls),
                .integer(batch.apiFailures), .integer(batch.retries), .optional(batch.errorSummary),
                .optional(batch.isReported ? now : nil),
            ]
        )
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var settleQueries: [String: [String]] {
        ["job_unfinished": [SQL.claimed], "error_row_unresolved": [SQL.claimed], "effect_target_job": [SQL.claimed]]
    }
}
