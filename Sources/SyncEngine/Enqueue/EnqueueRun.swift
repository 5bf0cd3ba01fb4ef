import FoundationEssentials
package import Journal
package import Orders
package import Warehouse

/// One run of detection: reads the source, matches its rows with the ledger, writes jobs in one transaction.
package struct EnqueueRun: Sendable {
    /// What a run is asked for.
    package struct Request: Sendable {
        package var filter: SourceFilter
        package var dryRun = false
        /// The most orders to enqueue; nil for all.
        package var limit: Int?
        /// Whether a changed field map may touch many orders.
        package var acceptMapChange = false
        package var who: String
        package var host: String

        package init(filter: SourceFilter, who: String, host: String) {
            self.filter = filter
            self.who = who
            self.host = host
        }
    }

    private let source: OrderSource
    private let journal: Journal
    private let fieldMap: FieldMap
    private let time: TimeSource
    private let progress: @Sendable (_ read: Int) -> Void

    /// How many rows are read and matched at a time.
    private static let portion = 500
    /// How many missing orders are looked for at a time: each is a parameter of the query.
    private static let lookUpPortion = 200
    /// A changed field map that touches more of the known orders than this is asked about first.
    private static let acceptedMapChange = 0.2

    package init(
        source: OrderSource,
        journal: Journal,
        fieldMap: FieldMap,
        time: TimeSource = .system,
        progress: @escaping @Sendable (_ read: Int) -> Void = { _ in }
    ) {
        self.source = source
        self.journal = journal
        self.fieldMap = fieldMap
        self.time = time
        self.progress = progress
    }

    /// Runs: all or nothing.
    ///
    /// The journal is open and the run lock is held by the caller.
    package func run(_ request: Request) async throws -> RunReport {
        let started = self.time.now()
        var detection = Detection(spool: try Spool())
        let plan = try self.fieldMap.plan(for: try await self.source.layout())
        try await self.source.open(plan: plan, fieldMap: self.fieldMap, filter: request.filter)
        do {
            try await self.read(&detection)
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
        try await self.resolve(&detection)

        let scope = LedgerScope(
            sourceCustomers: request.filter.customers,
            poNumbers: request.filter.purchaseOrders,
            aagSeasons: request.filter.aagSeasons,
            customerSeasons: request.filter.customerSeasons
        )
        if request.limit == nil { try await self.findGone(&detection, request.filter, scope: scope, plan: plan) }
        detection.limit(to: request.limit)
        try self.refuseNothing(detection, request)
        try await self.refuseMapChange(detection, request)

        detection.report.dryRun = request.dryRun
        detection.report.batchName = BatchNaming.name(request.filter)
        detection.report.batchType = BatchNaming.type(request.filter)
        if !request.dryRun {
            try await self.commit(detection, request, scope: scope, started: started)
            detection.report.runID = try await self.journal.lastRun()?.id
        }
        detection.report.durationMilliseconds = self.time.now() - started
        return detection.report
    }

    // MARK: Reading and matching

    private func read(_ detection: inout Detection) async throws {
        while true {
            let readings = try await self.source.next(Self.portion)
            guard !readings.isEmpty else { return }
            var rows: [RowIdentity] = []
            rows.reserveCapacity(readings.count)
            for reading in readings { rows.append(detection.identity(of: reading, fieldMap: self.fieldMap)) }
            let ledger = try await self.journal.ledger(uuids: rows.compactMap(\.recordUUID), keys: [])
            try detection.take(rows, readings: readings, ledger: ledger, fieldMap: self.fieldMap)
            self.progress(detection.report.read)
        }
    }

    private func resolve(_ detection: inout Detection) async throws {
        let keys = detection.matcher.pendingKeys
        for start in stride(from: 0, to: keys.count, by: Self.portion) {
            let part = Array(keys[start..<min(start + Self.portion, keys.count)])
            let ledger = try await self.journal.ledger(uuids: [], keys: part)
            detection.resolve(part, ledger: ledger)
        }
    }

    /// Takes note of the known orders of the scope that are in no row.
    ///
    /// Only what a whole read has shown counts: a source that was being loaded meanwhile tells of no gone orders, and an order
    /// that has left the scope, as one whose purchase order was corrected, is looked for outside of it.
    private func findGone(
        _ detection: inout Detection,
        _ filter: SourceFilter,
        scope: LedgerScope,
        plan: SourcePlan
    ) async throws {
        var missing: [LedgerIdentity] = []
        var after: Int64? = 0
        while let place = after {
            let page = try await self.journal.ledger(in: scope, after: place, limit: 1_000)
            detection.known += page.identities.count
            missing += page.identities.filter { !detection.matcher.isClaimed($0.orderKey) }
            after = page.next
        }
        guard !missing.isEmpty else { return }
        do {
            guard try await self.source.count(filter, fieldMap: self.fieldMap) == detection.report.read else {
                detection.report.complete = false
                await self.source.close()
                return
            }
            if !filter.isEmpty {
                for start in stride(from: 0, to: missing.count, by: Self.lookUpPortion) {
                    let part = missing[start..<min(start + Self.lookUpPortion, missing.count)]
                    try await self.lookElsewhere(for: part, &detection, plan: plan)
                }
            }
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
        for order in missing where !detection.matcher.isClaimed(order.orderKey) { detection.gone(order) }
    }

    private func lookElsewhere(
        for part: ArraySlice<LedgerIdentity>,
        _ detection: inout Detection,
        plan: SourcePlan
    ) async throws {
        let missing = Dictionary(part.map { ($0.orderKey, $0) }) { first, _ in first }
        let numbers = SourceFilter(orderNumbers: Set(part.map(\.orderNumber)).sorted())
        try await self.source.open(plan: plan, fieldMap: self.fieldMap, filter: numbers)
        while true {
            let readings = try await self.source.next(Self.portion)
            guard !readings.isEmpty else { return }
            try await detection.takeElsewhere(readings, missing: missing, fieldMap: self.fieldMap) {
                try await self.journal.ledger(uuids: $0, keys: $1)
            }
        }
    }

    // MARK: Refusals

    private func refuseNothing(_ detection: Detection, _ request: Request) throws {
        guard detection.report.read == 0, detection.known == 0, !request.filter.isEmpty else { return }
        let filter = request.filter
        throw EnqueueError.nothingMatches(
            [
                ("customer", filter.customers), ("PO", filter.purchaseOrders), ("AAG season", filter.aagSeasons),
                ("customer season", filter.customerSeasons),
            ]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) \($0.1.map { "\"\($0)\"" }.joined(separator: " or "))" }
        )
    }

    private func refuseMapChange(_ detection: Detection, _ request: Request) async throws {
        guard !request.acceptMapChange, !request.dryRun, let last = try await self.journal.lastRun(),
            last.fieldMapDigest != self.fieldMap.digest
        else { return }
        let known = detection.report.changed + detection.report.unchanged
        guard Double(detection.report.changed) > Double(known) * Self.acceptedMapChange else { return }
        throw EnqueueError.fieldMapChanged(changed: detection.report.changed, known: known)
    }

    // MARK: Writing

    private func commit(
        _ detection: Detection,
        _ request: Request,
        scope: LedgerScope,
        started: Int64
    ) async throws {
        let run = RunRecord(
            startedAt: started,
            who: request.who,
            host: request.host,
            batchName: detection.report.batchName,
            batchType: detection.report.batchType,
            scope: request.filter.words,
            fieldMapDigest: self.fieldMap.digest,
            isComplete: detection.report.complete
        )
        let outcome = try detection.sealed()
        try await self.journal.withEnqueueTransaction(run: run, now: self.time.now()) { transaction in
            try outcome.write(to: transaction, scope: scope)
        }
    }
}

extension SourceFilter {
    /// The filter in words, for people.
    package var words: String {
        guard !self.isEmpty else { return "all orders" }
        let parts = [
            ("customer", self.customers), ("PO", self.purchaseOrders), ("AAG season", self.aagSeasons),
            ("customer season", self.customerSeasons),
        ]
        return parts.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
    }
}
