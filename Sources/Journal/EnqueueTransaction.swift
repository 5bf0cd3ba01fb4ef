internal import FoundationEssentials
package import Orders
internal import SQLite

/// The one transaction of an enqueue run; usable only inside the body it is handed to.
package final class EnqueueTransaction {
    private enum SQL {
        static let isMinted = "SELECT 1 FROM ledger WHERE order_key = ?1"
        static let hasUnidentified =
            "SELECT 1 FROM ledger WHERE key_digest = zeroblob(32) AND first_minted = 0 LIMIT 1"
        /// Of orders that bear the business key now, or bore it once; ?2 is the first order key minted from it.
        static let highest = """
            SELECT max(ifnull((SELECT max(occurrence) FROM ledger WHERE key_digest = ?1 AND first_minted = 0), 0),
                ifnull((SELECT occurrence FROM retired_key WHERE key_digest = ?1), 0),
                EXISTS (SELECT 1 FROM ledger WHERE order_key = ?2))
            """
        static let retire = """
            INSERT INTO retired_key (key_digest, occurrence) SELECT key_digest, occurrence FROM ledger
            WHERE order_key = ?1 AND key_digest <> ?2
            ON CONFLICT (key_digest) DO UPDATE SET occurrence = max(occurrence, excluded.occurrence)
            """
        static let add = """
            INSERT INTO ledger (order_key, key_digest, occurrence, record_uuid, fingerprint_enqueued, order_number,
                source_customer, customer, style, colour, po_number, aag_season, customer_season, enqueued_ms, field_map,
                row_digest, first_minted)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            ON CONFLICT (order_key) DO NOTHING
            """
        /// The occurrence stays, since the order key was minted with it; an order that is enqueued is not missing.
        static let change = """
            UPDATE ledger SET key_digest = ?2, record_uuid = ?3, fingerprint_enqueued = ?4, order_number = ?5,
                source_customer = ?6, customer = ?7, style = ?8, colour = ?9, po_number = ?10, aag_season = ?11,
                customer_season = ?12, enqueued_ms = ?13, missing_since_ms = NULL, retired = NULL, field_map = ?14,
                row_digest = ?15, first_minted = ?16
            WHERE seq = ?1
            """
        static let seq = "SELECT seq FROM ledger WHERE order_key = ?1"
        /// An order without a live job is the common case: the unique index finds out, and no look-up goes before it.
        static let job = """
            INSERT INTO job (id, order_seq, order_key, kind, state, waits, customer, run_id, queued_ms, created_ms, updated_ms,
                hold)
            VALUES (?10, ?1, ?2, ?3, ?4, ?4 = 'waiting', ?5, ?6, ?7, ?8, ?8, ?9)
            ON CONFLICT (order_seq, waits) WHERE finished_ms IS NULL DO NOTHING
            """
        static let snapshot = "INSERT INTO snapshot (job_id, sha256, fingerprint, bytes) VALUES (?4, ?1, ?2, ?3)"
        static let live = """
            SELECT id, state, queued_ms,
                EXISTS (SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL)
            FROM job WHERE order_seq = ?1 AND finished_ms IS NULL AND waits = 0
            """
        static let waiting = """
            SELECT id, hold, queued_ms FROM job WHERE order_seq = ?1 AND finished_ms IS NULL AND waits = 1
            """
        static let drop = """
            UPDATE job SET state = 'superseded', waits = 0, finished_ms = ?2, updated_ms = ?2, run_at_ms = NULL, hold = 0, solo = 0
            WHERE id = ?1
            """
        static let seen = """
            UPDATE ledger SET record_uuid = ifnull(?2, record_uuid), field_map = ?3, row_digest = ifnull(?4, row_digest)
            WHERE seq = ?1
            """
        static let finish = """
            UPDATE run SET read_count = ?2, new_count = ?3, changed_count = ?4, unchanged_count = ?5, gone_count = ?6,
                rejected_count = ?7
            WHERE id = ?1
            """
    }

    private let database: Database
    /// Taken once: looking a statement up by its text costs as much as a small insert.
    private let statements:
        (highest: Statement, isMinted: Statement, add: Statement, job: Statement, snapshot: Statement)
    let run: Int64
    let now: Int64
    /// The number of the run's field map.
    private let fieldMap: Int64
    private let path: String
    private var isOver = false
    /// The lanes met so far: a run touches few customers and many orders.
    private var lanes: [String: Lanes.Place] = [:]
    private var knowsUnidentified: Bool?
    /// The highest numbers given in this run, for as long as their orders are not enqueued: then the ledger knows them.
    private var given: [Digest: Int] = [:]
    /// The business key asked for last, and the first order key minted from it.
    private var lastMinted: (keyDigest: Digest, first: OrderKey)?

    init(database: Database, run: Int64, fieldMap: Int64, now: Int64, path: String) throws(SQLiteError) {
        self.database = database
        self.statements = (
            try database.statement(SQL.highest), try database.statement(SQL.isMinted), try database.statement(SQL.add),
            try database.statement(SQL.job), try database.statement(SQL.snapshot)
        )
        self.run = run
        self.fieldMap = fieldMap
        self.now = now
        self.path = path
    }

    /// The key of the next order with that business key, and its number from 1: one above the highest that was ever minted for it.
    ///
    /// The ledger keeps every order for ever, and with it the numbers of business keys that orders bore once; those that
    /// came back from the board bear keys whose numbers nobody knows, so numbers up to the last whose key is there are passed
    /// over.
    package func mint(from keyDigest: Digest) throws(JournalError) -> (orderKey: OrderKey, occurrence: Int) {
        try self.step { _ in
            let first = self.firstKey(of: keyDigest)
            let known = self.given.isEmpty ? nil : self.given[keyDigest]
            var occurrence = try known ?? self.highest(keyDigest, first: first)
            // That nothing is known of the business key says that the first key is not there either.
            let isFirst = occurrence == 0
            repeat { occurrence += 1 } while try !isFirst && self.isMinted(keyDigest, occurrence)
            if try self.hasUnidentified() {
                let above = occurrence..<(occurrence + OrderKey.largestGap)
                if let last = try above.last(where: { try self.isMinted(keyDigest, $0) }) { occurrence = last + 1 }
            }
            self.given[keyDigest] = occurrence
            let key = occurrence == 1 ? first : OrderKey.mint(businessKey: keyDigest, occurrence: occurrence)
            return (key, occurrence)
        }
    }

    /// The first order key minted from a business key; the last one asked for is remembered, since it is asked for again.
    private func firstKey(of keyDigest: Digest) -> OrderKey {
        if let last = self.lastMinted, last.keyDigest == keyDigest { return last.first }
        let first = OrderKey.mint(businessKey: keyDigest, occurrence: 1)
        self.lastMinted = (keyDigest, first)
        return first
    }

    private func isMinted(_ keyDigest: Digest, _ occurrence: Int) throws(SQLiteError) -> Bool {
        let statement = self.statements.isMinted
        try statement.bind(1, OrderKey.mint(businessKey: keyDigest, occurrence: occurrence).uuid.lowercaseText)
        defer { statement.reset() }
        return try statement.step()
    }

    /// Whether orders came back from the board of which nobody knows the business key.
    private func hasUnidentified() throws(SQLiteError) -> Bool {
        if let known = self.knowsUnidentified { return known }
        let known = try self.database.exists(SQL.hasUnidentified)
        self.knowsUnidentified = known
        return known
    }

    private func highest(_ keyDigest: Digest, first: OrderKey) throws(SQLiteError) -> Int {
        let statement = self.statements.highest
        try statement.bind(1, keyDigest)
        try statement.bind(2, first.uuid.lowercaseText)
        defer { statement.reset() }
        return try statement.step() ? Int(statement.row.integer(0) ?? 0) : 0
    }

    /// Writes an order down to be brought to the board, and in the ledger what it is known by.
    package func enqueue(_ order: EnqueuedOrder) throws(JournalError) -> Disposition {
        try self.step { database in
            if order.hasNewKey {
                try database.run(SQL.retire, [.key(order.orderKey), .digest(order.identity.keyDigest)])
            }
            let row = try self.writeLedger(order, database)
            if try self.insert(order, row, state: .ready, queuedAt: self.now) { return .ready }
            return try self.enqueueBehindLive(order, row, database)
        }
    }

    /// Notes that unchanged orders stand in other source rows, in rows with other cells, or were read by another field map.
    package func seen(_ rows: [SeenRow]) throws(JournalError) {
        try self.step { database in
            let seen = try database.statement(SQL.seen)
            for row in rows {
                try seen.bind(1, row.place)
                try seen.bind(2, row.recordUUID?.lowercaseText)
                try seen.bind(3, self.fieldMap)
                try seen.bind(4, row.rowDigest)
                try seen.run()
            }
        }
    }

    /// Writes the run's counts.
    package func finish(_ counts: RunRecord.Counts) throws(JournalError) {
        try self.step { database in
            try database.run(
                SQL.finish,
                [
                    .integer(self.run), .integer(counts.read), .integer(counts.new), .integer(counts.changed),
                    .integer(counts.unchanged), .integer(counts.gone), .integer(counts.rejected),
                ]
            )
        }
    }

    /// Ends the use of this object, whoever still holds it.
    func end() { self.isOver = true }

    /// Runs one step, with its errors in the journal's words.
    @discardableResult
    func step<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        guard !self.isOver else {
            throw JournalError(.closed, "journal \(self.path): the enqueue run is over")
        }
        do {
            return try body(self.database)
        } catch let error as SQLiteError {
            throw JournalError(error, path: self.path)
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(.failed, "journal \(self.path): \(error)")
        }
    }
}

