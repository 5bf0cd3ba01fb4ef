import FoundationEssentials
import Journal
import Monday
import Orders
package import Warehouse

/// Takes over items that stood on the board before ordersync, so that no order is made a second time.
///
/// Pairs are written to the ledger, each with a job; the daemon reads each item once more, writes the order's key and what
/// differs, and gives the item's row in production its key.
package struct AdoptRun: Sendable {
    private let source: OrderSource
    private let whole: WholeBoard

    private static let portion = 500

    package init(source: OrderSource, _ whole: WholeBoard) {
        self.source = source
        self.whole = whole
    }

    /// Looks, and unless it is a dry run writes the pairs to the journal, all at once.
    ///
    /// The journal is open and the run lock is held by the caller.
    package func run(filter: SourceFilter, dryRun: Bool, who: String, host: String) async throws -> AdoptReport {
        let started = self.whole.time.now()
        var report = AdoptReport()
        report.dryRun = dryRun
        let ledger = try await KnownToLedger(self.whole.journal)
        let orders = try await self.orders(filter, ledger, &report)
        let items = try await self.items(ledger)
        report.items = items.count
        let cutover = Cutover(orders: orders, items: items, fieldMap: self.whole.fieldMap)
        report.take(cutover, orders, items)
        if !dryRun, !cutover.pairs.isEmpty {
            report.runID = try await self.write(cutover, orders, items, ledger, filter, started, who: who, host: host)
        }
        report.durationMilliseconds = self.whole.time.now() - started
        return report
    }

    /// The rows of the source that have no item yet.
    private func orders(
        _ filter: SourceFilter,
        _ ledger: KnownToLedger,
        _ report: inout AdoptReport
    ) async throws -> [Order] {
        let plan = try self.whole.fieldMap.plan(for: try await self.source.layout())
        try await self.source.open(plan: plan, fieldMap: self.whole.fieldMap, filter: filter)
        var orders: [Order] = []
        do {
            while true {
                let readings = try await self.source.next(Self.portion)
                guard !readings.isEmpty else { break }
                report.read += readings.count
                self.whole.progress(RunProgress(phase: "reading", done: report.read))
                for reading in readings {
                    switch reading {
                    case .reject: report.rejected += 1
                    case .order(let order):
                        if ledger.mayAdopt(order) { orders.append(order) } else { report.known += 1 }
                    }
                }
            }
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
        return orders
    }

    /// The items without a key that the ledger does not explain.
    private func items(_ ledger: KnownToLedger) async throws -> [Cutover.Item] {
        let board = try await self.whole.board()
        let all = try await self.whole.items(
            of: board,
            columns: self.whole.fieldMap.fields.compactMap(\.mondayColumn)
        )
        let free = all.filter { $0.isActive && $0.key == nil && !ledger.items.contains($0.id) }
        guard !free.isEmpty else { return [] }
        let subitems = try await self.whole.subitems(
            of: free.map(\.id),
            on: board,
            expected: free.count
        )
        let rows = Dictionary(
            try await self.whole.warehouse.production(board: board.id).orders
                .compactMap { row in row.itemID.map { ($0, row) } }
        ) { first, _ in first }
        return free.sorted { $0.id < $1.id }.map { item in
            Cutover.Item(item: item, subitems: LedgerSubitem.known(subitems[item.id] ?? []), row: rows[item.id])
        }
    }

    private func write(
        _ cutover: Cutover,
        _ orders: [Order],
        _ items: [Cutover.Item],
        _ ledger: KnownToLedger,
        _ filter: SourceFilter,
        _ started: Int64,
        who: String,
        host: String
    ) async throws -> Int64? {
        let run = RunRecord(
            startedAt: started,
            who: who,
            host: host,
            batchName: "ADOPTED_ITEMS",
            batchType: "ADOPT",
            scope: "items on the board before ordersync; " + filter.words,
            fieldMapDigest: self.whole.fieldMap.digest,
            isComplete: false
        )
        try await self.whole.journal.withEnqueueTransaction(run: run, now: self.whole.time.now()) {
            [fieldMap = self.whole.fieldMap, board = self.whole.settings.board] transaction in
            // The numbers of orders with one business key go by their fingerprints, as those of a first run do.
            let pairs = cutover.pairs.map { pair in
                (pair, orders[pair.order], orders[pair.order].fingerprint(fieldMap).hexadecimal)
            }.sorted { $0.2 < $1.2 }
            for (pair, order, _) in pairs {
                let item = items[pair.item]
                try transaction.adopt(
                    order,
                    as: ledger.key(of: order),
                    fieldMap: fieldMap,
                    item: item.item.id,
                    board: board,
                    group: item.item.group,
                    subitems: item.subitems
                )
            }
        }
        return try await self.whole.journal.lastRun()?.id
    }
}

/// What the ledger knows of orders and items at the time of a cutover.
private struct KnownToLedger: Sendable {
    /// Items that are orders' own.
    private(set) var items: Set<Int64> = []
    /// By the uuid of the row that was seen last.
    private var orders: [UUID: LedgerRecord] = [:]
    private var keys: Set<Digest> = []

    init(_ journal: Journal) async throws {
        var after: Int64? = 0
        while let place = after {
            let part = try await journal.records(after: place, limit: 2_000)
            for record in part.records {
                if let item = record.itemID { self.items.insert(item) }
                if let uuid = record.recordUUID { self.orders[uuid] = record }
                self.keys.insert(record.keyDigest)
            }
            after = part.next
        }
    }

    /// Whether the row's order has no item yet, as far as can be told.
    ///
    /// A row under a new uuid whose business key is known is a matter for the next run, which matches it.
    func mayAdopt(_ order: Order) -> Bool {
        if let record = self.record(order) { return record.itemID == nil }
        return !self.keys.contains(order.businessKey.digest)
    }

    /// The key of an order that was enqueued before, and that no item was made for.
    func key(of order: Order) -> (key: OrderKey, occurrence: Int)? {
        self.record(order).map { ($0.orderKey, $0.occurrence) }
    }

    private func record(_ order: Order) -> LedgerRecord? { order.recordUUID.flatMap { self.orders[$0] } }
}

extension AdoptReport {
    fileprivate mutating func take(_ cutover: Cutover, _ orders: [Order], _ items: [Cutover.Item]) {
        self.adopted = cutover.pairs.count
        self.ambiguous = cutover.ties.reduce(0) { $0 + $1.orders.count }
        self.newOrders = cutover.newOrders.count
        self.unexplained = cutover.unexplained.count
        self.pairs = cutover.pairs.prefix(Self.listLimit).map { pair in
            Adopted(order: Name(orders[pair.order]), item: Item(items[pair.item]), differences: pair.differences)
        }
        self.ties = cutover.ties.prefix(Self.listLimit).map { tie in
            Tie(orders: tie.orders.map { Name(orders[$0]) }, items: tie.items.map { Item(items[$0]) })
        }
        self.unexplainedItems = cutover.unexplained.prefix(Self.listLimit).map { Item(items[$0]) }
    }
}

extension AdoptReport.Name {
    fileprivate init(_ order: Order) {
        self.init(
            orderNumber: order.businessKey.orderNumber,
            customer: order.customer,
            style: order.businessKey.style,
            colour: order.businessKey.colour,
            poNumber: order.poNumber
        )
    }
}

extension AdoptReport.Item {
    fileprivate init(_ item: Cutover.Item) {
        self.init(id: item.item.id, name: item.item.name)
    }
}
