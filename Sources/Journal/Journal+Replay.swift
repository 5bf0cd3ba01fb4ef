internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let replay = """
            UPDATE job SET errors = 0, charges = 0, solo = 0, replays = replays + 1, replayed_by = ?2 WHERE id = ?1
            """
        static let hold = "UPDATE job SET hold = ?2, updated_ms = ?3 WHERE id = ?1"
        static let exists = "SELECT 1 FROM job WHERE id = ?1"
        static let hasDied = "SELECT 1 FROM error_row WHERE job_id = ?1 AND resolved_ms IS NULL LIMIT 1"
        static let audit =
            "INSERT INTO replay (at_ms, who, action, why, filter, jobs) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        static let auditJob = "INSERT INTO replay_job (job_id, replay_id) VALUES (?1, ?2)"
    }

    /// Makes dead jobs ready again, with no errors held against them, and lets retries run at once.
    ///
    /// The order keeps its place; doing it twice changes nothing the second time.
    package func retry(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome
    {
        try self.perform(.retry, on: filter, who: who, why: why, now: now)
    }

    /// Drops jobs that are not at work; what waits behind one takes its place, and their error rows are resolved.
    package func discard(
        _ filter: JobFilter,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> ReplayOutcome {
        try self.perform(.discard, on: filter, who: who, why: why, now: now)
    }

    /// Sets jobs aside until they are released; one that waits or is in doubt is set aside when its turn comes.
    package func hold(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome {
        try self.perform(.hold, on: filter, who: who, why: why, now: now)
    }

    /// Lets held jobs go on; one whose requests have no known outcome is in doubt first.
    package func release(
        _ filter: JobFilter,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> ReplayOutcome {
        try self.perform(.release, on: filter, who: who, why: why, now: now)
    }

    /// Does one thing to every job that meets a filter, in one transaction with its record.
    package func perform(
        _ deed: Deed,
        on filter: JobFilter,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> ReplayOutcome {
        try self.write(.command) { database in
            let jobs = try filter.jobs(for: deed, in: database)
            let transitions = try Transitions(database: database, now: now)
            var outcome = try Self.forecast(deed, jobs, filter, database)
            let refused = Set(outcome.refused.map(\.id))
            for job in jobs where !refused.contains(job.id) {
                try Self.change(job, deed, who: who, transitions)
                outcome.changed.append(job.id)
            }
            if !outcome.changed.isEmpty {
                let action = Action(deed.rawValue, who: who, why: why, now: now)
                try Self.audit(action, filter: filter.words(for: deed), jobs: outcome.changed, database)
            }
            return outcome
        }
    }

    /// What a command would do, without doing it: the jobs it would change, and those it would refuse.
    package func forecast(
        _ deed: Deed,
        on filter: JobFilter
    ) throws(JournalError) -> (jobs: [JobSummary], refused: [ReplayOutcome.Refused]) {
        try self.read { database in
            let jobs = try filter.jobs(for: deed, in: database)
            let outcome = try Self.forecast(deed, jobs, filter, database)
            let refused = Set(outcome.refused.map(\.id))
            return (jobs.filter { !refused.contains($0.id) }, outcome.refused)
        }
    }

    private static func forecast(
        _ deed: Deed,
        _ jobs: [JobSummary],
        _ filter: JobFilter,
        _ database: Database
    ) throws -> ReplayOutcome {
        var outcome = ReplayOutcome()
        for job in jobs {
            if let reason = deed.refusal(of: job) {
                outcome.refused.append(ReplayOutcome.Refused(id: job.id, reason: reason))
            }
        }
        let met = Set(jobs.map(\.id))
        for id in Set(filter.ids ?? []).subtracting(met).sorted() {
            let exists = try database.exists(SQL.exists, [.integer(id)])
            outcome.refused.append(ReplayOutcome.Refused(id: id, reason: exists ? .state : .unknown))
        }
        return outcome
    }

    private static func change(_ job: JobSummary, _ deed: Deed, who: String, _ transitions: Transitions) throws {
        let orderKey = job.orderKey.description
        switch deed {
        case .retry: try Self.replay(job, who: who, transitions)
        case .discard where job.state == .waiting: try transitions.drop(job.id)
        case .discard:
            try transitions.resolveErrors(orderKey, by: who)
            try transitions.finish(job.id, orderKey: orderKey, as: .discarded)
        case .hold where job.state == .waiting || job.state == .inDoubt:
            try transitions.database.run(SQL.hold, [.integer(job.id), 1, .integer(transitions.now)])
        case .hold: try transitions.move(job.id, customer: job.customer, to: .held)
        case .release where job.state != .held:
            try transitions.database.run(SQL.hold, [.integer(job.id), 0, .integer(transitions.now)])
        case .release where job.isUnsettled: try transitions.move(job.id, customer: job.customer, to: .inDoubt)
        case .release:
            // One that had died goes on as it would by a replay: with a clean count, and in the name of who let it.
            if try transitions.database.exists(SQL.hasDied, [.integer(job.id)]) {
                try Self.replay(job, who: who, transitions)
            } else {
                try transitions.move(job.id, customer: job.customer, to: .ready)
            }
        }
    }

    /// Makes a job ready with no errors held against it; its success resolves its error rows in the name of who replayed.
    static func replay(_ job: JobSummary, who: String, _ transitions: Transitions) throws {
        try transitions.database.run(SQL.replay, [.integer(job.id), .text(who)])
        try transitions.moveOrYield(
            job.id,
            orderKey: job.orderKey.description,
            customer: job.customer,
            to: .ready
        )
    }

    /// Who does what, and why: kept with every command.
    struct Action {
        let action: String
        let who: String
        let why: String
        let now: Int64

        init(_ action: String, who: String, why: String, now: Int64) {
            self.action = action
            self.who = who
            self.why = why
            self.now = now
        }
    }

    /// Keeps a command.
    ///
    /// - Returns: Its number.
    @discardableResult
    static func audit(_ action: Action, filter: String, jobs: [Int64], _ database: Database) throws -> Int64 {
        let row = try database.integer(
            SQL.audit,
            [
                .integer(action.now), .text(action.who), .text(action.action), .text(action.why), .text(filter),
                .integer(jobs.count),
            ]
        )
        let id = row ?? 0
        for job in jobs {
            try database.run(SQL.auditJob, [.integer(job), .integer(id)])
        }
        return id
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var replayQueries: [String: [String]] { ["error_row_job": [SQL.hasDied]] }
}

extension JobFilter {
    /// The jobs that a command is meant for.
    ///
    /// Named jobs get an answer each, whatever their state; a filter means those in the command's usual states.
    fileprivate func jobs(for deed: Deed, in database: Database) throws -> [JobSummary] {
        try self.completed(for: deed).jobs(in: database)
    }

    fileprivate func words(for deed: Deed) -> String { self.completed(for: deed).words }

    private func completed(for deed: Deed) -> JobFilter {
        guard self.ids == nil, self.states.isEmpty else { return self }
        var filter = self
        filter.states = deed.usualStates
        return filter
    }
}