extension EnqueueTransaction {
    /// An order's row in the ledger: its number, and the order key as it stands there.
    private struct LedgerRow {
        let seq: Int64
        let key: String
    }

    private func writeLedger(_ order: EnqueuedOrder, _ database: Database) throws -> LedgerRow {
        let identity = order.identity
        let key = order.orderKey.uuid.lowercaseText
        let add = self.statements.add
        try add.bind(1, key)
        try add.bind(2, identity.keyDigest)
        try add.bind(3, Int64(identity.occurrence))
        try self.bind(identity, of: order, to: add, from: 4)
        let isFirst = order.orderKey == self.firstKey(of: identity.keyDigest)
        try add.bind(17, isFirst ? 1 as Int64 : 0)
        // A run of a hundred thousand new orders would else keep as many numbers.
        if self.given[identity.keyDigest] == identity.occurrence { self.given[identity.keyDigest] = nil }
        // Only a new order gets a row, and only then its number is the last one given.
        if try add.run() == 1 { return LedgerRow(seq: database.lastInsertedRow, key: key) }
        guard let seq = try database.integer(SQL.seq, [.text(key)]) else { throw self.contradiction(key) }
        let change = try database.statement(SQL.change)
        try change.bind(1, seq)
        try change.bind(2, identity.keyDigest)
        try self.bind(identity, of: order, to: change, from: 3)
        try change.bind(16, isFirst ? 1 as Int64 : 0)
        try change.run()
        return LedgerRow(seq: seq, key: key)
    }

