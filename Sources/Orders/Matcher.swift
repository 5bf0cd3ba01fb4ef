package import FoundationEssentials

/// The same `record_uuid` on two rows of one read: the source is broken, and nobody can tell which row is which order.
package struct DuplicateRecordUUID: Error, Hashable, Sendable, CustomStringConvertible {
    package let recordUUID: UUID

    package var description: String {
        "record_uuid \(self.recordUUID.uuidString.lowercased()) occurs twice in one read"
    }
}

/// Finds for each source row the order it is.
///
/// Neither the rows nor the ledger need be in memory as a whole: of a row that its uuid settles nothing is kept but a bit.
/// 1. ``settle(_:ledger:)`` with each portion of rows and the orders of their uuids: the same uuid (rule 1).
///    The caller hands what that leaves open to ``wait(_:)``.
/// 2. ``settleSame(_:ledger:)`` with portions of ``waitingKeys`` and all orders of these business keys: the same
///    business key and fingerprint (rule 2).
/// 3. ``contests(_:ledger:)`` tells for such a portion who may be whom; ``settle(_:states:)`` decides: the only ones on
///    either side (rule 3), or by fewest differing fields (rule 4).
/// 4. ``settleFamily(_:states:)`` with the waiting rows and the orders of one order number and customer (rule 5).
/// 5. ``finish()``: the rest is new (rule 6).
///
/// Each step is taken for all rows before the next. The answer is the same for any order of the rows and any portions.
package struct Matcher: Sendable {
    private var rows = WaitingRows()
    private var waitingUUIDs: Set<UUID> = []
    private var claims = PlaceSet()
    private var suspects = PlaceSet()

    package init() {}

    /// Whether a row of this read is that order; what no row claims is gone from the source.
    package func isClaimed(_ order: LedgerIdentity) -> Bool { self.claims.contains(order.place) }

    /// Whether that order may have been renamed, and is therefore not gone in this run.
    package func isSuspect(_ order: LedgerIdentity) -> Bool { self.suspects.contains(order.place) }

    /// The orders that rows of this read are.
    package var claimedPlaces: PlaceSet { self.claims }

    /// Whether a row waits that bears this uuid.
    package func waits(for recordUUID: UUID) -> Bool { self.waitingUUIDs.contains(recordUUID) }

    /// The uuids of all rows that waited in this read.
    package var uuidsThatWaited: Set<UUID> { self.waitingUUIDs }

    /// The rows that no order was found for so far, by business key.
    package var waiting: [RowIdentity] { mutating get { self.rows.open } }

    /// The business keys of the rows that wait, sorted, each once.
    package var waitingKeys: [Digest] { mutating get { self.rows.keys } }

    // MARK: Rule 1

    /// Takes a portion of rows, and settles those whose uuid the ledger knows.
    ///
    /// - Parameters:
    ///   - rows: The next rows of the read.
    ///   - ledger: At least the orders that have the uuid of one of these rows; others do no harm.
    /// - Returns: For each row its match; nil when it must ``wait(_:)``.
    /// - Throws: ``DuplicateRecordUUID`` when another row of this read bore a uuid.
    package mutating func settle(
        _ rows: [RowIdentity],
        ledger: [LedgerIdentity]
    ) throws(DuplicateRecordUUID) -> [Match?] {
        var byUUID: [UUID: LedgerIdentity] = [:]
        byUUID.reserveCapacity(ledger.count)
        for order in ledger {
            guard let uuid = order.recordUUID else { continue }
            // A uuid belongs to one order; should two have it after all, the choice must not hang on their sequence.
            if let other = byUUID[uuid], other.rank < order.rank { continue }
            byUUID[uuid] = order
        }
        var matches: [Match?] = []
        matches.reserveCapacity(rows.count)
        for row in rows {
            if let uuid = row.recordUUID, let order = byUUID[uuid] {
                if self.claims.contains(order.place) {
                    // Outside of the scope it is a row that was met before, or one whose order another row is.
                    guard row.isElsewhere else { throw DuplicateRecordUUID(recordUUID: uuid) }
                    matches.append(.unclaimed)
                } else {
                    matches.append(self.claim(order, for: row))
                }
            } else {
                matches.append(row.keyDigest == nil ? .unclaimed : nil)
            }
        }
        return matches
    }

    /// Takes a row over that bears the uuid of an order, and has the cells from which that order was last enqueued.
    ///
    /// Nothing else need be known of either.
    /// - Throws: ``DuplicateRecordUUID`` when another row of this read bore the uuid.
    package mutating func settleSame(_ place: Int64, recordUUID: UUID) throws(DuplicateRecordUUID) {
        guard self.claims.insert(place) else { throw DuplicateRecordUUID(recordUUID: recordUUID) }
    }

    /// Lets a row wait for the rules by business key.
    package mutating func wait(_ row: RowIdentity) throws(DuplicateRecordUUID) {
        if let uuid = row.recordUUID, !self.waitingUUIDs.insert(uuid).inserted {
            if row.isElsewhere { return }
            throw DuplicateRecordUUID(recordUUID: uuid)
        }
        self.rows.append(row)
    }

    /// Gives a row that waits another name.
    package mutating func rename(_ row: RowIdentity, to index: Int) { self.rows.rename(row, to: index) }

    // MARK: Rules 2 to 4

    /// Settles the waiting rows of some business keys that look like an order of that key: after a reload nothing is
    /// touched.
    ///
    /// - Parameters:
    ///   - keys: Some of ``waitingKeys``.
    ///   - ledger: All orders of these keys; others do no harm.
    /// - Returns: The matches of the rows that are settled.
    package mutating func settleSame(_ keys: [Digest], ledger: [LedgerIdentity]) -> [RowMatch] {
        var matches: [RowMatch] = []
        for contest in self.contests(keys, ledger: ledger) {
            // By fingerprint, each list by rank with the lowest at its end.
            var orders: [Digest: [LedgerIdentity]] = [:]
            for order in contest.orders.reversed() {
                if let fingerprint = order.fingerprint { orders[fingerprint, default: []].append(order) }
            }
            for row in contest.rows {
                guard let fingerprint = row.fingerprint, let order = orders[fingerprint]?.popLast() else { continue }
                matches.append(RowMatch(row: row, match: self.claim(order, for: row)))
            }
        }
        self.drop(matches)
        return matches
    }

    /// Who may be whom among the waiting rows and the unclaimed orders of some business keys.
    ///
    /// - Parameters:
    ///   - keys: Some of ``waitingKeys``.
    ///   - ledger: All orders of these keys; others do no harm.
    /// - Returns: A contest for each key that has both; rows and orders stand by rank.
    package mutating func contests(_ keys: [Digest], ledger: [LedgerIdentity]) -> [Contest] {
        let orders = Dictionary(grouping: ledger.filter { !self.claims.contains($0.place) }, by: \.keyDigest)
        var contests: [Contest] = []
        for key in keys {
            guard let orders = orders[key] else { continue }
            let rows = self.rows.rows(key)
            guard !rows.isEmpty else { continue }
            contests.append(
                Contest(rows: rows.sorted { $0.rank < $1.rank }, orders: orders.sorted { $0.rank < $1.rank })
            )
        }
        return contests
    }

    /// Settles a contest of one business key.
    ///
    /// - Parameters:
    ///   - contest: One of ``contests(_:ledger:)``.
    ///   - states: What rows and orders look like; nil where nobody knows. Asked only when it matters.
    /// - Returns: The matches of the rows that are settled.
    package mutating func settle(_ contest: Contest, states: ContestStates) -> [RowMatch] {
        let pairs = Pairing.nearest(states.rows(contest), states.orders(contest))
        return self.claim(pairs, in: contest)
    }

    // MARK: Rule 5

    /// Settles the waiting rows and the unclaimed orders of one order number and customer, whose business keys differ.
    ///
    /// What is left on either side when both have some is possibly renamed: these orders are not gone in this run.
    ///
    /// - Parameters:
    ///   - contest: Waiting rows and any orders; claimed ones do no harm.
    ///   - states: What they look like.
    /// - Returns: The matches of the rows that are settled, and who may have been renamed.
    package mutating func settleFamily(_ contest: Contest, states: ContestStates) -> FamilyVerdict {
        let contest = Contest(
            rows: contest.rows.sorted { $0.rank < $1.rank },
            orders: contest.orders.filter { !self.claims.contains($0.place) }.sorted { $0.rank < $1.rank }
        )
        let pairs = Pairing.unique(states.rows(contest), states.orders(contest))
        let matches = self.claim(pairs, in: contest)
        let orders = contest.orders.filter { !self.claims.contains($0.place) }
        let settled = Set(matches.map(\.row))
        let rows = contest.rows.filter { !settled.contains($0) }
        guard !rows.isEmpty, !orders.isEmpty else { return FamilyVerdict(matches: matches, rows: [], orders: []) }
        for order in orders { self.suspects.insert(order.place) }
        return FamilyVerdict(matches: matches, rows: rows, orders: orders)
    }

    // MARK: Rule 6

    /// Tells the rows that are left what they are: new orders, or nothing.
    ///
    /// - Returns: Their matches, by business key; the new ones of one key are numbered in this order.
    package mutating func finish() -> some Sequence<RowMatch> {
        // Each match is made when it is asked for: a first run has as many as there are rows.
        self.rows.takeAll().lazy.map { row in
            RowMatch(row: row, match: row.fingerprint != nil && !row.isElsewhere ? .new : .unclaimed)
        }
    }

    // MARK: Claims

    private mutating func claim(_ pairs: [Pairing.Pair], in contest: Contest) -> [RowMatch] {
        let matches = pairs.map { pair in
            let row = contest.rows[pair.row]
            return RowMatch(row: row, match: self.claim(contest.orders[pair.order], for: row))
        }
        self.drop(matches)
        return matches
    }

    /// Removes settled rows from those that wait.
    private mutating func drop(_ matches: [RowMatch]) {
        for match in matches { self.rows.close(match.row) }
    }

    private mutating func claim(_ order: LedgerIdentity, for row: RowIdentity) -> Match {
        self.claims.insert(order.place)
        guard let fingerprint = row.fingerprint else { return .claimed(order) }
        guard fingerprint == order.fingerprint, !order.isRetired else { return .changed(order) }
        let uuidChanged = row.recordUUID != nil && row.recordUUID != order.recordUUID
        return .unchanged(order, uuidChanged: uuidChanged)
    }
}
