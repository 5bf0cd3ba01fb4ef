internal import CrashPoints
package import FoundationEssentials
package import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let identity = """
            SELECT order_key, record_uuid, key_digest, occurrence, fingerprint_enqueued, order_number, source_customer,
                missing_since_ms, seq, retired IS NOT NULL
            FROM ledger
            """
        static let byUUID = identity + " WHERE record_uuid = ?1"
        static let byKey = identity + " WHERE key_digest = ?1"
        /// Orders that came back from the board without what they are known by have an empty digest.
        static let hasUnidentified = "SELECT 1 FROM ledger WHERE key_digest = zeroblob(32) LIMIT 1"
        static let unidentified = identity + " WHERE order_key = ?1 AND key_digest = zeroblob(32)"
        static let bySeq = identity + " WHERE seq > ?"
        static let insertRun = """
            INSERT INTO run (started_ms, committed_ms, who, host, batch_name, batch_type, scope, field_map_digest, complete)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        static let lastRun = """
            SELECT id, started_ms, committed_ms, who, host, batch_name, batch_type, scope, field_map_digest, complete,
                read_count, new_count, changed_count, unchanged_count, gone_count, rejected_count
            FROM run ORDER BY id DESC LIMIT 1
            """
    }

    /// The known orders that bear one of these uuids or one of these business keys; each order once.
    ///
    /// An order that came back from the board alone is known by its key, which tells what business key it was minted from.
    package func ledger(uuids: [UUID], keys: [Digest]) throws(JournalError) -> [LedgerIdentity] {
        try self.read { database in
            var seen: Set<Int64> = []
            var found: [LedgerIdentity] = []
            func add(_ sql: String, _ value: SQLiteValue) throws {
                let rows = try database.query(sql, [value]) { row throws(SQLiteError) in
                    (try row.whole(8), try Self.identity(row))
                }
                for (seq, identity) in rows where seen.insert(seq).inserted { found.append(identity) }
            }
            for uuid in uuids { try add(SQL.byUUID, .uuid(uuid)) }
            for key in keys { try add(SQL.byKey, .digest(key)) }
            guard !keys.isEmpty, try database.exists(SQL.hasUnidentified) else { return found }
            for key in keys { found += try Self.unidentified(mintedFrom: key, database) }
            return found
        }
    }

    /// How many order keys in a row may be missing among those minted from one business key: some were never used.
    private static let largestGap = 32

    private static func unidentified(mintedFrom key: Digest, _ database: Database) throws -> [LedgerIdentity] {
        var found: [LedgerIdentity] = []
        var (occurrence, gap) = (1, 0)
        while gap < Self.largestGap {
            let minted = OrderKey.mint(businessKey: key, occurrence: occurrence)
            let order = try database.first(SQL.unidentified, [.key(minted)]) { row throws(SQLiteError) in
                try Self.identity(row)
            }
            if let order {
                found.append(order.identified(as: key, occurrence: occurrence))
                gap = 0
            } else {
                gap += 1
            }
            occurrence += 1
        }
        return found
    }

    /// The known orders in a scope, in the order in which they became known.
    ///
    /// - Parameters:
    ///   - scope: Which orders.
    ///   - after: `next` of the page before; 0 for the first page.
    ///   - limit: How many at most.
    /// - Returns: Those orders, and where to go on.
    /// - Throws: What reading met.
    package func ledger(in scope: LedgerScope, after: Int64 = 0, limit: Int) throws(JournalError) -> LedgerPage {
        try self.read { database in
            let condition = scope.condition
            let rows = try database.query(
                SQL.bySeq + condition.sql + " ORDER BY seq LIMIT ?",
                [.integer(after)] + condition.values + [.integer(limit)]
            ) { row throws(SQLiteError) in
                (try row.whole(8), try Self.identity(row))
            }
            return LedgerPage(
                identities: rows.map { $0.1 },
                next: rows.count < limit ? nil : rows.last?.0
            )
        }
    }

    /// The last run that was committed; nil when there was none.
    package func lastRun() throws(JournalError) -> RunRecord? {
        try self.read { database in
            try database.first(SQL.lastRun) { row throws(SQLiteError) in
                var run = RunRecord(
                    startedAt: try row.whole(1),
                    who: try row.string(3),
                    host: try row.string(4),
                    batchName: try row.string(5),
                    batchType: try row.string(6),
                    scope: try row.string(7),
                    fieldMapDigest: try row.digest(8),
                    isComplete: row.flag(9)
                )
                run.id = try row.whole(0)
                run.committedAt = try row.whole(2)
                run.counts.read = try row.count(10)
                run.counts.new = try row.count(11)
                run.counts.changed = try row.count(12)
                run.counts.unchanged = try row.count(13)
                run.counts.gone = try row.count(14)
                run.counts.rejected = try row.count(15)
                return run
            }
        }
    }

    /// Runs a body that enqueues; all of it is committed at once, or nothing when it throws.
    ///
    /// The body runs on the journal's thread and holds the write lock: what takes long is done before.
    package func withEnqueueTransaction<T: Sendable>(
        run: RunRecord,
        now: Int64,
        _ body: @Sendable (EnqueueTransaction) throws -> T
    ) throws -> T {
        do {
            return try self.opened().commit(.enqueue) { database in
                try database.run(
                    SQL.insertRun,
                    [
                        .integer(run.startedAt), .integer(now), .text(run.who), .text(run.host), .text(run.batchName),
                        .text(run.batchType), .text(run.scope), .digest(run.fieldMapDigest),
                        .integer(run.isComplete ? 1 : 0),
                    ]
                )
                // RETURNING would build a table for its one row.
                let id = database.lastInsertedRow
                let transaction = try EnqueueTransaction(database: database, run: id, now: now, path: self.path)
                defer { transaction.end() }
                return try body(transaction)
            }
        } catch let error as SQLiteError {
            throw JournalError(error, path: self.path)
        }
    }

    private static func identity(_ row: borrowing Row) throws(SQLiteError) -> LedgerIdentity {
        LedgerIdentity(
            orderKey: try row.orderKey(0),
            recordUUID: try row.optionalUUID(1),
            keyDigest: try row.digest(2),
            occurrence: try row.count(3),
            fingerprint: try row.optionalDigest(4),
            orderNumber: try row.string(5),
            customer: try row.string(6),
            missingSince: row.integer(7),
            isRetired: row.flag(9)
        )
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var enqueueQueries: [String: [String]] {
        ["ledger_uuid": [SQL.byUUID], "ledger_business_key": [SQL.byKey, SQL.hasUnidentified]]
    }
}

extension LedgerIdentity {
    /// The same order, once it is known which business key it bears.
    fileprivate func identified(as keyDigest: Digest, occurrence: Int) -> LedgerIdentity {
        LedgerIdentity(
            orderKey: self.orderKey,
            recordUUID: self.recordUUID,
            keyDigest: keyDigest,
            occurrence: occurrence,
            fingerprint: self.fingerprint,
            orderNumber: self.orderNumber,
            customer: self.customer,
            missingSince: self.missingSince,
            isRetired: self.isRetired
        )
    }
}
