internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let replay = """
            UPDATE job SET errors = 0, charges = 0, solo = 0, replays = replays + 1, replayed_by = ?2 WHERE id = ?1
            """
        static let hold = "UPDATE job SET hold = ?2, updated_ms = ?3 WHERE id = ?1"
        static let audit =
            "INSERT INTO replay (at_ms, who, action, why, filter, jobs) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        static let auditJob = "INSERT INTO replay_job (job_id, replay_id) VALUES (?1, ?2)"
        static let open =
            "SELECT effect_id, alias FROM effect_target WHERE job_id = ?1 AND outcome IS NULL ORDER BY effect_id"
        static let state = "SELECT state FROM job WHERE id = ?1"
    }

    /// Who does what, and why: kept with every command.
    private struct Command {
        let action: String
        let who: String
        let why: String
        let now: Int64
    }

    /// Makes dead jobs ready again, with no errors held against them, and lets retries run at once.
    ///
    /// The order keeps its place; doing it twice changes nothing the second time.
    package func retry(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome
    {
        let command = Command(action: "retry", who: who, why: why, now: now)
        return try self.perform(command, on: filter, default: [.dead]) { job, transitions in
            switch job.state {
            case .dead, .retry:
                if job.isUnsettled { return .unsettled }
                try transitions.database.run(SQL.replay, [.integer(job.id), .text(who)])
                try transitions.moveOrYield(
                    job.id,
                    orderKey: job.orderKey.description,
                    customer: job.customer,
                    to: .ready
                )
                return nil
            case .running: return .running
            default: return .state
            }
        }
    }

    /// Drops jobs that are not at work; what waits behind one takes its place, and their error rows are resolved.
    package func discard(
        _ filter: JobFilter,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> ReplayOutcome {
        let command = Command(action: "discard", who: who, why: why, now: now)
        return try self.perform(command, on: filter, default: [.dead]) { job, transitions in
            if job.state == .running { return .running }
            if job.state.isFinal { return .state }
            if job.isUnsettled || job.state == .inDoubt { return .unsettled }
            if job.state == .waiting {
                try transitions.drop(job.id)
            } else {
                try transitions.resolveErrors(job.orderKey.description, by: who)
                try transitions.finish(job.id, orderKey: job.orderKey.description, as: .discarded)
            }
            return nil
        }
    }

    /// Sets jobs aside until they are released; one that waits or is in doubt is set aside when its turn comes.
    package func hold(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome {
        let command = Command(action: "hold", who: who, why: why, now: now)
        return try self.perform(command, on: filter, default: [.ready, .retry]) { job, transitions in
            switch job.state {
            case .ready, .retry, .dead:
                try transitions.move(job.id, customer: job.customer, to: .held)
            case .waiting, .inDoubt:
                if job.isToBeHeld { return .state }
                try transitions.database.run(SQL.hold, [.integer(job.id), 1, .integer(now)])
            case .running: return .running
            case .held, .done, .superseded, .discarded: return .state
            }
            return nil
        }
    }

    /// Lets held jobs go on; one whose requests have no known outcome is in doubt first.
    package func release(
        _ filter: JobFilter,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> ReplayOutcome {
        let command = Command(action: "release", who: who, why: why, now: now)
        return try self.perform(command, on: filter, default: [.held]) { job, transitions in
            if job.state == .held {
                try transitions.move(job.id, customer: job.customer, to: job.isUnsettled ? .inDoubt : .ready)
            } else if job.isToBeHeld {
                try transitions.database.run(SQL.hold, [.integer(job.id), 0, .integer(now)])
            } else {
                return .state
            }
            return nil
        }
    }

    /// Records a person's verdict on what a job sent without a known outcome.
    ///
    /// - Throws: ``JournalError/Code/stale`` while the daemon works on the job, ``JournalError/Code/notFound`` when
    ///   nothing it sent is unknown, ``JournalError/Code/unsettled`` when one id can't settle all that is.
    package func settle(
        job id: Int64,
        verdict: Verdict,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> [Alarm] {
        try self.write(.verdict) { database in
            let state = try database.first(SQL.state, [.integer(id)]) { row throws(SQLiteError) in
                try row.word(0, JobState.self)
            }
            let open = try database.query(SQL.open, [.integer(id)]) { row throws(SQLiteError) in
                (effect: try row.whole(0), alias: try row.string(1))
            }
            guard state != .running else {
                throw JournalError(.stale, "job \(id): the daemon is working on it; try again when it is in doubt")
            }
            guard !open.isEmpty else {
                throw JournalError(.notFound, "job \(id): nothing it sent has an unknown outcome")
            }
            if case .item = verdict, open.count > 1 {
                throw JournalError(
                    .unsettled,
                    "job \(id): \(open.count) things it sent have an unknown outcome, and one id can't settle them"
                )
            }
            var recorder = OutcomeRecorder(database: database, now: now, path: self.path)
            for (effect, targets) in Dictionary(grouping: open, by: \.effect).sorted(by: { $0.key < $1.key }) {
                let outcome: EffectOutcome =
                    switch verdict {
                    case .item(let item): .adopted(remoteID: item)
                    case .absent: .absent
                    }
                let outcomes = Dictionary(targets.map { ($0.alias, outcome) }) { first, _ in first }
                try recorder.record(outcomes, effect: effect, answer: "settled by \(who)")
            }
            let command = Command(action: "settle", who: who, why: why, now: now)
            try Self.audit(command, filter: "ids \(id)", jobs: [id], database)
            return recorder.alarms
        }
    }

    /// Does one thing to every job that meets a filter, in one transaction with its record.
    private func perform(
        _ command: Command,
        on filter: JobFilter,
        default states: [JobState],
        _ change: (JobSummary, Transitions) throws -> ReplayOutcome.Refusal?
    ) throws(JournalError) -> ReplayOutcome {
        try self.write(.command) { database in
            var filter = filter
            // Named jobs get an answer each, whatever their state; a filter means those the command is for.
            if filter.ids == nil, filter.states.isEmpty { filter.states = states }
            let jobs = try filter.jobs(in: database)
            let transitions = Transitions(database: database, now: command.now)
            var outcome = ReplayOutcome()
            for job in jobs {
                if let reason = try change(job, transitions) {
                    outcome.refused.append(ReplayOutcome.Refused(id: job.id, reason: reason))
                } else {
                    outcome.changed.append(job.id)
                }
            }
            let known = Set(jobs.map(\.id))
            for id in filter.ids ?? [] where !known.contains(id) {
                outcome.refused.append(ReplayOutcome.Refused(id: id, reason: .unknown))
            }
            if !outcome.changed.isEmpty {
                try Self.audit(command, filter: filter.words, jobs: outcome.changed, database)
            }
            return outcome
        }
    }

    private static func audit(_ command: Command, filter: String, jobs: [Int64], _ database: Database) throws {
        let id = try database.integer(
            SQL.audit,
            [
                .integer(command.now), .text(command.who), .text(command.action), .text(command.why), .text(filter),
                .integer(jobs.count),
            ]
        )
        for job in jobs {
            try database.run(SQL.auditJob, [.integer(job), .optional(id)])
        }
    }
}