    /// Binds what changes with an order: uuid, fingerprint, what it is recognised and filtered by, and the time.
    private func bind(
        _ identity: OrderIdentity,
        of order: EnqueuedOrder,
        to statement: Statement,
        from first: Int
    ) throws(SQLiteError) {
        try statement.bind(first, identity.recordUUID?.lowercaseText)
        try statement.bind(first + 1, order.fingerprint)
        try statement.bind(first + 2, identity.orderNumber)
        try statement.bind(first + 3, identity.sourceCustomer)
        try statement.bind(first + 4, identity.customer)
        try statement.bind(first + 5, identity.style)
        try statement.bind(first + 6, identity.colour)
        try statement.bind(first + 7, identity.poNumber)
        try statement.bind(first + 8, identity.aagSeason)
        try statement.bind(first + 9, identity.customerSeason)
        try statement.bind(first + 10, self.now)
        try statement.bind(first + 11, self.fieldMap)
        try statement.bind(first + 12, order.rowDigest)
    }

    /// Inserts job and snapshot, and wakes the customer's lane when the job is ready.
    ///
    /// - Returns: False when the order has a job in such a state, so that nothing was written.
    private func insert(
        _ order: EnqueuedOrder,
        _ row: LedgerRow,
        state: JobState,
        queuedAt: Int64,
        isHeld: Bool = false
    ) throws -> Bool {
        let customer = order.identity.customer
        var lane = try self.lanes[customer] ?? Lanes(database: self.database).place(of: customer)
        let job = self.statements.job
        try job.bind(1, row.seq)
        try job.bind(2, row.key)
        try job.bind(3, order.kind.rawValue)
        try job.bind(4, state.rawValue)
        try job.bind(5, customer)
        try job.bind(6, self.run)
        try job.bind(7, queuedAt)
        try job.bind(8, self.now)
        try job.bind(9, isHeld ? 1 as Int64 : 0)
        try job.bind(10, lane.nextJob)
        guard try job.run() == 1 else { return false }
        if state == .ready, !lane.isActive {
            try Lanes(database: self.database).activate(customer)
            lane.isActive = true
        }
        let snapshot = self.statements.snapshot
        try snapshot.bind(1, order.snapshotDigest)
        try snapshot.bind(2, order.fingerprint)
        try snapshot.bind(3, order.snapshot)
        try snapshot.bind(4, lane.nextJob)
        try snapshot.run()
        lane.nextJob += 1
        self.lanes[customer] = lane
        return true
    }

