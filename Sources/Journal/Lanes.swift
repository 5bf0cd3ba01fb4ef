internal import SQLite

/// Whose turn it is.
///
/// A customer's lane must be active whenever one of its jobs is ready; it may be active without one,
/// and the next claim that looks into it puts it to rest.
struct Lanes {
    private enum SQL {
        /// Writes nothing when the lane is active already, which is nearly always.
        static let activate = "UPDATE lane SET active = 1 WHERE customer = ?1 AND active = 0"
        /// The last of the lane's jobs is a look-up at one end of a range of rows.
        static let place = """
            SELECT number, active, (SELECT max(id) FROM job
                WHERE id > number * \(jobsPerLane) AND id < (number + 1) * \(jobsPerLane))
            FROM lane WHERE customer = ?1
            """
        static let add = """
            INSERT INTO lane (number, customer, turn, active) SELECT ifnull(max(number), -1) + 1, ?1, 0, 0 FROM lane
            """
        static let rest = "UPDATE lane SET active = 0 WHERE customer = ?1"
        static let serve = "UPDATE lane SET turn = ?2, active = ?3 WHERE customer = ?1"
        /// The order of turns is the order of the index `lane_turn`: the first row is the customer served longest ago.
        static let inTurn = "SELECT customer FROM lane WHERE active = 1 ORDER BY turn, customer"
        static let hasReady = "SELECT 1 FROM job WHERE state = 'ready' AND customer = ?1 LIMIT 1"
        /// Leaps from customer to customer in the index `job_ready`, past the jobs of each.
        static let rebuild = """
            WITH RECURSIVE owner (customer) AS (
                SELECT min(customer) FROM job WHERE state = 'ready'
                UNION ALL
                SELECT (SELECT min(customer) FROM job WHERE state = 'ready' AND customer > owner.customer)
                FROM owner WHERE owner.customer IS NOT NULL
            )
            INSERT INTO lane (customer, turn, active) SELECT customer, 0, 1 FROM owner WHERE customer IS NOT NULL
            ON CONFLICT (customer) DO UPDATE SET active = 1 WHERE active = 0
            """
    }

    /// How many numbers a lane has for its jobs: see the table `job`.
    static let jobsPerLane: Int64 = 1_000_000_000

    let database: Database

    func activate(_ customer: String) throws {
        try self.database.run(SQL.activate, [.text(customer)])
    }

    /// Where new jobs of one customer are added.
    struct Place {
        var nextJob: Int64
        var isActive: Bool
    }

    /// The customer's place; its lane is made when it has none.
    func place(of customer: String) throws -> Place {
        let place = try self.database.first(SQL.place, [.text(customer)]) { row throws(SQLiteError) in
            let before = try row.whole(0) * Self.jobsPerLane
            return Place(nextJob: (row.integer(2) ?? before) + 1, isActive: row.flag(1))
        }
        if let place { return place }
        try self.database.run(SQL.add, [.text(customer)])
        return Place(nextJob: self.database.lastInsertedRow * Self.jobsPerLane + 1, isActive: false)
    }

    /// Notes that a customer was served by a batch, and whether it has more.
    func serve(_ customer: String, turn: Int64, hasMore: Bool) throws {
        try self.database.run(SQL.serve, [.text(customer), .integer(turn), .integer(hasMore ? 1 : 0)])
    }

    /// The customer served longest ago that has a ready job; lanes found empty on the way are put to rest.
    func next(excluding customers: Set<String>) throws -> String? {
        var empty: [String] = []
        var found: String?
        let lanes = try self.database.statement(SQL.inTurn)
        defer { lanes.reset() }
        while found == nil, try lanes.step() {
            let customer = try lanes.row.string(0)
            if customers.contains(customer) { continue }
            if try self.database.exists(SQL.hasReady, [.text(customer)]) {
                found = customer
            } else {
                empty.append(customer)
            }
        }
        lanes.reset()
        for customer in empty {
            try self.database.run(SQL.rest, [.text(customer)])
        }
        return found
    }

    /// Activates the lane of every customer with a ready job.
    func rebuild() throws {
        try self.database.run(SQL.rebuild)
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var queries: [String: [String]] {
        [
            "lane_turn": [SQL.inTurn], "job_ready": [SQL.hasReady, SQL.rebuild],
            "sqlite_autoindex_lane_1": [SQL.place, SQL.activate],
        ]
    }
}
