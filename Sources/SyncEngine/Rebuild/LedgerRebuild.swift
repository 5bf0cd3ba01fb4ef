import Journal
import Monday
import Orders
import Warehouse

/// Restores a ledger that was lost, rolled back or copied from what stands on the board and in production.
///
/// The journal is open and held as by the daemon, so that nothing else is sent meanwhile.
package struct LedgerRebuild: Sendable {
    private let whole: WholeBoard

    /// - Parameter whole: With a key column; its timing says how long what was sent last may still change the board.
    package init(_ whole: WholeBoard) {
        self.whole = whole
    }

    /// Looks, and unless it is a dry run writes the ledger and names this journal in the warehouse.
    ///
    /// In that order: killed in between, the journal stays refused, and the next rebuild does it all again.
    package func run(dryRun: Bool) async throws -> RebuildReport {
        let started = self.whole.time.now()
        if !dryRun { try await self.waitForStragglers(started) }
        let board = try await self.whole.board()
        let known = try await self.whole.warehouse.knownOrders(board: board.id)
        var picture = LedgerPicture(
            items: try await self.whole.items(of: board, columns: LedgerPicture.columns(self.whole.fieldMap)),
            known: known,
            fieldMap: self.whole.fieldMap
        )
        let named = picture.named
        if !named.isEmpty {
            let items = try await self.whole.patiently {
                try await self.whole.client.items(named, keyColumn: self.whole.settings.keyColumn)
            }
            picture.take(named: items, board: board.id)
        }
        let subitems = try await self.whole.subitems(throughItems: picture.parents).mapValues(LedgerSubitem.known)
        let kept = try await self.whole.warehouse.knownSubitems(of: picture.offBoard)
        let orders = picture.orders(subitems: subitems, kept: kept)

        var report = RebuildReport()
        report.dryRun = dryRun
        report.board = board.id
        report.take(picture, orders)
        if !dryRun {
            self.whole.progress(RunProgress(phase: "writing", done: 0, total: orders.count))
            let groups = Dictionary(
                board.groups.filter { !$0.archived && !$0.deleted }.map { ($0.title, $0.id) }
            ) { first, _ in first }
            let result = try await self.whole.journal.restoreLedger(
                orders,
                groups: groups,
                board: board.id,
                now: self.whole.time.now()
            )
            report.take(result)
            try await self.take(board.id)
        }
        report.durationMilliseconds = self.whole.time.now() - started
        return report
    }

    /// Names this journal in the warehouse; it has no token to show before its next start.
    private func take(_ board: Int64) async throws {
        let numbers = try await self.whole.journal.guardNumbers()
        try await self.whole.warehouse.claim(
            .takingOver(
                GuardRow(
                    board: board,
                    journalID: numbers.journalID,
                    epoch: numbers.epoch,
                    lastEffect: numbers.lastEffect
                )
            )
        )
    }

    /// Monday.com may still be at work on what was sent last, by this journal or by the one that is lost.
    private func waitForStragglers(_ started: Int64) async throws {
        let end = self.whole.settings.timing.lookUpTime(sentAt: started)
        while self.whole.time.now() < end {
            let seconds = Int((end - self.whole.time.now()) / 1000)
            self.whole.progress(
                RunProgress(phase: "waiting, since the board may still change: seconds left", done: seconds)
            )
            try await self.whole.time.sleep(min(1_000, max(1, end - self.whole.time.now())))
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
