internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        private static let columns = """
            SELECT alarm.id, alarm.at_ms, alarm.kind, alarm.order_key, alarm.size, alarm.group_title, alarm.known_id,
                alarm.other_id, alarm.effect_id, ledger.order_number, ledger.customer, replay.at_ms, replay.who,
                replay.action, replay.why
            FROM alarm
            LEFT JOIN ledger ON ledger.order_key = alarm.order_key
            LEFT JOIN replay ON replay.id = alarm.replay_id
            """
        static let open = columns + " WHERE alarm.acknowledged_ms IS NULL ORDER BY alarm.id"
        /// Every alarm there ever was: they are few, and only a person asks for them.
        static let all = columns + " ORDER BY alarm.id"
        static let openNumbers = "SELECT id FROM alarm WHERE acknowledged_ms IS NULL ORDER BY id"
        static let isOpen = "SELECT acknowledged_ms IS NULL FROM alarm WHERE id = ?1"
        static let acknowledge = "UPDATE alarm SET acknowledged_ms = ?2, replay_id = ?3 WHERE id = ?1"
    }

    /// The contradictions no person has put away yet, oldest first.
    package func alarms() throws(JournalError) -> [Alarm] {
        try self.alarmRecords(all: false).map(\.alarm)
    }

    /// The same with their orders; with `all` also those that were put away, with who did it and why.
    package func alarmRecords(all: Bool) throws(JournalError) -> [AlarmRecord] {
        try self.read { database in
            try database.query(all ? SQL.all : SQL.open) { row throws(SQLiteError) in try AlarmRecord(row) }
        }
    }

    /// Puts alarms away that a person has looked at; one that is met again rings again.
    ///
    /// - Parameters:
    ///   - ids: The alarms; nil for all that are open.
    ///   - who: Who has looked.
    ///   - why: What was found, or done.
    ///   - now: The time, in milliseconds.
    /// - Returns: Which were put away, and which could not be.
    /// - Throws: What kept the journal from being written; then none is put away.
    package func acknowledge(
        alarms ids: [Int64]?,
        who: String,
        why: String,
        now: Int64
    ) throws(JournalError) -> AlarmOutcome {
        try self.write(.alarmsSeen) { database in
            let meant =
                try ids.map { Set($0).sorted() }
                ?? database.query(SQL.openNumbers) { row throws(SQLiteError) in try row.whole(0) }
            var outcome = AlarmOutcome()
            for id in meant {
                switch try database.integer(SQL.isOpen, [.integer(id)]) {
                case nil: outcome.refused.append(AlarmOutcome.Refused(id: id, reason: .unknown))
                case 0: outcome.refused.append(AlarmOutcome.Refused(id: id, reason: .acknowledged))
                default: outcome.acknowledged.append(id)
                }
            }
            guard !outcome.acknowledged.isEmpty else { return outcome }
            let numbers = outcome.acknowledged.map(String.init).joined(separator: ", ")
            let action = Action("acknowledge", who: who, why: why, now: now)
            let command = try Self.audit(action, filter: "alarms \(numbers)", jobs: [], database)
            for id in outcome.acknowledged {
                try database.run(SQL.acknowledge, [.integer(id), .integer(now), .integer(command)])
            }
            return outcome
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var alarmQueries: [String: [String]] { ["alarm_open": [SQL.open, SQL.openNumbers]] }
}

extension AlarmRecord {
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        self.alarm = Alarm(
            id: try row.whole(0),
            at: try row.whole(1),
            kind: try row.word(2),
            orderKey: row.text(3).flatMap(OrderKey.init),
            size: row.text(4).flatMap { $0.isEmpty ? nil : $0 },
            groupTitle: row.text(5).flatMap { $0.isEmpty ? nil : $0 },
            knownID: try row.string(6),
            otherID: try row.string(7),
            effectID: row.integer(8)
        )
        self.orderNumber = row.text(9)
        self.customer = row.text(10)
        self.acknowledgement =
            if let at = row.integer(11) {
                JobDetail.Action(at: at, who: try row.string(12), action: try row.string(13), why: try row.string(14))
            } else {
                nil
            }
    }
}
