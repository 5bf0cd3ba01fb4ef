import FoundationEssentials
import Journal
import Orders

/// What a run has found so far.
///
/// Memory grows by a few dozen bytes a row: orders themselves lie in the spool.
struct Detection {
    var report = RunReport()
    var matcher = Matcher()
    /// Ledger orders in scope.
    var known = 0

    private let spool: Spool
    /// Where the order of a row lies in the spool.
    private var places: [Int: UInt64] = [:]
    private var enqueued: [Enqueued] = []
    private var reloaded: [(OrderKey, row: Int)] = []
    private var uuids: [Int: UUID] = [:]
    private var missing: [OrderKey] = []
    private var found: [OrderKey] = []
    /// Without their source rows, which lie in the spool.
    private var rejects: [(row: Int, reject: Reject, place: UInt64)] = []
    private var claims: [Int: OrderKey] = [:]
    private var occurrences: [OrderKey: Int] = [:]
    /// Rows outside of the scope that were looked at.
    private var elsewhere = 0

    /// One order to be written: a known one that changed, or a new one.
    struct Enqueued: Sendable {
        let place: UInt64
        /// Nil for a new order.
        let orderKey: OrderKey?
        let occurrence: Int
    }

    init(spool: Spool) {
        self.spool = spool
    }

    /// Numbers the row, and says what it is known by.
    mutating func identity(of reading: RowReading, fieldMap: FieldMap) -> RowIdentity {
        self.report.read += 1
        return RowIdentity(reading, index: self.report.read, fieldMap: fieldMap)
    }

    /// Matches a portion of rows by their uuids, and sets aside what may have to be enqueued.
    mutating func take(
        _ rows: [RowIdentity],
        readings: [RowReading],
        ledger: [LedgerIdentity],
        fieldMap: FieldMap
    ) throws {
        let matches: [RowMatch]
        do {
            matches = try self.matcher.add(rows, ledger: ledger)
        } catch {
            throw EnqueueError.repeatedIdentity(error.recordUUID.uuidString.lowercased())
        }
        var settled: Set<Int> = []
        for match in matches {
            if case .unchanged(_, uuidChanged: false) = match.match { settled.insert(match.row) }
        }
        for (row, reading) in zip(rows, readings) {
            switch reading {
            case .reject(let reject): try self.take(reject, row: row.index)
            case .order(let order):
                if !settled.contains(row.index) { try self.setAside(order, row, fieldMap: fieldMap) }
            }
        }
        self.apply(matches, ledger: ledger)
    }

    /// Matches the rows that wait, by their business keys.
    mutating func resolve(_ keys: [Digest], ledger: [LedgerIdentity]) {
        let matches = self.matcher.resolve(keys, ledger: ledger)
        self.apply(matches, ledger: ledger)
    }

    private mutating func apply(_ matches: [RowMatch], ledger: [LedgerIdentity]) {
        for order in ledger {
            if order.missingSince != nil, self.matcher.isClaimed(order.orderKey) { self.found.append(order.orderKey) }
        }
        let occurrences = Dictionary(ledger.map { ($0.orderKey, $0.occurrence) }) { first, _ in first }
        for match in matches {
            switch match.match {
            case .unchanged(let key, let uuidChanged):
                self.report.unchanged += 1
                if uuidChanged { self.reloaded.append((key, row: match.row)) }
            case .changed(let key):
                self.report.changed += 1
                if let place = self.places[match.row] {
                    self.enqueued.append(Enqueued(place: place, orderKey: key, occurrence: occurrences[key] ?? 1))
                }
            case .new:
                self.report.new += 1
                if let place = self.places[match.row] {
                    self.enqueued.append(Enqueued(place: place, orderKey: nil, occurrence: 0))
                }
            case .claimed(let key): self.claims[match.row] = key
            case .unclaimed: break
            }
        }
    }

