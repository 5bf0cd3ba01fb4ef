package import FoundationEssentials
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
        /// What comes of orders that left the source.
        package var gone = GoneRule()
        /// Whether the source holds every order of the scope, so that gone ones can be told.
        package var isComplete = true
        /// Where every rejected cell is listed; nil for nowhere.
        package var rejects: URL?
        package var who: String
        package var host: String

        package init(filter: SourceFilter, who: String, host: String) {
            self.filter = filter
            self.who = who
            self.host = host
        }
    }

    /// What a run looks at.
    struct Target {
        let filter: SourceFilter
        let scope: LedgerScope
        let plan: SourcePlan
    }

    let source: any RowSource
    let journal: Journal
    let fieldMap: FieldMap
    let time: TimeSource
    let progress: @Sendable (_ read: Int) -> Void
    /// Asked before new orders are written, unless there are none; what it throws ends the run.
    package var mayCreate: @Sendable () async throws -> Void = {}

    /// A changed field map that touches more of the known orders than this is asked about first.
    private static let acceptedMapChange = 0.2

    package init(
        source: any RowSource,
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
        var detection = Detection(
            spool: try Spool(),
            fieldMap: self.fieldMap,
            fieldMapNumber: try await self.journal.fieldMap(self.fieldMap.digest)
        )
        let target = Target(
            filter: request.filter,
            scope: LedgerScope(request.filter),
            plan: try self.fieldMap.plan(for: try await self.source.layout())
        )
        try await self.read(&detection, request.filter, plan: target.plan)
        try await self.match(&detection, target)
        for match in detection.matcher.finish() { detection.apply(match) }
        if self.source.mayChange { try await self.refuseTornRead(detection, target) }

        detection.report.complete = request.isComplete
        if request.isComplete, request.limit == nil {
            var rule = request.gone
            // A dry run is how one looks at what a real one refuses.
            if request.dryRun { rule.isLimitLifted = true }
            try await self.findGone(&detection, target, rule: rule, now: started)
        }
        detection.limit(to: request.limit)
        try await self.refuseNothing(detection, target)
        try self.refuseMapChange(detection, request)

        if detection.report.new > 0 { try await self.mayCreate() }

        detection.report.dryRun = request.dryRun
        detection.report.batchName = BatchNaming.name(request.filter)
        detection.report.batchType = BatchNaming.type(request.filter)
        if let file = request.rejects { try detection.writeRejects(to: file) }
        if request.dryRun {
            detection.report.changes = try await self.changes(detection)
        } else {
            try await self.commit(detection, request, scope: target.scope, started: started)
            detection.report.runID = try await self.journal.lastRun()?.id
        }
        detection.report.durationMilliseconds = self.time.now() - started
        return detection.report
    }

    // MARK: Refusals

    private func refuseNothing(_ detection: Detection, _ target: Target) async throws {
        guard detection.report.read == 0, !target.filter.isEmpty else { return }
        guard try await self.journal.ledger(in: target.scope, besides: PlaceSet()).known == 0 else { return }
        let filter = target.filter
        throw EnqueueError.nothingMatches(
            [
                ("customer", filter.customers), ("PO", filter.purchaseOrders), ("AAG season", filter.aagSeasons),
                ("customer season", filter.customerSeasons),
            ]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) \($0.1.map { "\"\($0)\"" }.joined(separator: " or "))" }
        )
    }

    /// Refuses a field map that changes many orders of this run when they are first read by it.
    private func refuseMapChange(_ detection: Detection, _ request: Request) throws {
        guard !request.acceptMapChange, !request.dryRun else { return }
        let changed = detection.report.changedByFieldMap
        let known = detection.report.changed + detection.report.unchanged
        guard Double(changed) > Double(known) * Self.acceptedMapChange else { return }
        throw EnqueueError.fieldMapChanged(changed: changed, known: known)
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

extension LedgerScope {
    fileprivate init(_ filter: SourceFilter) {
        self.init(
            sourceCustomers: filter.customers,
            poNumbers: filter.purchaseOrders,
            aagSeasons: filter.aagSeasons,
            customerSeasons: filter.customerSeasons
        )
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
