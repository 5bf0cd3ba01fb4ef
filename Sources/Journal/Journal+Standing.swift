package import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let ledger = "SELECT order_number, source_customer, item_id, synced_ms FROM ledger WHERE order_key = ?1"
        static let keys = "SELECT order_key FROM ledger WHERE order_number = ?1 ORDER BY seq"
        static let live = """
            SELECT \(JobFilter.columns) \(JobFilter.tables)
            WHERE job.order_key = ?1 AND job.finished_ms IS NULL AND job.state <> 'waiting'
            """
        static let waiting = """
            SELECT \(JobFilter.columns) \(JobFilter.tables)
            WHERE job.order_key = ?1 AND job.finished_ms IS NULL AND (job.state = 'waiting') = 1
            """
        static let open = """
            SELECT alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title, group_id
            FROM effect_target WHERE order_key = ?1 AND outcome IS NULL ORDER BY effect_id, alias
            """
        static let ahead = """
            SELECT count(*) FROM job WHERE state = 'ready' AND customer = ?1 AND (queued_ms, id) < (?2, ?3)
            """
        static let unfinished = "SELECT customer, state, queued_ms FROM job WHERE finished_ms IS NULL"
    }

    /// What the orders of a number wait for.
    package func standing(orderNumber: String) throws(JournalError) -> [OrderStanding] {
        try self.read { database in
            let keys = try database.query(SQL.keys, [.text(orderNumber)]) { row throws(SQLiteError) in
                try row.orderKey(0)
            }
            return try keys.compactMap { try Self.standing($0, database) }
        }
    }

    /// What an order waits for; nil when it is not known.
    package func standing(orderKey: OrderKey) throws(JournalError) -> OrderStanding? {
        try self.read { try Self.standing(orderKey, $0) }
    }

    /// Unfinished jobs by customer, state and age; the customer with the oldest first.
    ///
    /// Ages count from when the orders began to wait.
    package func standings(now: Int64) throws(JournalError) -> [CustomerStanding] {
        let rows = try self.read { database in
            try database.query(SQL.unfinished) { row throws(SQLiteError) in
                (customer: try row.string(0), state: try row.word(1, JobState.self), queuedAt: try row.whole(2))
            }
        }
        let ends = CustomerStanding.bucketEnds
        let standings = Dictionary(grouping: rows, by: \.customer).map { customer, jobs in
            var states: [JobState: Int] = [:]
            var ages = Array(repeating: 0, count: ends.count + 1)
            for job in jobs {
                states[job.state, default: 0] += 1
                ages[ends.firstIndex { now - job.queuedAt < $0 } ?? ends.count] += 1
            }
            return CustomerStanding(
                customer: customer,
                states: states,
                ages: ages,
                oldest: jobs.map(\.queuedAt).min() ?? now
            )
        }
        return standings.sorted { ($0.oldest, $0.customer) < ($1.oldest, $1.customer) }
    }

    private static func standing(_ key: OrderKey, _ database: Database) throws -> OrderStanding? {
        let live = try database.first(SQL.live, [.key(key)]) { row throws(SQLiteError) in try JobSummary(row) }
        let waiting = try database.first(SQL.waiting, [.key(key)]) { row throws(SQLiteError) in try JobSummary(row) }
        let open = try database.query(SQL.open, [.key(key)]) { row throws(SQLiteError) in try EffectTarget(row, from: 0)
        }
        var ahead = 0
        if let live, live.state == .ready {
            let place: [SQLiteValue] = [.text(live.customer), .integer(live.queuedAt), .integer(live.id)]
            ahead = Int(try database.integer(SQL.ahead, place) ?? 0)
        }
        return try database.first(SQL.ledger, [.key(key)]) { row throws(SQLiteError) in
            OrderStanding(
                orderKey: key,
                orderNumber: try row.string(0),
                sourceCustomer: try row.string(1),
                itemID: row.integer(2),
                syncedAt: row.integer(3),
                live: live,
                waiting: waiting,
                open: open,
                ahead: ahead
            )
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var standingQueries: [String: [String]] {
        [
            "job_unfinished": [SQL.live, SQL.waiting], "effect_target_order": [SQL.open], "job_ready": [SQL.ahead],
        ]
    }
}
