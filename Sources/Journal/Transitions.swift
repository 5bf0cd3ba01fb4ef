internal import Orders
internal import SQLite

/// The moves of jobs that several functions share; each runs inside its caller's transaction.
struct Transitions {
    private enum SQL {
        /// The waiting job becomes live in the transaction in which the live one left.
        static let promote = "UPDATE job SET state = ?2, waits = 0, hold = 0, updated_ms = ?3 WHERE id = ?1"
        static let waiting = """
            SELECT id, customer, hold FROM job
            WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND finished_ms IS NULL AND waits = 1
            """
        /// What supersedes a held job is born held, and so is what supersedes one that would have been held.
        static let passHold = """
            UPDATE job SET hold = 1
            WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?2) AND finished_ms IS NULL AND waits = 1
                AND EXISTS (SELECT 1 FROM job live WHERE live.id = ?1 AND (live.state = 'held' OR live.hold = 1))
            """
        static let isUnsettled = "SELECT 1 FROM effect_target WHERE job_id = ?1 AND outcome IS NULL LIMIT 1"
        /// Every column of a claim is emptied, whatever state the job comes from.
        static let move = """
            UPDATE job SET state = ?2, updated_ms = ?3, run_at_ms = ?4, owner_epoch = NULL, lease_until_ms = NULL, hold = 0
            WHERE id = ?1
            """
        static let finish = """
            UPDATE job SET state = ?2, waits = 0, updated_ms = ?3, finished_ms = ?3, run_at_ms = NULL, owner_epoch = NULL,
                lease_until_ms = NULL, hold = 0, solo = 0
            WHERE id = ?1
            """
        static let attempt = """
            INSERT INTO attempt (job_id, generation, at_ms, counted, class, code, message, http_status, size, request)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        static let remember = """
            UPDATE job SET errors = errors + ?2, last_class = ?3, last_code = ?4, last_message = ?5 WHERE id = ?1
            """
        static let resolve = """
            UPDATE error_row SET resolved_ms = ?2, resolved_by = ?3
            WHERE order_key = ?1 AND resolved_ms IS NULL AND source = 'job'
            """
        /// One row a death: a job that dies again after a replay has a new generation, hence a new key.
        static let error = """
            INSERT INTO error_row (error_key, source, order_key, job_id, batch_id, size, class, code, message, http_status,
                retry_count, exhausted, request, occurred_ms)
            SELECT 'job:' || id || ':' || generation, 'job', order_key, id,
                (SELECT batch.id FROM batch WHERE batch.seq = job.batch_seq),
                ?2, ?3, ?4, ?5, ?6, errors, ?7, ?8, ?9
            FROM job WHERE id = ?1
            ON CONFLICT (error_key) DO NOTHING
            """
        /// What a job sent last, for the error row of one that dies of its number of tries, or of a doubt.
        static let lastSent = """
            SELECT effect.body, target.size, target.http_status
            FROM effect_target target JOIN effect ON effect.id = target.effect_id
            WHERE target.job_id = ?1 ORDER BY target.effect_id DESC LIMIT 1
            """
    }

    let database: Database
    let lanes: Lanes
    let now: Int64
    /// Taken once, for those who finish many jobs.
    private let finish: Statement

    init(database: Database, now: Int64) throws(SQLiteError) {
        self.database = database
        self.lanes = Lanes(database: database)
        self.now = now
        self.finish = try database.statement(SQL.finish)
    }

    /// Whether something the job sent has no known outcome: then it can't be superseded, discarded or retried.
    func isUnsettled(_ job: Int64) throws -> Bool {
        try self.database.exists(SQL.isUnsettled, [.integer(job)])
    }

    func isWaiting(_ orderKey: String) throws -> Bool {
        try self.database.exists(SQL.waiting, [.text(orderKey)])
    }

    /// Moves a job to a state that is live, and wakes its lane when that is `ready`.
    func move(_ job: Int64, customer: String, to state: JobState, runAt: Int64? = nil) throws {
        try self.database.run(SQL.move, [.integer(job), .state(state), .integer(self.now), .optional(runAt)])
        if state == .ready { try self.lanes.activate(customer) }
    }

    /// Moves a job to a final state, and makes the one that waits behind it live.
    ///
    /// `isFollowed` is false when it is known that none waits.
    func finish(_ job: Int64, orderKey: String, as state: JobState, isFollowed: Bool = true) throws {
        try self.finish.bind(1, job)
        try self.finish.bind(2, state.rawValue)
        try self.finish.bind(3, self.now)
        try self.finish.run()
        if isFollowed { try self.promote(orderKey) }
    }

    /// Drops a waiting job; the one it waits behind stays as it is.
    func drop(_ job: Int64) throws {
        try self.database.run(SQL.finish, [.integer(job), .state(.discarded), .integer(self.now)])
    }

    /// As ``move(_:customer:to:runAt:)``, unless a newer snapshot waits: that one takes the job's place.
    ///
    /// Only for a job whose effects are all settled.
    @discardableResult
    func moveOrYield(
        _ job: Int64,
        orderKey: String,
        customer: String,
        to state: JobState,
        runAt: Int64? = nil
    ) throws -> Bool {
        guard try self.isWaiting(orderKey) else {
            try self.move(job, customer: customer, to: state, runAt: runAt)
            return false
        }
        try self.supersede(job, orderKey: orderKey)
        return true
    }

    /// Gives a job's place to the one that waits behind it, or to none; its error rows are resolved by that.
    func supersede(_ job: Int64, orderKey: String) throws {
        try self.resolveErrors(orderKey, by: "superseded")
        try self.database.run(SQL.passHold, [.integer(job), .text(orderKey)])
        try self.finish(job, orderKey: orderKey, as: .superseded)
    }

    func resolveErrors(_ orderKey: String, by who: String) throws {
        try self.database.run(SQL.resolve, [.text(orderKey), .integer(self.now), .text(who)])
    }

    /// Keeps a failed try.
    func remember(
        _ failure: Failure,
        job: JobReference,
        isCounted: Bool,
        request: String? = nil,
        size: String? = nil
    ) throws {
        try self.database.run(
            SQL.attempt,
            [
                .integer(job.id), .integer(job.generation), .integer(self.now), .integer(isCounted ? 1 : 0),
                .text(failure.class.rawValue), .text(failure.code), .text(failure.message),
                .optional(failure.httpStatus.map(Int64.init)), .optional(size), .optional(request),
            ]
        )
        try self.database.run(
            SQL.remember,
            [
                .integer(job.id), .integer(isCounted ? 1 : 0), .text(failure.class.rawValue), .text(failure.code),
                .text(failure.message),
            ]
        )
    }

    /// Makes a job dead and its error row due.
    ///
    /// Its attempt has been kept by ``remember(_:job:isCounted:request:size:)``.
    func bury(
        _ job: Int64,
        customer: String,
        of failure: Failure,
        request: String? = nil,
        size: String? = nil,
        isExhausted: Bool = false
    ) throws {
        try self.move(job, customer: customer, to: .dead)
        try self.database.run(
            SQL.error,
            [
                .integer(job), .optional(size), .text(failure.class.rawValue), .text(failure.code),
                .text(failure.message), .optional(failure.httpStatus.map(Int64.init)), .integer(isExhausted ? 1 : 0),
                .optional(request), .integer(self.now),
            ]
        )
    }

    /// As ``bury(_:customer:of:request:size:isExhausted:)``, for a death without a try of its own: the error row has the request
    /// that the job sent last, and the status that came back.
    func buryWithLastSent(_ job: Int64, customer: String, of failure: Failure, isExhausted: Bool = false) throws {
        let sent = try self.database.first(SQL.lastSent, [.integer(job)]) { row throws(SQLiteError) in
            (request: String(decoding: try row.bytes(0), as: UTF8.self), size: row.text(1), status: row.integer(2))
        }
        try self.bury(
            job,
            customer: customer,
            of: Failure(
                failure.class,
                code: failure.code,
                message: failure.message,
                httpStatus: failure.httpStatus ?? sent?.status.map(Int.init)
            ),
            request: sent?.request,
            size: sent?.size,
            isExhausted: isExhausted
        )
    }

    private func promote(_ orderKey: String) throws {
        let waiting = try self.database.first(SQL.waiting, [.text(orderKey)]) { row throws(SQLiteError) in
            (id: try row.whole(0), customer: try row.string(1), isToBeHeld: row.flag(2))
        }
        guard let waiting else { return }
        let state: JobState = waiting.isToBeHeld ? .held : .ready
        try self.database.run(SQL.promote, [.integer(waiting.id), .state(state), .integer(self.now)])
        if state == .ready { try self.lanes.activate(waiting.customer) }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var queries: [String: [String]] {
        [
            "job_unfinished": [SQL.waiting, SQL.passHold], "effect_target_job": [SQL.isUnsettled, SQL.lastSent],
            "error_row_unresolved": [SQL.resolve],
        ]
    }
}
