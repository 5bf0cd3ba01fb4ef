package import Journal
package import Monday
package import Orders
package import Warehouse

/// Restores a ledger that was lost, rolled back or copied from what stands on the board and in production.
///
/// The journal is open and held as by the daemon, so that nothing else is sent meanwhile.
package struct LedgerRebuild: Sendable {
    private let journal: Journal
    private let warehouse: Warehouse
    private let client: MondayClient
    private let fieldMap: FieldMap
    private let board: Int64
    private let keyColumn: String
    private let timing: EffectTiming
    private let time: TimeSource
    private let progress: @Sendable (RunProgress) -> Void

    /// Items a page: Monday's own limit.
    private static let page = 500
    /// Parents whose subitems are read by one task, and how many tasks read at once.
    private static let (parents, readers) = (100, 4)

    package init(
        journal: Journal,
        warehouse: Warehouse,
        client: MondayClient,
        fieldMap: FieldMap,
        board: Int64,
        keyColumn: String,
        timing: EffectTiming,
        time: TimeSource = .system,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) {
        self.journal = journal
        self.warehouse = warehouse
        self.client = client
        self.fieldMap = fieldMap
        self.board = board
        self.keyColumn = keyColumn
        self.timing = timing
        self.time = time
        self.progress = progress
    }

    /// Looks, and unless it is a dry run writes the ledger and names this journal in the warehouse.
    ///
    /// In that order: killed in between, the journal stays refused, and the next rebuild does it all again.
    package func run(dryRun: Bool) async throws -> RebuildReport {
        let started = self.time.now()
        if !dryRun { try await self.waitForStragglers(started) }
        let board = try await self.patiently { try await self.client.board(self.board) }
        let problems = BoardFit.problems(board: board, fieldMap: self.fieldMap, keyColumn: self.keyColumn)
        guard problems.isEmpty else {
            throw Failure(.systemic, code: BoardState.misfit, message: problems.joined(separator: "; "))
        }
        let known = try await self.warehouse.knownOrders(board: self.board)
        var picture = LedgerPicture(
            items: try await self.items(of: board.itemsCount),
            known: known,
            fieldMap: self.fieldMap
        )
        let named = picture.named
        if !named.isEmpty {
            let items = try await self.patiently { try await self.client.items(named, keyColumn: self.keyColumn) }
            picture.take(named: items, board: self.board)
        }
        let subitems = try await self.subitems(of: picture.parents)
        let kept = try await self.warehouse.knownSubitems(of: picture.offBoard)
        let orders = picture.orders(subitems: subitems, kept: kept)

        var report = RebuildReport()
        report.dryRun = dryRun
        report.board = self.board
        report.take(picture, orders)
        if !dryRun {
            self.progress(RunProgress(phase: "writing", done: 0, total: orders.count))
            let groups = Dictionary(
                board.groups.filter { !$0.archived && !$0.deleted }.map { ($0.title, $0.id) }
            ) { first, _ in first }
            let result = try await self.journal.restoreLedger(
                orders,
                groups: groups,
                board: self.board,
                now: self.time.now()
            )
            report.take(result)
            try await self.takeBoard()
        }
        report.durationMilliseconds = self.time.now() - started
        return report
    }

    /// Names this journal in the warehouse; it has no token to show before its next start.
    private func takeBoard() async throws {
        let numbers = try await self.journal.guardNumbers()
        try await self.warehouse.claim(
            .takingOver(
                GuardRow(
                    board: self.board,
                    journalID: numbers.journalID,
                    epoch: numbers.epoch,
                    lastEffect: numbers.lastEffect
                )
            )
        )
    }

    /// Monday.com may still be at work on what was sent last, by this journal or by the one that is lost.
    private func waitForStragglers(_ started: Int64) async throws {
        let end = self.timing.lookUpTime(sentAt: started)
        while self.time.now() < end {
            let seconds = Int((end - self.time.now()) / 1000)
            self.progress(RunProgress(phase: "waiting, since the board may still change: seconds left", done: seconds))
            try await self.time.sleep(min(1_000, max(1, end - self.time.now())))
        }
    }

    // MARK: Reading

    private func items(of count: Int?) async throws -> [BoardItem] {
        let columns = LedgerPicture.columns(self.fieldMap)
        var page = try await self.patiently {
            try await self.client.page(of: self.board, keyColumn: self.keyColumn, columns: columns, limit: Self.page)
        }
        var items = page.items
        while let cursor = page.cursor {
            self.progress(RunProgress(phase: "items", done: items.count, total: count))
            page = try await self.patiently {
                try await self.client.page(
                    after: cursor,
                    keyColumn: self.keyColumn,
                    columns: columns,
                    limit: Self.page
                )
            }
            items += page.items
        }
        return items
    }

    private func subitems(of parents: [Int64]) async throws -> [Int64: [LedgerSubitem]] {
        let parts = stride(from: 0, to: parents.count, by: Self.parents).map {
            Array(parents[$0..<min($0 + Self.parents, parents.count)])
        }
        return try await withThrowingTaskGroup(of: [Int64: [BoardSubitem]].self) { tasks in
            var found: [Int64: [LedgerSubitem]] = [:]
            var (next, done) = (0, 0)
            while done < parts.count {
                while next < parts.count, next - done < Self.readers {
                    let part = parts[next]
                    next += 1
                    tasks.addTask { try await self.read(subitemsOf: part) }
                }
                guard let read = try await tasks.next() else { break }
                done += 1
                for (parent, subitems) in read { found[parent] = LedgerSubitem.known(subitems) }
                self.progress(RunProgress(phase: "subitems", done: found.count, total: parents.count))
            }
            return found
        }
    }

    private func read(subitemsOf parents: [Int64]) async throws -> [Int64: [BoardSubitem]] {
        let map = self.fieldMap.subitem
        return try await self.patiently {
            try await self.client.subitems(
                of: parents,
                sizeColumn: map.sizeColumn,
                quantityColumn: map.quantityColumn
            )
        }
    }

    /// Reads again what failed in passing: a board of many thousand items takes hundreds of requests.
    private func patiently<T: Sendable>(_ read: () async throws -> T) async throws -> T {
        let policy = RetryPolicy()
        var errors = 0
        while true {
            do {
                return try await read()
            } catch let failure as Failure where failure.class == .transient || failure.class == .throttled {
                let now = self.time.now()
                let wait: Int64
                switch policy.decision(after: failure, errors: errors, now: now, jitter: self.time.random()) {
                case .retry(let at), .wait(let at): wait = at - now
                case .dead, .inDoubt: throw failure
                }
                errors += 1
                guard errors < policy.attempts else { throw failure }
                try await self.time.sleep(wait)
            }
        }
    }
}

extension RebuildReport {
    fileprivate mutating func take(_ picture: LedgerPicture, _ orders: [RestoredOrder]) {
        self.inBoth = picture.count(onBoard: true, inProduction: true)
        self.onlyBoard = picture.count(onBoard: true, inProduction: false)
        self.onlyProduction = picture.count(onBoard: false, inProduction: true)
        self.withoutKey = picture.withoutKey
        let twins = orders.compactMap { order in
            order.item.flatMap { item in
                item.others.isEmpty
                    ? nil
                    : Duplicate(orderKey: order.orderKey.description, item: item.id, others: item.others)
            }
        }
        self.duplicateKeys = twins.count
        self.duplicates = Array(twins.prefix(Self.listLimit))
        self.subitems = orders.reduce(0) { $0 + ($1.item?.subitems.count ?? 0) }
        self.unidentified = orders.count { $0.keyDigest == nil }
        self.toBeWritten = orders.count { $0.fingerprint == nil && $0.retired == nil }
    }

    fileprivate mutating func take(_ result: LedgerRestoration) {
        self.journalID = result.journalID
        self.ledgerBefore = result.before
        self.ledgerAfter = result.after
        self.jobsDropped = result.dropped
        self.effectsSettled = result.settled
    }
}
