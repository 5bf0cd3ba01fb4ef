import FoundationEssentials
import Journal
import Orders

/// What a run has found so far.
///
/// Of a row that is known by its uuid and has not changed nothing is kept; whatever else a row holds lies in the spool.
struct Detection {
    /// One order to be written: a known one that changed, or a new one.
    struct Enqueued: Sendable {
        let place: Int
        /// Nil for a new order.
        let orderKey: OrderKey?
        let occurrence: Int
        /// Whether the ledger knows it by another business key.
        let hasNewKey: Bool
    }

    var report = RunReport()
    var matcher = Matcher()
    /// Ledger orders in scope.
    var known = 0
    /// Which rows of the scope were read.
    private(set) var rows = RowSum()
    /// The known orders that stand in other rows than before: when there are some, the source was loaded since the last run.
    private(set) var replaced = PlaceSet()

    let spool: Spool
    let fieldMap: FieldMap
    /// The number of the field map in the journal; nil when no run has used it.
    let fieldMapNumber: Int64?
    private(set) var enqueued: [Enqueued] = []
    private var seen: [SeenRow] = []
    private var found: [OrderKey] = []
    private var missing: [OrderKey] = []
    private(set) var gone: [(order: LedgerIdentity, kind: JobKind)] = []
    private(set) var rejects: [Int] = []
    /// How many rows were let wait of which nothing was kept.
    private var unreadCount = 0
    private var claims: [Int: OrderKey] = [:]
    /// Rejected rows without a business key that no order claims, by what they have of it.
    private var nameless: [(orderNumber: String?, customer: String?)] = []
    /// Known orders in scope that are looked for outside of it.
    private var sought = PlaceSet()
    private var soughtNumbers: Set<String> = []
    private var soughtUUIDs: Set<UUID> = []

    init(spool: Spool, fieldMap: FieldMap, fieldMapNumber: Int64?) {
        self.spool = spool
        self.fieldMap = fieldMap
        self.fieldMapNumber = fieldMapNumber
    }

    // MARK: Rows

    /// Takes those rows of a portion that are orders as they were last enqueued: nothing is to be noted of them.
    ///
    /// - Parameters:
    ///   - marks: What the rows are known by.
    ///   - standings: What the ledger tells of them.
    /// - Returns: The positions of the others, which must be read.
    /// - Throws: When two rows bear one uuid.
    mutating func takeSame(_ marks: [RowMark?], _ standings: [RowStanding]) throws -> [Int] {
        var open: [Int] = []
        try Self.refusingDuplicates {
            for (position, standing) in standings.enumerated() {
                guard case .same(let place) = standing, let mark = marks[position] else {
                    open.append(position)
                    continue
                }
                try self.matcher.settleSame(place, recordUUID: mark.recordUUID)
                self.rows.add(mark.recordUUID)
                self.report.read += 1
                self.report.unchanged += 1
            }
        }
        return open
    }

    /// Lets a row wait that looks like a known order; nothing of it is kept but what it is known by.
    mutating func wait(_ recordUUID: UUID, _ mark: KeyedMark, fingerprint: Digest) throws {
        self.unreadCount += 1
        self.rows.add(recordUUID)
        try Self.refusingDuplicates {
            try self.matcher.wait(
                RowIdentity(
                    index: -self.unreadCount,
                    recordUUID: recordUUID,
                    keyDigest: mark.keyDigest,
                    fingerprint: fingerprint,
                    rowDigest: mark.rowDigest
                )
            )
        }
        self.report.read += 1
    }

    /// The rows that wait of which nothing was kept.
    var unread: [UUID: RowIdentity] {
        mutating get {
            guard self.unreadCount > 0 else { return [:] }
            let rows = self.matcher.waiting.compactMap { row in
                row.index < 0 ? row.recordUUID.map { ($0, row) } : nil
            }
            return Dictionary(rows) { first, _ in first }
        }
    }

    /// Sets a row aside that waits.
    mutating func setAside(_ order: Order, inPlaceOf row: RowIdentity) throws {
        self.matcher.rename(row, to: try self.setAside(order, row))
    }

    /// Takes a portion of rows, as their uuids have it.
    mutating func take(_ readings: [RowReading], _ rows: [RowIdentity], ledger: [LedgerIdentity]) throws {
        try Self.refusingDuplicates {
            let matches = try self.matcher.settle(rows, ledger: ledger)
            for (position, match) in matches.enumerated() {
                self.report.read += 1
                var row = rows[position]
                self.rows.add(row.recordUUID)
                switch (readings[position], match) {
                case (.order, .unchanged?): break
                case (.order(let order), _): row.index = try self.setAside(order, row)
                case (.reject(let reject), _): row.index = try self.setAside(reject, row, number: self.report.read)
                }
                if let match {
                    self.apply(RowMatch(row: row, match: match))
                } else {
                    try self.matcher.wait(row)
                }
            }
        }
    }

