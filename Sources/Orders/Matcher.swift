package import FoundationEssentials

/// The same `record_uuid` on two rows of one read: the source is broken, and nobody can tell which row is which order.
package struct DuplicateRecordUUID: Error, Hashable, Sendable, CustomStringConvertible {
    package let recordUUID: UUID
    /// The two rows, by ``RowIdentity/index``.
    package let rows: [Int]

    package var description: String {
        "record_uuid \(self.recordUUID.uuidString.lowercased()) occurs twice in one read"
    }
}

/// Finds for each source row the order it is.
///
/// It works in two steps, so that neither the rows nor the ledger need be in memory as a whole:
/// 1. ``add(_:ledger:)`` for each portion of rows, with the ledger orders of their uuids: a row whose uuid is known is
///    settled at once, the others wait as bare identities;
/// 2. after the last row ``resolve(_:ledger:)`` for portions of ``pendingKeys``, with all ledger orders of these business
///    keys.
///
/// The answer is the same for any order of the rows and any size of the portions.
package struct Matcher: Sendable {
    private var rowByUUID: [UUID: Int] = [:]
    private var claimed: Set<OrderKey> = []
    private var pending: [Digest: [RowIdentity]] = [:]

    package init() {}

    /// Whether a row of this read is that order; what no row claims is gone from the source.
    package func isClaimed(_ orderKey: OrderKey) -> Bool { self.claimed.contains(orderKey) }

    /// Whether a row of this read bears that uuid.
    package func hasRow(_ recordUUID: UUID) -> Bool { self.rowByUUID[recordUUID] != nil }

    /// How many orders the rows so far are.
    package var claimedCount: Int { self.claimed.count }

    /// The business keys of the rows that wait, sorted.
    package var pendingKeys: [Digest] { self.pending.keys.sorted() }

    /// Takes a portion of rows, and settles those whose uuid the ledger knows.
    /// - Parameters:
    ///   - rows: The next rows of the read.
    ///   - ledger: At least the ledger orders that have the uuid of one of these rows; others do no harm.
    /// - Returns: The matches of the rows that are settled.
    /// - Throws: ``DuplicateRecordUUID`` when a uuid was in this read before.
    package mutating func add(
        _ rows: [RowIdentity],
        ledger: [LedgerIdentity]
    ) throws(DuplicateRecordUUID) -> [RowMatch] {
        var byUUID: [UUID: LedgerIdentity] = [:]
        for order in ledger {
            guard let uuid = order.recordUUID else { continue }
            // A uuid belongs to one order; should two have it after all, the choice must not hang on their sequence.
            if let other = byUUID[uuid], other.rank < order.rank { continue }
            byUUID[uuid] = order
        }
        var matches: [RowMatch] = []
        for row in rows {
            if let uuid = row.recordUUID {
                if let first = self.rowByUUID.updateValue(row.index, forKey: uuid) {
                    throw DuplicateRecordUUID(recordUUID: uuid, rows: [first, row.index])
                }
                if let order = byUUID[uuid] {
                    matches.append(self.claim(order, for: row))
                    continue
                }
            }
            guard let key = row.keyDigest else {
                matches.append(RowMatch(row: row.index, match: .unclaimed))
                continue
            }
            self.pending[key, default: []].append(row)
        }
        return matches
    }

    /// Settles the waiting rows of some business keys.
    /// - Parameters:
    ///   - keys: Some of ``pendingKeys``.
    ///   - ledger: All ledger orders of these business keys; others do no harm.
    /// - Returns: The matches of all waiting rows of these keys.
    package mutating func resolve(_ keys: [Digest], ledger: [LedgerIdentity]) -> [RowMatch] {
        let orders = Dictionary(grouping: ledger.filter { !self.claimed.contains($0.orderKey) }, by: \.keyDigest)
        return keys.flatMap { key in
            self.resolve(self.pending.removeValue(forKey: key) ?? [], orders[key] ?? [])
        }
    }

    /// Pairs the rows and the orders of one business key.
    private mutating func resolve(_ rows: [RowIdentity], _ orders: [LedgerIdentity]) -> [RowMatch] {
        var matches: [RowMatch] = []
        var orders = orders.sorted { $0.rank < $1.rank }
        var rest: [RowIdentity] = []
        // What looks the same is the same: after a reload nothing is touched.
        for row in rows.sorted(by: { $0.rank < $1.rank }) {
            if let fingerprint = row.fingerprint, let at = orders.firstIndex(where: { $0.fingerprint == fingerprint }) {
                matches.append(self.claim(orders.remove(at: at), for: row))
            } else {
                rest.append(row)
            }
        }
        // One on either side are each other; several are paired in a fixed sequence, sound rows before rejected ones.
        for (row, order) in zip(rest, orders) {
            matches.append(self.claim(order, for: row))
        }
        for (offset, row) in rest.dropFirst(orders.count).enumerated() {
            matches.append(
                RowMatch(row: row.index, match: row.fingerprint == nil ? .unclaimed : .new(offset: offset))
            )
        }
        return matches
    }

    private mutating func claim(_ order: LedgerIdentity, for row: RowIdentity) -> RowMatch {
        self.claimed.insert(order.orderKey)
        guard let fingerprint = row.fingerprint else {
            return RowMatch(row: row.index, match: .claimed(order.orderKey))
        }
        guard fingerprint == order.fingerprint else {
            return RowMatch(row: row.index, match: .changed(order.orderKey))
        }
        let uuidChanged = row.recordUUID != nil && row.recordUUID != order.recordUUID
        return RowMatch(row: row.index, match: .unchanged(order.orderKey, uuidChanged: uuidChanged))
    }
}

extension LedgerIdentity {
    /// A sequence of orders that hangs on nothing but themselves.
    fileprivate var rank: Rank {
        Rank(isRejected: false, fingerprint: self.fingerprint, occurrence: self.occurrence, uuid: self.orderKey.uuid)
    }
}

extension RowIdentity {
    /// A sequence of rows that hangs on nothing but themselves; rejected rows come last.
    fileprivate var rank: Rank {
        Rank(isRejected: self.fingerprint == nil, fingerprint: self.fingerprint, occurrence: 0, uuid: self.recordUUID)
    }
}

/// A place in a fixed sequence.
private struct Rank: Comparable {
    let isRejected: Bool
    let fingerprint: Digest?
    let occurrence: Int
    let uuid: UUID?

    static func < (left: Rank, right: Rank) -> Bool {
        if left.isRejected != right.isRejected { return right.isRejected }
        if left.fingerprint != right.fingerprint {
            guard let fingerprint = left.fingerprint else { return true }
            return right.fingerprint.map { fingerprint < $0 } ?? false
        }
        if left.occurrence != right.occurrence { return left.occurrence < right.occurrence }
        guard let uuid = left.uuid else { return right.uuid != nil }
        return right.uuid.map { uuid < $0 } ?? false
    }
}
