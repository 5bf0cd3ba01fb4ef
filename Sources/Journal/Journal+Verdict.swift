internal import CrashPoints
package import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let job = "SELECT \(JobFilter.columns) \(JobFilter.tables) WHERE job.id = ?1"
        static let open = """
            SELECT alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title, group_id, effect_id,
                (SELECT sent_at_ms FROM effect WHERE effect.id = effect_id)
            FROM effect_target WHERE job_id = ?1 AND outcome IS NULL ORDER BY effect_id
            """
        /// Reads the whole ledger, which a person's command may.
        static let itemOwner = "SELECT order_number FROM ledger WHERE item_id = ?1 AND order_key <> ?2"
        static let subitemOwner = """
            SELECT ledger.order_number || ', size ' || ledger_subitem.size FROM ledger_subitem
            JOIN ledger ON ledger.order_key = ledger_subitem.order_key
            WHERE ledger_subitem.id = ?1 AND NOT (ledger_subitem.order_key = ?2 AND ledger_subitem.size = ?3)
            """
    }

    /// Something a job sent that has no known outcome.
    private struct Open {
        let effect: Int64
        let target: EffectTarget
        let sentAt: Int64
    }

    /// Records a person's verdict on what a job sent without a known outcome.
    ///
    /// A job that died of such a doubt goes on once nothing of it is in doubt any more.
    /// - Parameters:
    ///   - id: The job.
    ///   - verdict: What is there and what is not.
    ///   - patience: How long after a send Monday.com may still be at work on it, in milliseconds; before that nothing can
    ///     be said to be absent.
    ///   - who: Who says so.
    ///   - why: What the person saw.
    ///   - now: The time, in milliseconds.
    /// - Returns: What is settled now, and what is not.
    /// - Throws: ``JournalError/Code/stale`` while the daemon works on the job, ``JournalError/Code/tooEarly`` when
    ///   something may yet appear, ``JournalError/Code/notFound`` when there is no such job or nothing of it is in doubt,
    ///   ``JournalError/Code/verdict`` when the verdict does not fit what is. Nothing is written then.
    package func settle(
        job id: Int64,
        verdict: Verdict,
        patience: Int64,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> VerdictOutcome {
        try self.write(.verdict) { database in
            let job = try database.first(SQL.job, [.integer(id)]) { row throws(SQLiteError) in try JobSummary(row) }
            guard let job else { throw JournalError(.notFound, "there is no job \(id)") }
            guard job.state != .running else {
                throw JournalError(.stale, "job \(id): the daemon is working on it; try again when it is in doubt")
            }
            let open = try Self.open(id, database)
            guard !open.isEmpty else {
                throw JournalError(.notFound, "job \(id): nothing it sent has an unknown outcome")
            }
            let words = try Self.words(verdict, open, job: id)
            for (part, word) in zip(open, words) {
                try Self.check(word, part, job: job, patience: patience, now: now, database)
            }
            var recorder = OutcomeRecorder(database: database, now: now, path: self.path)
            var settled = 0
            for (effect, parts) in Dictionary(grouping: zip(open, words), by: \.0.effect).sorted(by: { $0.key < $1.key }
            ) {
                var outcomes: [String: EffectOutcome] = [:]
                for (part, word) in parts {
                    switch word {
                    case .there(let remote): outcomes[part.target.alias] = .adopted(remoteID: remote)
                    case .absent: outcomes[part.target.alias] = .absent
                    case nil: break
                    }
                }
                settled += outcomes.count
                if !outcomes.isEmpty { try recorder.record(outcomes, effect: effect, answer: "settled by \(who)") }
            }
            if settled > 0 {
                let action = Action("settle", who: who, why: why, now: now)
                try Self.audit(action, filter: "ids \(id)", jobs: [id], database)
            }
            try Self.bringBack(job, who: who, Transitions(database: database, now: now))
            return VerdictOutcome(
                settled: settled,
                left: open.count - settled,
                state: try database.first(SQL.job, [.integer(id)]) { row throws(SQLiteError) in
                    try JobSummary(row).state
                }
                    ?? job.state,
                alarms: recorder.alarms
            )
        }
    }

    private static func open(_ job: Int64, _ database: Database) throws -> [Open] {
        try database.query(SQL.open, [.integer(job)]) { row throws(SQLiteError) in
            Open(effect: try row.whole(10), target: try EffectTarget(row, from: 0), sentAt: try row.whole(11))
        }
    }

    private static func words(_ verdict: Verdict, _ open: [Open], job: Int64) throws -> [Verdict.Word?] {
        do {
            return try verdict.words(for: open.map(\.target))
        } catch {
            let things = open.map { $0.target.words }.joined(separator: "; ")
            throw JournalError(.verdict, "job \(job): \(error.what) is not what is in doubt, but: \(things)")
        }
    }

    /// Refuses what can't be true.
    private static func check(
        _ word: Verdict.Word?,
        _ part: Open,
        job: JobSummary,
        patience: Int64,
        now: Int64,
        _ database: Database
    ) throws {
        switch word {
        case .absent:
            guard now < part.sentAt + patience else { return }
            let seconds = (part.sentAt + patience - now + 999) / 1000
            throw JournalError(
                .tooEarly,
                "job \(job.id): Monday.com may still be at work on it; look again in \(seconds) s, and say it then"
            )
        case .there(let id):
            let key = job.orderKey.description
            let owner =
                if part.target.kind == .createItem {
                    try database.first(SQL.itemOwner, [.integer(id), .text(key)]) { $0.text(0) ?? "" }
                } else if let size = part.target.size, part.target.kind == .createSubitem {
                    try database.first(SQL.subitemOwner, [.integer(id), .text(key), .text(size)]) { $0.text(0) ?? "" }
                } else {
                    String?.none
                }
            if let owner {
                throw JournalError(.verdict, "job \(job.id): \(id) belongs to order \(owner); look again")
            }
        case nil: return
        }
    }

    /// Lets a job go on that died of nothing but a doubt.
    private static func bringBack(_ job: JobSummary, who: String, _ transitions: Transitions) throws {
        guard job.state == .dead, job.lastCode == Self.doubtCode, try !transitions.isUnsettled(job.id) else { return }
        let now = try transitions.database.first(SQL.job, [.integer(job.id)]) { row throws(SQLiteError) in
            try JobSummary(row).state
        }
        // A newer snapshot that waited has taken its place already.
        if now == .dead { try Self.replay(job, who: who, transitions) }
    }

    /// The code of a death that only a person's verdict can undo.
    package static let doubtCode = "IN_DOUBT"

    /// Makes jobs dead whose request nobody but a person can find the outcome of.
    ///
    /// What they sent stays without an outcome, so nothing is sent for their orders before ``settle(job:verdict:patience:who:why:now:)``.
    /// - Parameters:
    ///   - deaths: Jobs in doubt, and what to tell of each.
    ///   - now: The time, in milliseconds.
    /// - Returns: How many died: none that was dead or at work.
    /// - Throws: What kept the journal from being written.
    package func buryDoubts(_ deaths: [(job: Int64, failure: Failure)], now: Int64) throws(JournalError) -> Int {
        try self.write(.doubtDead) { database in
            let transitions = try Transitions(database: database, now: now)
            var count = 0
            for (id, failure) in deaths {
                let job = try database.first(SQL.job, [.integer(id)]) { row throws(SQLiteError) in try JobSummary(row) }
                guard let job, job.state == .inDoubt, job.isUnsettled else { continue }
                if job.isToBeHeld {
                    // A person has it already.
                    try transitions.move(id, customer: job.customer, to: .held)
                    continue
                }
                let generation = try database.integer("SELECT generation FROM job WHERE id = ?1", [.integer(id)]) ?? 0
                try transitions.remember(
                    failure,
                    job: JobReference(id: id, generation: generation),
                    isCounted: false
                )
                try transitions.buryWithLastSent(id, customer: job.customer, of: failure)
                count += 1
            }
            return count
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var verdictQueries: [String: [String]] { ["effect_target_job": [SQL.open]] }
}

extension EffectTarget {
    /// What was sent, for people.
    package var words: String {
        let verb = self.kind.rawValue.replacing("_", with: " ")
        guard let size else { return verb }
        return self.kind == .createSubitem || self.kind == .deleteSubitem
            ? "\(verb) of size \(size)" : "\(verb) of subitem \(size)"
    }
}
