internal import Orders
internal import SQLite

/// Records outcomes of effects, with all that follows from them, inside its caller's transaction.
struct OutcomeRecorder {
    private enum SQL {
        static let effect = "SELECT board FROM effect WHERE id = ?1"
        static let target = """
            SELECT alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title, group_id, outcome, remote_id,
                remote_text, doubted, class, code, message, http_status
            FROM effect_target WHERE effect_id = ?1 AND alias = ?2
            """
        static let settle = """
            UPDATE effect_target SET outcome = ?3, remote_id = ?4, remote_text = ?5, class = coalesce(?6, class),
                code = coalesce(?7, code), message = coalesce(?8, message), http_status = coalesce(?9, http_status),
                settled_ms = ?10
            WHERE effect_id = ?1 AND alias = ?2
            """
        static let doubt = """
            UPDATE effect_target SET doubted = 1, class = ?3, code = ?4, message = ?5, http_status = ?6
            WHERE effect_id = ?1 AND alias = ?2
            """
        static let close = """
            UPDATE effect SET answer = coalesce(?2, answer),
                state = CASE WHEN ?4 THEN 'in_doubt' ELSE 'settled' END,
                settled_ms = CASE WHEN ?4 THEN NULL ELSE coalesce(settled_ms, ?3) END
            WHERE id = ?1
            """
        static let isOpen = "SELECT 1 FROM effect_target WHERE effect_id = ?1 AND outcome IS NULL LIMIT 1"
        static let recheck = """
            INSERT INTO recheck (effect_id, alias, settled_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
            """
        static let advance = "UPDATE job SET stage = ?2, charges = 0 WHERE id = ?1 AND (stage <> ?2 OR charges > 0)"
        static let job = "SELECT state, order_key, customer, hold, generation FROM job WHERE id = ?1"
    }

    /// What the database holds of one target.
    struct Target {
        let board: Int64
        let effect: Int64
        let intent: EffectTarget
        let outcome: String?
        let remoteID: Int64?
        let remoteText: String?
        let isDoubted: Bool
        let failure: Failure?
    }

    let database: Database
    let now: Int64
    let path: String
    private(set) var alarms: [Alarm] = []
    /// Whether anything has an outcome now that had none.
    private(set) var hasSettled = false
    /// The jobs that may have become free, and what of something they sent that was found absent.
    private var touched: [Int64: Absence?] = [:]

    /// Something was sent and is not there.
    private struct Absence {
        let failure: Failure
        /// Whether it costs the job an attempt: not when the daemon died before it could see an answer.
        let isCounted: Bool
    }

    init(database: Database, now: Int64, path: String) {
        self.database = database
        self.now = now
        self.path = path
    }

    mutating func record(_ outcomes: [String: EffectOutcome], effect: Int64, answer: String?) throws {
        guard let board = try self.database.integer(SQL.effect, [.integer(effect)]) else {
            throw JournalError(.notFound, "journal \(self.path): there is no effect \(effect)")
        }
        for (alias, outcome) in outcomes.sorted(by: { AliasOrder.isBefore($0.key, $1.key) }) {
            guard let target = try self.target(alias, effect: effect, board: board) else {
                throw JournalError(.notFound, "journal \(self.path): effect \(effect) has no alias \(alias)")
            }
            try self.record(outcome, target)
        }
        let isOpen = try self.database.exists(SQL.isOpen, [.integer(effect)])
        try self.database.run(
            SQL.close,
            [.integer(effect), .optional(answer), .integer(self.now), .integer(isOpen ? 1 : 0)]
        )
        for (job, absence) in self.touched.sorted(by: { $0.key < $1.key }) {
            try self.free(job, absence: absence)
        }
        self.touched = [:]
    }

    private func target(_ alias: String, effect: Int64, board: Int64) throws -> Target? {
        try self.database.first(SQL.target, [.integer(effect), .text(alias)]) { row throws(SQLiteError) in
            Target(
                board: board,
                effect: effect,
                intent: try EffectTarget(row, from: 0),
                outcome: row.text(10),
                remoteID: row.integer(11),
                remoteText: row.text(12),
                isDoubted: row.flag(13),
                failure: row.failure(14)
            )
        }
    }

    private mutating func record(_ outcome: EffectOutcome, _ target: Target) throws {
        switch outcome {
        case .done(let id, let text): try self.there(target, "done", id, text)
        case .adopted(let id, let text): try self.there(target, "adopted", id, text)
        case .absent: try self.notThere(target, "absent", failure: nil)
        case .refused(let failure): try self.notThere(target, "refused", failure: failure)
        case .unknown(let failure): try self.doubt(target, failure)
        }
    }