    /// Looks for orders outside of the scope: rows that are read there claim what they are.
    ///
    /// Those of them that were in scope have moved, and are changed; nothing else comes of these rows.
    mutating func seek(_ orders: [LedgerIdentity]) {
        for order in orders {
            if order.isInScope { self.sought.insert(order.place) }
            self.soughtNumbers.insert(order.orderNumber)
            if let uuid = order.recordUUID { self.soughtUUIDs.insert(uuid) }
        }
    }

    /// What is known of rows from outside of the scope that may be what is sought.
    ///
    /// - Parameters:
    ///   - readings: Rows outside of the scope; or of it, when it is all.
    ///   - isAll: Whether there is nothing outside, so that rows of the scope are read again; they are told by their uuid.
    /// - Returns: The rows that matter, and what they are known by.
    func relevant(_ readings: [RowReading], isAll: Bool) -> [(RowReading, RowIdentity)] {
        readings.compactMap { reading in
            let uuid = reading.recordUUID
            if isAll, uuid == nil { return nil }
            if let uuid, self.matcher.waits(for: uuid) { return nil }
            let isSought = uuid.map(self.soughtUUIDs.contains) ?? false
            guard isSought || reading.orderNumber.map(self.soughtNumbers.contains) ?? false else { return nil }
            return (reading, reading.identity(self.fieldMap, isElsewhere: true))
        }
    }

    /// Takes rows from outside of the scope.
    mutating func takeElsewhere(_ found: [(RowReading, RowIdentity)], ledger: [LedgerIdentity]) throws {
        let matches = try self.matcher.settle(found.map(\.1), ledger: ledger)
        for ((reading, identity), match) in zip(found, matches)
        where match == nil || match?.order.map({ self.sought.contains($0.place) }) ?? false {
            var row = identity
            switch reading {
            case .order(let order): row.index = try self.setAside(order, row)
            case .reject(let reject):
                row.index = try self.spool.append(SpooledReject(reject, row: 0, fieldMap: self.fieldMap))
            }
            if let match {
                self.apply(RowMatch(row: row, match: match))
            } else {
                try self.matcher.wait(row)
            }
        }
    }

    private mutating func setAside(_ order: Order, _ row: RowIdentity) throws -> Int {
        guard let key = row.keyDigest, let fingerprint = row.fingerprint else { return row.index }
        return try self.spool.append(
            SpooledOrder(
                order,
                keyDigest: key,
                fingerprint: fingerprint,
                rowDigest: row.rowDigest,
                fieldMap: self.fieldMap
            )
        )
    }

    private mutating func setAside(_ reject: Reject, _ row: RowIdentity, number: Int) throws -> Int {
        let place = try self.spool.append(SpooledReject(reject, row: number, fieldMap: self.fieldMap))
        self.rejects.append(place)
        self.report.rejected += 1
        if row.keyDigest == nil { self.nameless.append((reject.orderNumber, reject.customer)) }
        for reason in reject.reasons where self.report.rejects.count < RunReport.listLimit {
            self.report.rejects.append(RunReport.Rejected(reject, reason, row: number))
        }
        return place
    }

    // MARK: Matches

    /// Takes note of what a row is.
    mutating func apply(_ match: RowMatch) {
        let row = match.row
        if let order = match.match.order {
            // Outside of the scope rows say only which orders they are.
            if row.isElsewhere, !self.sought.contains(order.place) { return }
            if order.missingSince != nil { self.found.append(order.orderKey) }
            if let uuid = row.recordUUID, let last = order.recordUUID, uuid != last {
                self.replaced.insert(order.place)
            }
        }
        switch match.match {
        case .unchanged(let order, let uuidChanged):
            self.report.unchanged += 1
            let hasOtherCells = row.rowDigest != nil && row.rowDigest != order.rowDigest
            if uuidChanged || hasOtherCells || order.fieldMap != self.fieldMapNumber || self.fieldMapNumber == nil {
                self.seen.append(SeenRow(place: order.place, recordUUID: row.recordUUID, rowDigest: row.rowDigest))
            }
        case .changed(let order):
            self.report.changed += 1
            if order.fieldMap != nil, order.fieldMap != self.fieldMapNumber { self.report.changedByFieldMap += 1 }
            self.enqueued.append(
                Enqueued(
                    place: row.index,
                    orderKey: order.orderKey,
                    occurrence: order.occurrence,
                    hasNewKey: row.keyDigest != order.keyDigest
                )
            )
        case .new:
            self.report.new += 1
            self.enqueued.append(Enqueued(place: row.index, orderKey: nil, occurrence: 0, hasNewKey: false))
        case .claimed(let order): self.claims[row.index] = order.orderKey
        case .unclaimed: break
        }
    }