    /// Looks for orders that are missing in the scope among rows outside of it: one that is there has moved.
    ///
    /// Nothing else comes of these rows, whatever they hold.
    ///
    /// - Parameters:
    ///   - readings: Rows that were read without the filter; those of the scope may be among them.
    ///   - missing: The orders that are looked for, by their keys.
    ///   - fieldMap: By which the rows were read.
    ///   - ledger: Gives the known orders with one of these uuids or business keys.
    /// - Throws: What the ledger and the spool throw.
    mutating func takeElsewhere(
        _ readings: [RowReading],
        missing: [OrderKey: LedgerIdentity],
        fieldMap: FieldMap,
        ledger: ([UUID], [Digest]) async throws -> [LedgerIdentity]
    ) async throws {
        let keys = Set(missing.values.map(\.keyDigest))
        let uuids = Set(missing.values.compactMap(\.recordUUID))
        var rows: [RowIdentity] = []
        for reading in readings {
            // Numbered apart from the rows of the scope, and told from them by the uuid: a row without one may be either.
            let row = RowIdentity(reading, index: -1 - self.elsewhere, fieldMap: fieldMap)
            guard let uuid = row.recordUUID, !self.matcher.hasRow(uuid),
                uuids.contains(uuid) || row.keyDigest.map(keys.contains) ?? false
            else { continue }
            self.elsewhere += 1
            rows.append(row)
            guard case .order(let order) = reading else { continue }
            try self.setAside(order, row, fieldMap: fieldMap)
        }
        guard !rows.isEmpty else { return }
        let known = try await ledger(rows.compactMap(\.recordUUID), rows.compactMap(\.keyDigest))
        var matches = try self.matcher.add(rows, ledger: known)
        matches += self.matcher.resolve(self.matcher.pendingKeys, ledger: known)
        let moved = matches.filter { match in
            switch match.match {
            case .unchanged(let key, _), .changed(let key), .claimed(let key): missing[key] != nil
            case .new, .unclaimed: false
            }
        }
        self.apply(moved, ledger: known.filter { missing[$0.orderKey] != nil })
    }

    /// Puts an order into the spool, in case that it must be enqueued.
    private mutating func setAside(_ order: Order, _ row: RowIdentity, fieldMap: FieldMap) throws {
        guard let key = row.keyDigest, let fingerprint = row.fingerprint else { return }
        self.uuids[row.index] = order.recordUUID
        self.places[row.index] = try self.spool.append(
            SpooledOrder(order, keyDigest: key, fingerprint: fingerprint, fieldMap: fieldMap)
        )
    }

    private mutating func take(_ reject: Reject, row: Int) throws {
        self.report.rejected += 1
        var kept = reject
        kept.source = []
        self.rejects.append((row, kept, try self.spool.append(reject.source)))
        for reason in reject.reasons where self.report.rejects.count < RunReport.listLimit {
            self.report.rejects.append(
                RunReport.Rejected(
                    row: row,
                    orderNumber: reject.orderNumber,
                    customer: reject.customer,
                    column: reason.column,
                    value: reason.value,
                    reason: reason.reason
                )
            )
        }
    }

    /// Bounds what is enqueued.
    ///
    /// A bounded run has not looked at everything, so it tells of no gone orders.
    mutating func limit(to limit: Int?) {
        defer { self.report.enqueued = self.enqueued.count }
        guard let limit else { return }
        self.report.complete = false
        if self.enqueued.count > limit { self.enqueued.removeSubrange(limit...) }
    }

    /// Takes note of a ledger order that is in no row.
    mutating func gone(_ order: LedgerIdentity) {
        self.report.gone += 1
        self.missing.append(order.orderKey)
        guard self.report.goneOrders.count < RunReport.listLimit else { return }
        self.report.goneOrders.append(
            RunReport.Gone(
                orderKey: order.orderKey.description,
                orderNumber: order.orderNumber,
                customer: order.customer
            )
        )
    }

    /// What is to be written, for the journal's thread to take over.
    func sealed() throws -> Outcome {
        Outcome(
            orders: self.enqueued,
            reloaded: self.reloaded.map { ($0.0, self.uuids[$0.row]) },
            missing: self.missing,
            found: self.found,
            rejects: self.rejects.map { ($0.reject, self.claims[$0.row], $0.place) },
            counts: self.counts,
            isComplete: self.report.complete,
            spool: try self.spool.sealed()
        )
    }

    private var counts: RunRecord.Counts {
        var counts = RunRecord.Counts()
        counts.read = self.report.read
        counts.new = self.report.new
        counts.changed = self.report.changed
        counts.unchanged = self.report.unchanged
        counts.gone = self.report.gone
        counts.rejected = self.report.rejected
        return counts
    }
}

extension RowIdentity {
    /// What a row is known by.
    fileprivate init(_ reading: RowReading, index: Int, fieldMap: FieldMap) {
        switch reading {
        case .order(let order):
            self.init(
                index: index,
                recordUUID: order.recordUUID,
                keyDigest: order.businessKey.digest,
                fingerprint: order.fingerprint(fieldMap)
            )
        case .reject(let reject):
            self.init(
                index: index,
                recordUUID: reject.recordUUID,
                keyDigest: reject.businessKey?.digest,
                fingerprint: nil
            )
        }
    }
}
