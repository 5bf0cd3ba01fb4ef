package import FoundationEssentials
package import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let columns = """
            order_key, record_uuid, key_digest, occurrence, fingerprint_enqueued, order_number, source_customer,
            missing_since_ms, seq, retired IS NOT NULL, field_map, row_digest
            """
        static let byUUID = "SELECT \(columns), 1 FROM ledger WHERE record_uuid = ?1"
        /// Whether an order is as its row says, without a look at the row: there is nothing to note of it.
        static let standing = """
            SELECT seq, row_digest IS ?2 AND row_digest IS NOT NULL AND fingerprint_enqueued IS NOT NULL
                AND missing_since_ms IS NULL AND retired IS NULL AND field_map IS ?3
            FROM ledger WHERE record_uuid = ?1 LIMIT 2
            """
        /// What an order was made from that has the same cells, whatever its uuid; ?3 is the first order key minted from its key.
        static let sameRow = """
            SELECT fingerprint_enqueued FROM ledger
            WHERE order_key = ?3 AND first_minted = 1 AND row_digest = ?2 AND fingerprint_enqueued IS NOT NULL
            UNION ALL SELECT fingerprint_enqueued FROM ledger
            WHERE key_digest = ?1 AND first_minted = 0 AND row_digest = ?2 AND fingerprint_enqueued IS NOT NULL
            LIMIT 1
            """
        /// Most orders bear the business key that their order key was the first to be minted from; the index holds the others.
        static let byFirstKey = "WHERE order_key = ? AND first_minted = 1"
        static let byKey = "WHERE key_digest = ? AND first_minted = 0"
        /// Orders that came back from the board without what they are known by have an empty digest.
        static let hasUnidentified =
            "SELECT 1 FROM ledger WHERE key_digest = zeroblob(32) AND first_minted = 0 LIMIT 1"
        static let unidentified = "WHERE order_key = ? AND key_digest = zeroblob(32)"
        static let byFamily = "WHERE source_customer = ? AND order_number = ?"
        static let inScope = "SELECT seq, \(columns), 1 FROM ledger WHERE 1 = 1"
        static let count = "SELECT count(*) FROM ledger"
        static let fieldMap = "SELECT id FROM field_map WHERE digest = ?1"
        /// The newest job's snapshot: of the one that waits, else of the live one, else of the one that stands on the board.
        static let snapshot = """
            SELECT snapshot.bytes FROM ledger JOIN snapshot ON snapshot.job_id = coalesce(
                (SELECT id FROM job WHERE order_seq = ledger.seq AND finished_ms IS NULL AND waits = 1),
                (SELECT id FROM job WHERE order_seq = ledger.seq AND finished_ms IS NULL AND waits = 0),
                (SELECT job_id FROM synced WHERE order_seq = ledger.seq))
            WHERE ledger.order_key = ?1
            """
    }

    /// What the ledger tells of rows by their uuids and by what their cells are known by.
    ///
    /// - Parameters:
    ///   - rows: Rows of the source table; nil for one that bears no uuid, or that was read in another way.
    ///   - fieldMap: The number of the field map by which rows are read.
    /// - Returns: For each row what is known of it.
    /// - Throws: What reading met.
    package func standings(of rows: [RowMark?], fieldMap: Int64?) throws(JournalError) -> [RowStanding] {
        try self.read { database in
            var standings: [RowStanding] = []
            standings.reserveCapacity(rows.count)
            // Asked for every row of the source: the statement is looked up once.
            let statement = try database.statement(SQL.standing)
            try statement.bind(3, fieldMap)
            for row in rows {
                guard let row else {
                    standings.append(.unread)
                    continue
                }
                try statement.bind(1, row.recordUUID.lowercaseText)
                try statement.bind(2, row.digest)
                defer { statement.reset() }
                guard try statement.step() else {
                    standings.append(.unknown)
                    continue
                }
                let (place, isSame) = (try statement.row.whole(0), statement.row.flag(1))
                standings.append(isSame && fieldMap != nil ? try statement.step() ? .known : .same(place) : .known)
            }
            return standings
        }
    }

    /// The fingerprints of rows that look like a known order of their business key: of those that were loaded anew, and not changed.
    ///
    /// - Returns: For each row its fingerprint; nil when no order looks like it.
    package func fingerprints(of rows: [KeyedMark]) throws(JournalError) -> [Digest?] {
        try self.read { database in
            let statement = try database.statement(SQL.sameRow)
            return try rows.map { row throws(SQLiteError) in
                try statement.bind(1, row.keyDigest)
                try statement.bind(2, row.rowDigest)
                try statement.bind(3, OrderKey.mint(businessKey: row.keyDigest, occurrence: 1).uuid.lowercaseText)
                defer { statement.reset() }
                return try statement.step() ? try statement.row.digest(0) : nil
            }
        }
    }

    /// The known orders that bear one of these uuids; each order once.
    package func ledger(uuids: [UUID]) throws(JournalError) -> [LedgerIdentity] {
        try self.read { database in
            var found: [LedgerIdentity] = []
            found.reserveCapacity(uuids.count)
            // Asked for every row of the source: the statement is looked up once.
            let statement = try database.statement(SQL.byUUID)
            for uuid in uuids {
                try statement.bind(1, uuid.lowercaseText)
                defer { statement.reset() }
                while try statement.step() { found.append(try Self.identity(statement.row, 0)) }
            }
            return found
        }
    }

    /// The known orders that bear one of these business keys; each order once.
    ///
    /// An order that came back from the board alone is known by its key, which tells what business key it was minted from.
    /// - Parameters:
    ///   - keys: The keys, each once.
    ///   - scope: What ``LedgerIdentity/isInScope`` is judged by.
    /// - Returns: Those orders.
    /// - Throws: What reading met.
    package func ledger(keys: [Digest], scope: LedgerScope = .all) throws(JournalError) -> [LedgerIdentity] {
        let firstKeys = keys.map { OrderKey.mint(businessKey: $0, occurrence: 1) }
        var found = try self.ledger(SQL.byFirstKey, firstKeys.map { [.key($0)] }, scope)
        found += try self.ledger(SQL.byKey, keys.map { [.digest($0)] }, scope)
        guard !keys.isEmpty, try self.read({ try $0.exists(SQL.hasUnidentified) }) else { return found }
        for key in keys { found += try self.unidentified(mintedFrom: key, scope) }
        return found
    }

    private func unidentified(mintedFrom key: Digest, _ scope: LedgerScope) throws(JournalError) -> [LedgerIdentity] {
        var found: [LedgerIdentity] = []
        var (occurrence, gap) = (1, 0)
        while gap < OrderKey.largestGap {
            let minted = OrderKey.mint(businessKey: key, occurrence: occurrence)
            let orders = try self.ledger(SQL.unidentified, [[.key(minted)]], scope)
            found += orders.map { $0.identified(as: key, occurrence: occurrence) }
            gap = orders.isEmpty ? gap + 1 : 0
            occurrence += 1
        }
        return found
    }

    /// The known orders of one order number and customer as the source names it, whatever their style and colour.
    package func ledger(
        families: [OrderFamily],
        scope: LedgerScope = .all
    ) throws(JournalError) -> [LedgerIdentity] {
        try self.ledger(SQL.byFamily, families.map { [.text($0.customer), .text($0.orderNumber)] }, scope)
    }

    private func ledger(
        _ condition: String,
        _ values: [[SQLiteValue]],
        _ scope: LedgerScope
    ) throws(JournalError) -> [LedgerIdentity] {
        try self.read { database in
            let isInScope = scope.condition
            let sql = "SELECT \(SQL.columns), (1 = 1\(isInScope.sql)) FROM ledger \(condition)"
            var found: [LedgerIdentity] = []
            for values in values {
                found += try database.query(sql, isInScope.values + values) { row throws(SQLiteError) in
                    try Self.identity(row, 0)
                }
            }
            return found
        }
    }

    /// The known orders of a scope of which no row was found, in the order in which they became known.
    ///
    /// - Parameters:
    ///   - scope: Which orders.
    ///   - claimed: The places of those of which one was found.
    /// - Returns: The others, and how many there are of both.
    /// - Throws: What reading met.
    package func ledger(
        in scope: LedgerScope,
        besides claimed: PlaceSet
    ) throws(JournalError) -> (missing: [LedgerIdentity], known: Int) {
        try self.read { database in
            let condition = scope.condition
            var known = 0
            var missing: [LedgerIdentity] = []
            _ = try database.query(SQL.inScope + condition.sql + " ORDER BY seq", condition.values) {
                row throws(SQLiteError) in
                known += 1
                // Of nearly all orders nothing but the place is looked at.
                if !claimed.contains(try row.whole(0)) { missing.append(try Self.identity(row, 1)) }
            }
            return (missing, known)
        }
    }

    /// How many orders are known.
    package func ledgerCount() throws(JournalError) -> Int {
        try self.read { Int(try $0.integer(SQL.count) ?? 0) }
    }

    /// The number of a field map; nil when no run has used it.
    package func fieldMap(_ digest: Digest) throws(JournalError) -> Int64? {
        try self.read { try $0.integer(SQL.fieldMap, [.digest(digest)]) }
    }

    /// The states of orders as they were last enqueued, in the encoding of `Order.snapshot`.
    ///
    /// - Returns: The snapshots by order; an order known from the board only has none.
    package func snapshots(of orderKeys: [OrderKey]) throws(JournalError) -> [OrderKey: [UInt8]] {
        try self.read { database in
            var snapshots: [OrderKey: [UInt8]] = [:]
            for key in orderKeys {
                snapshots[key] = try database.first(SQL.snapshot, [.key(key)]) { row throws(SQLiteError) in
                    try row.bytes(0)
                }
            }
            return snapshots
        }
    }

    private static func identity(_ row: borrowing Row, _ first: Int) throws(SQLiteError) -> LedgerIdentity {
        LedgerIdentity(
            place: try row.whole(first + 8),
            orderKey: try row.orderKey(first),
            recordUUID: try row.optionalUUID(first + 1),
            keyDigest: try row.digest(first + 2),
            occurrence: try row.count(first + 3),
            fingerprint: try row.optionalDigest(first + 4),
            orderNumber: try row.string(first + 5),
            customer: try row.string(first + 6),
            missingSince: row.integer(first + 7),
            isRetired: row.flag(first + 9),
            fieldMap: row.integer(first + 10),
            rowDigest: try row.optionalDigest(first + 11),
            isInScope: row.flag(first + 12)
        )
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var ledgerQueries: [String: [String]] {
        let select = "SELECT \(SQL.columns), 1 FROM ledger "
        return [
            "ledger_uuid": [SQL.byUUID, SQL.standing],
            "ledger_business_key": [select + SQL.byKey, SQL.hasUnidentified, SQL.sameRow],
            "sqlite_autoindex_ledger_1": [select + SQL.byFirstKey, SQL.sameRow],
            "ledger_customer": [
                select + SQL.byFamily, SQL.inScope + LedgerScope(sourceCustomers: [""]).condition.sql + " ORDER BY seq",
            ],
            "job_unfinished": [SQL.snapshot],
        ]
    }
}

/// What orders have in common of which one may be another whose style or colour was corrected.
package struct OrderFamily: Hashable, Sendable {
    package let orderNumber: String
    /// As the source names the customer.
    package let customer: String

    package init(orderNumber: String, customer: String) {
        self.orderNumber = orderNumber
        self.customer = customer
    }
}