    /// The business keys of new orders, each once.
    func newKeys() throws -> [Digest] {
        let reader = try self.spool.reader()
        return Array(
            Set(try self.enqueued.filter { $0.orderKey == nil }.map { try reader.order(at: $0.place).keyDigest })
        )
    }

    /// Bounds what is enqueued.
    ///
    /// A bounded run has not looked at everything, so it tells of no gone orders.
    mutating func limit(to limit: Int?) {
        defer { self.report.enqueued = self.enqueued.count + self.gone.count }
        guard let limit else { return }
        self.report.complete = false
        if self.enqueued.count > limit { self.enqueued.removeSubrange(limit...) }
    }

    // MARK: Gone orders

    /// Whether a row that lost its order number or its customer may be this order.
    func mayBeNameless(_ order: LedgerIdentity) -> Bool {
        self.nameless.contains { row in
            if let number = row.orderNumber { return number == order.orderNumber }
            return row.customer == order.customer
        }
    }

    /// Takes note of a ledger order that is in no row.
    mutating func note(missing order: LedgerIdentity, _ action: RunReport.Gone.Action) {
        self.report.gone += 1
        self.missing.append(order.orderKey)
        switch action {
        case .archive: self.gone.append((order, .archive))
        case .zero: self.gone.append((order, .zero))
        case .reported, .awaiting: break
        }
        guard self.report.goneOrders.count < RunReport.listLimit else { return }
        self.report.goneOrders.append(
            RunReport.Gone(
                orderKey: order.orderKey.description,
                orderNumber: order.orderNumber,
                customer: order.customer,
                missingSince: order.missingSince,
                action: action
            )
        )
    }

    // MARK: Outcome

    /// What is to be written, for the journal's thread to take over.
    ///
    /// - Returns: What is to be written.
    /// - Throws: What writing the last of the spool met.
    func sealed() throws -> Outcome {
        Outcome(
            orders: self.enqueued,
            // Along the ledger, so that each of its pages is written once.
            seen: self.seen.sorted { $0.place < $1.place },
            missing: self.missing,
            found: self.found,
            gone: self.gone.map { ($0.order.orderKey, $0.kind) },
            rejects: self.rejects.map { ($0, self.claims[$0]) },
            counts: self.counts,
            isComplete: self.report.complete,
            fieldMap: self.fieldMap,
            spool: try self.spool.reader()
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

    /// Runs a step of matching, with its only error in the run's words.
    private static func refusingDuplicates(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DuplicateRecordUUID {
            throw EnqueueError.repeatedIdentity(error.recordUUID.uuidString.lowercased())
        }
    }
}

extension RunReport.Rejected {
    init(_ reject: Reject, _ reason: Reject.Reason, row: Int) {
        self.init(
            row: row,
            orderNumber: reject.orderNumber,
            customer: reject.customer,
            column: reason.column,
            value: reason.value,
            reason: reason.reason
        )
    }
}

extension RowReading {
    var recordUUID: UUID? {
        switch self {
        case .order(let order): order.recordUUID
        case .reject(let reject): reject.recordUUID
        }
    }

    fileprivate var orderNumber: String? {
        switch self {
        case .order(let order): order.businessKey.orderNumber
        case .reject(let reject): reject.orderNumber
        }
    }

    /// What a row is known by.
    func identity(_ fieldMap: FieldMap, rowDigest: Digest? = nil, isElsewhere: Bool = false) -> RowIdentity {
        switch self {
        case .order(let order):
            RowIdentity(
                index: 0,
                recordUUID: order.recordUUID,
                keyDigest: order.businessKey.digest,
                fingerprint: order.fingerprint(fieldMap),
                rowDigest: rowDigest,
                isElsewhere: isElsewhere
            )
        case .reject(let reject):
            RowIdentity(
                index: 0,
                recordUUID: reject.recordUUID,
                keyDigest: reject.businessKey?.digest,
                fingerprint: nil,
                isElsewhere: isElsewhere
            )
        }
    }
}
