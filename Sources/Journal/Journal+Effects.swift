internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let isClaimed = """
            SELECT 1 FROM job WHERE id = ?1 AND generation = ?2 AND state = 'running' AND owner_epoch = ?3
            """
        /// As the index `effect_target_open` says it, so that the answer comes in our words.
        static let isOpen = """
            SELECT 1 FROM effect_target
            WHERE order_key = ?1 AND kind = ?2 AND ifnull(size, '') = ifnull(?3, '') AND outcome IS NULL
            """
        static let isGroupOpen = """
            SELECT 1 FROM effect JOIN effect_target target ON target.effect_id = effect.id
            WHERE effect.state <> 'settled' AND effect.board = ?1 AND target.kind = 'create_group'
                AND target.group_title = ?2 AND target.outcome IS NULL
            """
        static let insert = """
            INSERT INTO effect (idempotency_key, kind, board, body, state, epoch, first_sent_ms, sent_at_ms)
            VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?6) RETURNING id
            """
        static let insertTarget = """
            INSERT INTO effect_target (effect_id, alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title,
                group_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """
        static let unsettled = """
            SELECT id, idempotency_key, kind, board, body, sent_at_ms, first_sent_ms, sends, epoch,
                (SELECT count(*) FROM effect_target WHERE effect_id = effect.id AND outcome IS NOT NULL)
            FROM effect WHERE state <> 'settled' ORDER BY sent_at_ms, id
            """
        static let openTargets = """
            SELECT alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title, group_id
            FROM effect_target WHERE effect_id = ?1 AND outcome IS NULL
            """
        static let hasOutcome = "SELECT 1 FROM effect_target WHERE effect_id = ?1 AND outcome IS NOT NULL LIMIT 1"
        static let resent = """
            UPDATE effect SET sends = sends + 1, sent_at_ms = ?2, state = 'open', epoch = ?3
            WHERE id = ?1 AND state <> 'settled'
            """
    }

    /// Writes down a request that is about to be sent.
    ///
    /// Not one byte of it may leave before this returns.
    ///
    /// - Returns: The number of the effect; numbers are never reused.
    /// - Throws: ``JournalError/Code/stale`` when a job it is sent for is no longer the caller's,
    ///   ``JournalError/Code/unsettled`` when the same thing is in flight or in doubt already. Nothing is written then.
    package func begin(_ effect: EffectIntent, now: Int64) throws(JournalError) -> Int64 {
        let epoch = try self.currentEpoch()
        return try self.write(.intent) { database in
            for target in effect.targets {
                try self.demandClaim(target, epoch: epoch, database)
                try self.demandSettled(target, board: effect.board, database)
            }
            let id = try database.integer(
                SQL.insert,
                [
                    .text(effect.idempotencyKey), .text(effect.kind.rawValue), .integer(effect.board),
                    .blob(effect.body),
                    .integer(epoch), .integer(now),
                ]
            )
            for target in effect.targets {
                try database.run(
                    SQL.insertTarget,
                    [
                        .optional(id), .text(target.alias), .text(target.kind.rawValue), .optional(target.job?.id),
                        .optional(target.job?.generation), .key(target.orderKey), .optional(target.size),
                        .optional(target.quantity), .optional(target.itemID), .optional(target.groupTitle),
                        .optional(target.groupID),
                    ]
                )
            }
            return id ?? 0
        }
    }

    /// Records what came of a request, in one transaction with the ledger and the jobs it frees.
    ///
    /// An outcome is recorded whoever owns the job by now. An id that contradicts the ledger is not taken over but
    /// comes back as an alarm, and is kept. A target that is unknown stays open, and the effect in doubt.
    /// - Parameters:
    ///   - id: The effect.
    ///   - outcomes: By alias. An alias that is left out stays as it is.
    ///   - answer: What to keep of the answer, for people.
    ///   - now: The time, in milliseconds.
    /// - Returns: The contradictions that were found.
    /// - Throws: ``JournalError/Code/notFound`` for an effect or an alias that was never written down.
    package func settle(
        effect id: Int64,
        outcomes: [String: EffectOutcome],
        answer: String? = nil,
        now: Int64
    ) throws(JournalError) -> [Alarm] {
        let (alarms, isFirst) = try self.write(.outcome) { database in
            var recorder = OutcomeRecorder(database: database, now: now, path: self.path)
            try recorder.record(outcomes, effect: id, answer: answer)
            return (recorder.alarms, try recorder.hasSettled && self.markProgress(database, now: now))
        }
        if isFirst { self.hasProgressed = true }
        return alarms
    }

    /// Notes that the same bytes are about to be sent again under the same key.
    ///
    /// - Throws: ``JournalError/Code/unsettled`` when a part of the request has an outcome: what was done would be
    ///   done twice.
    package func resent(effect id: Int64, now: Int64) throws(JournalError) {
        let epoch = try self.currentEpoch()
        try self.write(.resend) { database in
            guard try !database.exists(SQL.hasOutcome, [.integer(id)]) else {
                throw JournalError(
                    .unsettled,
                    "journal \(self.path): a part of effect \(id) has an outcome, so its bytes must not be sent again"
                )
            }
            guard try database.run(SQL.resent, [.integer(id), .integer(now), .integer(epoch)]) == 1 else {
                throw JournalError(.notFound, "journal \(self.path): there is no unsettled effect \(id)")
            }
        }
    }

    /// The requests of which some part has no known outcome, the one sent longest ago first.
    package func unsettledEffects() throws(JournalError) -> [UnsettledEffect] {
        try self.read { database in
            try database.query(SQL.unsettled) { row throws(SQLiteError) in
                let id = try row.whole(0)
                return UnsettledEffect(
                    id: id,
                    idempotencyKey: try row.string(1),
                    kind: try row.word(2),
                    board: try row.whole(3),
                    body: try row.bytes(4),
                    sentAt: try row.whole(5),
                    firstSentAt: try row.whole(6),
                    sends: try row.count(7),
                    epoch: try row.whole(8),
                    open: try database.query(SQL.openTargets, [.integer(id)]) { row throws(SQLiteError) in
                        try EffectTarget(row, from: 0)
                    }.sorted { AliasOrder.isBefore($0.alias, $1.alias) },
                    settledTargets: try row.count(9)
                )
            }
        }
    }

    private func demandClaim(_ target: EffectTarget, epoch: Int64, _ database: Database) throws {
        guard let job = target.job else { return }
        let values: [SQLiteValue] = [.integer(job.id), .integer(job.generation), .integer(epoch)]
        guard try database.exists(SQL.isClaimed, values) else {
            throw JournalError(.stale, "journal \(self.path): job \(job.id) is no longer the sender's")
        }
    }

    private func demandSettled(_ target: EffectTarget, board: Int64, _ database: Database) throws {
        let isOpen =
            if let key = target.orderKey {
                try database.exists(SQL.isOpen, [.key(key), .text(target.kind.rawValue), .optional(target.size)])
            } else if target.kind == .createGroup {
                try database.exists(SQL.isGroupOpen, [.integer(board), .optional(target.groupTitle)])
            } else {
                false
            }
        guard !isOpen else {
            throw JournalError(
                .unsettled,
                "journal \(self.path): \(target.kind.rawValue) for \(target.orderKey?.description ?? target.groupTitle ?? "") "
                    + "is in flight or in doubt already"
            )
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var effectQueries: [String: [String]] {
        ["effect_unsettled": [SQL.unsettled, SQL.isGroupOpen], "effect_target_open": [SQL.isOpen]]
    }
}

/// The order in which aliases stand in their request: `m2` before `m10`.
enum AliasOrder {
    static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count ? left < right : left.utf8.count < right.utf8.count
    }
}

extension EffectTarget {
    /// Reads alias, kind, job, generation, order key, size, quantity, item, group's title and id.
    init(_ row: borrowing Row, from first: Int) throws(SQLiteError) {
        let job: JobReference? =
            if let id = row.integer(first + 2) {
                JobReference(id: id, generation: row.integer(first + 3) ?? 0)
            } else {
                nil
            }
        self.init(
            alias: try row.string(first),
            kind: try row.word(first + 1),
            job: job,
            orderKey: try row.optionalKey(first + 4),
            size: row.text(first + 5),
            quantity: row.integer(first + 6),
            itemID: row.integer(first + 7),
            groupTitle: row.text(first + 8),
            groupID: row.text(first + 9)
        )
    }
}
