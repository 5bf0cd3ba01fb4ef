package import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let ledger = """
            SELECT order_number, source_customer, item_id, (SELECT synced_ms FROM synced WHERE order_seq = ledger.seq), customer,
                missing_since_ms
            FROM ledger WHERE order_key = ?1
            """
        static let keys = "SELECT order_key FROM ledger WHERE order_number = ?1 ORDER BY seq"
        static let ofJob = "SELECT order_key FROM job WHERE id = ?1"
        static let live = """
            SELECT \(JobFilter.columns) \(JobFilter.tables)
            WHERE job.order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND job.finished_ms IS NULL AND job.waits = 0
            """
        static let waiting = """
            SELECT \(JobFilter.columns) \(JobFilter.tables)
            WHERE job.order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND job.finished_ms IS NULL AND job.waits = 1
            """
        /// Finished jobs have no index by order: all of them are read, which a person's question may.
        static let last = """
            SELECT \(JobFilter.columns) \(JobFilter.tables)
            WHERE job.order_key = ?1 AND job.finished_ms IS NOT NULL ORDER BY job.finished_ms DESC, job.id DESC
            LIMIT 1
            """
        static let action = """
            SELECT at_ms, who, action, why FROM replay_job JOIN replay ON replay.id = replay_job.replay_id
            WHERE replay_job.job_id = ?1 ORDER BY replay.id DESC LIMIT 1
            """
        static let open = """
            SELECT alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title, group_id, effect_id,
                (SELECT sent_at_ms FROM effect WHERE effect.id = effect_id)
            FROM effect_target WHERE order_key = ?1 AND outcome IS NULL ORDER BY effect_id, alias
            """
        static let ahead = """
            SELECT count(*) FROM job WHERE state = 'ready' AND customer = ?1 AND (queued_ms, id) < (?2, ?3)
            """
        static let isAtWork = "SELECT 1 FROM job WHERE state = 'running' AND customer = ?1 LIMIT 1"
        static let customersAhead = """
            SELECT count(*) FROM lane WHERE active = 1 AND customer <> ?1
                AND (turn, customer) < ((SELECT turn FROM lane WHERE customer = ?1), ?1)
                AND EXISTS (SELECT 1 FROM job WHERE state = 'ready' AND job.customer = lane.customer)
            """
        /// A bucket's number is how many of the ends an age has reached.
        static let unfinished = """
            SELECT customer, state, \(CustomerStanding.bucketEnds.map { "(?1 - queued_ms >= \($0))" }.joined(separator: " + ")),
                count(*), min(queued_ms)
            FROM job WHERE finished_ms IS NULL GROUP BY 1, 2, 3
            """
        static let epoch = "SELECT started_ms, pid, host, stopped_ms FROM epoch ORDER BY epoch DESC LIMIT 1"
        static let solo = "SELECT 1 FROM meta WHERE key = 'solo'"
        static let actions = """
            SELECT id, at_ms, who, action, why, filter, jobs FROM replay ORDER BY id DESC LIMIT ?1
            """
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

    /// What the order of a job waits for; nil when there is no such job.
    package func standing(job: Int64) throws(JournalError) -> OrderStanding? {
        try self.read { database in
            let key = try database.first(SQL.ofJob, [.integer(job)]) { row throws(SQLiteError) in try row.orderKey(0) }
            return try key.flatMap { try Self.standing($0, database) }
        }
    }

    /// Unfinished jobs by customer, state and age; the customer whose jobs have waited longest first.
    ///
    /// Ages count from when the orders began to wait, and of what goes on by itself alone.
    package func standings(now: Int64) throws(JournalError) -> [CustomerStanding] {
        let rows = try self.read { database in
            try database.query(SQL.unfinished, [.integer(now)]) { row throws(SQLiteError) in
                (
                    customer: try row.string(0), state: try row.word(1, JobState.self), bucket: try row.count(2),
                    count: try row.count(3), oldest: try row.whole(4)
                )
            }
        }
        let standings = Dictionary(grouping: rows, by: \.customer).map { customer, groups in
            var states: [JobState: Int] = [:]
            var ages = Array(repeating: 0, count: CustomerStanding.bucketEnds.count + 1)
            for group in groups {
                states[group.state, default: 0] += group.count
                if CustomerStanding.movingStates.contains(group.state) { ages[group.bucket] += group.count }
            }
            let moving = groups.filter { CustomerStanding.movingStates.contains($0.state) }
            return CustomerStanding(
                customer: customer,
                states: states,
                ages: ages,
                oldest: moving.map(\.oldest).min()
            )
        }
        return standings.sorted { ($0.oldest ?? .max, $0.customer) < ($1.oldest ?? .max, $1.customer) }
    }

    /// What the daemon was about when it last said so.
    package func daemonStanding() throws(JournalError) -> DaemonStanding {
        try self.read { database in
            let epoch = try database.first(SQL.epoch) { row throws(SQLiteError) in
                (started: try row.whole(0), pid: try row.whole(1), host: try row.string(2), stopped: row.integer(3))
            }
            return DaemonStanding(
                startedAt: epoch?.started,
                process: Int32(truncatingIfNeeded: epoch?.pid ?? 0),
                host: epoch?.host ?? "",
                stoppedAt: epoch?.stopped,
                pause: try Self.pause(database),
                isSolo: try database.exists(SQL.solo)
            )
        }
    }

    /// What people did, newest first.
    package func actions(limit: Int) throws(JournalError) -> [ActionRecord] {
        try self.read { database in
            try database.query(SQL.actions, [.integer(limit)]) { row throws(SQLiteError) in
                ActionRecord(
                    id: try row.whole(0),
                    at: try row.whole(1),
                    who: try row.string(2),
                    action: try row.string(3),
                    why: try row.string(4),
                    filter: try row.string(5),
                    jobs: try row.count(6)
                )
            }
        }
    }

    private static func standing(_ key: OrderKey, _ database: Database) throws -> OrderStanding? {
        func job(_ sql: String) throws -> JobSummary? {
            try database.first(sql, [.key(key)]) { row throws(SQLiteError) in try JobSummary(row) }
        }
        let live = try job(SQL.live)
        let last = try live == nil ? job(SQL.last) : nil
        let action = try (live ?? last).flatMap { job in
            try database.first(SQL.action, [.integer(job.id)]) { row throws(SQLiteError) in
                JobDetail.Action(
                    at: try row.whole(0),
                    who: try row.string(1),
                    action: try row.string(2),
                    why: try row.string(3)
                )
            }
        }
        let waiting = try job(SQL.waiting)
        let open = try database.query(SQL.open, [.key(key)]) { row throws(SQLiteError) in
            OrderStanding.Open(
                effect: try row.whole(10),
                target: try EffectTarget(row, from: 0),
                sentAt: try row.whole(11)
            )
        }
        let line = try Self.line(live, database)
        return try database.first(SQL.ledger, [.key(key)]) { row throws(SQLiteError) in
            OrderStanding(
                orderKey: key,
                orderNumber: try row.string(0),
                sourceCustomer: try row.string(1),
                customer: try row.string(4),
                itemID: row.integer(2),
                syncedAt: row.integer(3),
                missingSince: row.integer(5),
                live: live,
                waiting: waiting,
                last: last,
                action: action,
                open: open,
                ahead: line.ahead,
                isCustomerAtWork: line.isCustomerAtWork,
                customersAhead: line.customersAhead
            )
        }
    }

    /// The place in line of a ready job.
    private static func line(
        _ job: JobSummary?,
        _ database: Database
    ) throws -> (ahead: Int, isCustomerAtWork: Bool, customersAhead: Int) {
        guard let job, job.state == .ready else { return (0, false, 0) }
        let place: [SQLiteValue] = [.text(job.customer), .integer(job.queuedAt), .integer(job.id)]
        return (
            Int(try database.integer(SQL.ahead, place) ?? 0),
            try database.exists(SQL.isAtWork, [.text(job.customer)]),
            Int(try database.integer(SQL.customersAhead, [.text(job.customer)]) ?? 0)
        )
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var standingQueries: [String: [String]] {
        [
            "job_unfinished": [SQL.live, SQL.waiting], "effect_target_order": [SQL.open], "job_ready": [SQL.ahead],
            "job_other": [SQL.isAtWork], "lane_turn": [SQL.customersAhead],
        ]
    }
}