    /// It is there.
    ///
    /// This may come late, after it was looked up in vain: then it counts all the same.
    private mutating func there(_ target: Target, _ outcome: String, _ id: Int64?, _ text: String?) throws {
        guard target.intent.kind.makesNothing || id != nil || text != nil else {
            let failure = Failure(.inDoubt, code: "no_id", message: "the answer names no id of what was made")
            return try self.doubt(target, failure)
        }
        let wasThere = target.outcome == "done" || target.outcome == "adopted"
        if !wasThere {
            try self.close(target, outcome, id, text, failure: nil)
        }
        let ledger = LedgerWriter(database: self.database, now: self.now)
        if let alarm = try ledger.apply(target.intent, board: target.board, id: id, text: text, effect: target.effect) {
            self.alarms.append(alarm)
        }
        if let job = target.intent.job?.id, !wasThere {
            let stage: JobStage = target.intent.kind == .createSubitem ? .subitems : .item
            if target.intent.kind == .createItem || target.intent.kind == .createSubitem {
                try self.database.run(SQL.advance, [.integer(job), .text(stage.rawValue)])
            }
        }
    }

    /// It is not there.
    ///
    /// What was there once is not forgotten by that: a person may have removed it.
    private mutating func notThere(_ target: Target, _ outcome: String, failure: Failure?) throws {
        guard target.outcome == nil else { return }
        try self.close(target, outcome, nil, nil, failure: failure)
        guard outcome == "absent" else { return }
        try LedgerWriter(database: self.database, now: self.now).forget(target.intent)
        if let job = target.intent.job?.id {
            let words = target.failure.map { " after \($0)" } ?? ""
            let failure = Failure(
                .inDoubt,
                code: "absent",
                message: "\(target.intent.kind.rawValue) was sent and not found on the board\(words)"
            )
            let wasCounted = self.touched[job]??.isCounted ?? false
            self.touched[job] = .some(Absence(failure: failure, isCounted: target.failure != nil || wasCounted))
        }
    }

    private mutating func doubt(_ target: Target, _ failure: Failure) throws {
        guard target.outcome == nil else { return }
        try self.database.run(
            SQL.doubt,
            [
                .integer(target.effect), .text(target.intent.alias), .text(failure.class.rawValue), .text(failure.code),
                .text(failure.message), .optional(failure.httpStatus.map(Int64.init)),
            ]
        )
    }

    private mutating func close(
        _ target: Target,
        _ outcome: String,
        _ id: Int64?,
        _ text: String?,
        failure: Failure?
    ) throws {
        try self.database.run(
            SQL.settle,
            [
                .integer(target.effect), .text(target.intent.alias), .text(outcome), .optional(id), .optional(text),
                .optional(failure?.class.rawValue), .optional(failure?.code), .optional(failure?.message),
                .optional(failure?.httpStatus.map(Int64.init)), .integer(self.now),
            ]
        )
        if target.outcome == nil {
            self.hasSettled = true
            if let job = target.intent.job?.id, self.touched[job] == nil { self.touched[job] = .some(nil) }
            // What had to be looked up was in doubt, whether or not anybody said so.
            let wasDoubted = target.isDoubted || outcome == "adopted" || outcome == "absent"
            if wasDoubted, !target.intent.kind.makesNothing {
                try self.database.run(
                    SQL.recheck,
                    [.integer(target.effect), .text(target.intent.alias), .integer(self.now)]
                )
            }
        }
    }

    /// Lets a job go on once nothing it sent is unknown; a newer snapshot that waited takes its place.
    private func free(_ job: Int64, absence: Absence?) throws {
        let transitions = try Transitions(database: self.database, now: self.now)
        guard try !transitions.isUnsettled(job) else { return }
        let row = try self.database.first(SQL.job, [.integer(job)]) { row throws(SQLiteError) in
            (
                state: try row.word(0, JobState.self), orderKey: try row.string(1), customer: try row.string(2),
                isToBeHeld: row.flag(3), generation: try row.whole(4)
            )
        }
        guard let row, !row.state.isFinal, row.state != .running, row.state != .waiting else { return }
        if row.state == .inDoubt, let absence {
            try transitions.remember(
                absence.failure,
                job: JobReference(id: job, generation: row.generation),
                isCounted: absence.isCounted
            )
        }
        if try transitions.isWaiting(row.orderKey) {
            try transitions.supersede(job, orderKey: row.orderKey)
        } else if row.state == .inDoubt {
            try transitions.move(job, customer: row.customer, to: row.isToBeHeld ? .held : .ready)
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var queries: [String: [String]] {
        ["PRIMARY KEY": [SQL.target, SQL.isOpen]]
    }
}

extension EffectKind {
    /// Whether doing it twice is no more than doing it once, and no id comes back that matters.
    package var makesNothing: Bool {
        switch self {
        case .createGroup, .createItem, .createSubitem: false
        case .changeColumns, .moveItem, .archiveItem, .deleteSubitem: true
        }
    }
}