    /// Obeys the rule of one live job an order: takes the live job's place, or waits behind it.
    private func enqueueBehindLive(
        _ order: EnqueuedOrder,
        _ row: LedgerRow,
        _ database: Database
    ) throws -> Disposition {
        let found = try database.first(SQL.live, [.integer(row.seq)]) { row throws(SQLiteError) in
            (
                id: try row.whole(0), state: try row.word(1, JobState.self), queuedAt: try row.whole(2),
                isUnsettled: row.flag(3)
            )
        }
        guard let live = found else { throw self.contradiction(row.key) }
        if live.isUnsettled || live.state == .running || live.state == .inDoubt {
            return try self.enqueueWaiting(order, row, database)
        }
        if live.state == .dead || live.state == .held {
            try Transitions(database: database, now: self.now).resolveErrors(row.key, by: "superseded")
        }
        try self.drop(live.id, database)
        // What supersedes a held job is born held; what supersedes one in the line takes its place there.
        let state: JobState = live.state == .held ? .held : .ready
        let queuedAt = live.state == .dead ? self.now : live.queuedAt
        guard try self.insert(order, row, state: state, queuedAt: queuedAt) else {
            throw self.contradiction(row.key)
        }
        return .superseded(live.state)
    }

    private func enqueueWaiting(
        _ order: EnqueuedOrder,
        _ row: LedgerRow,
        _ database: Database
    ) throws -> Disposition {
        let waiting = try database.first(SQL.waiting, [.integer(row.seq)]) { row throws(SQLiteError) in
            (id: try row.whole(0), isHeld: row.flag(1), queuedAt: try row.whole(2))
        }
        if let waiting { try self.drop(waiting.id, database) }
        let inserted = try self.insert(
            order,
            row,
            state: .waiting,
            queuedAt: waiting?.queuedAt ?? self.now,
            isHeld: waiting?.isHeld ?? false
        )
        guard inserted else { throw self.contradiction(row.key) }
        return waiting == nil ? .waiting : .replacedWaiting
    }

    private func drop(_ job: Int64, _ database: Database) throws {
        try database.run(SQL.drop, [.integer(job), .integer(self.now)])
    }

    private func contradiction(_ key: String) -> JournalError {
        JournalError(
            .damaged,
            "journal \(self.path): the jobs of order \(key) contradict their index; run ordersyncd check"
        )
    }
}

extension EnqueueTransaction {
    /// The hot queries by the index each must use; tests read their plans.
    static var queries: [String: [String]] {
        [
            "job_unfinished": [SQL.live, SQL.waiting], "sqlite_autoindex_ledger_1": [SQL.isMinted, SQL.highest],
            "ledger_business_key": [SQL.highest],
        ]
    }
}
