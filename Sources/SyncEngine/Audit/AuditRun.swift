package import Journal
import Monday
package import Orders
import Warehouse

/// Reads board, ledger and production tables, and compares them; may run beside the daemon.
package struct AuditRun: Sendable {
    private let whole: WholeBoard

    /// Orders that are read from the journal at once.
    private static let portion = 2_000

    package init(_ whole: WholeBoard) {
        self.whole = whole
    }

    /// Compares everything; changes nothing.
    package func run() async throws -> (report: AuditReport, repairs: [OrderKey: JobKind?]) {
        let started = self.whole.time.now()
        let board = try await self.whole.board()
        let before = try await self.records()
        var contents = BoardAudit.Contents()
        contents.items = try await self.whole.items(of: board, columns: self.columns)
        contents.groups = Dictionary(board.groups.map { ($0.id, $0.title) }) { first, _ in first }
        contents.subitems = try await self.whole.subitems(
            of: contents.items.map(\.id),
            on: board,
            expected: before.reduce(0) { $0 + $1.subitems.count }
        )
        let production = try await self.whole.warehouse.production(board: board.id)
        // What changed while it was read is nobody's mistake.
        let ledger = Self.settled(before, try await self.records(), by: started - self.whole.settings.timing.searchLag)
        let audit = BoardAudit(
            fieldMap: self.whole.fieldMap,
            keyColumn: self.whole.settings.keyColumn,
            isShared: self.whole.settings.isShared
        )
        let findings = audit.findings(ledger: ledger, contents: contents, production: production)

        var report = AuditReport()
        report.board = board.id
        report.inWork = ledger.count(where: \.isInWork)
        report.orders = ledger.count - report.inWork
        report.stopped = ledger.count(where: \.isStopped)
        report.items = contents.items.count
        report.subitems = contents.subitems.values.reduce(0) { $0 + $1.count }
        report.take(findings)
        report.durationMilliseconds = self.whole.time.now() - started
        let broken = Set(findings.filter(\.isRepairable).compactMap { $0.orderKey.flatMap { OrderKey($0) } })
        let kinds = ledger.filter { broken.contains($0.orderKey) }.map { ($0.orderKey, $0.retired) }
        return (report, Dictionary(kinds) { first, _ in first })
    }

    /// Enqueues the orders that a repair may put right, each to be compared with the board once more before it is written.
    ///
    /// - Returns: How many were enqueued: not those that have got a job meanwhile.
    package func repair(_ orders: [OrderKey: JobKind?], who: String, host: String) async throws -> Int {
        let now = self.whole.time.now()
        let run = RunRecord(
            startedAt: now,
            who: who,
            host: host,
            batchName: "AUDIT_REPAIR",
            batchType: "REPAIR",
            scope: "what an audit found",
            // A repair reads no source, so it says nothing of the map that the last run read it by.
            fieldMapDigest: try await self.whole.journal.lastRun()?.fieldMapDigest ?? self.whole.fieldMap.digest,
            isComplete: false
        )
        let keys = orders.keys.sorted { $0.description < $1.description }
        return try await self.whole.journal.withEnqueueTransaction(run: run, now: now) { transaction in
            try keys.count { try transaction.repair($0) != nil }
        }
    }

    /// The columns that are compared: those that people may not change for good.
    private var columns: [String] {
        self.whole.fieldMap.fields.filter { $0.onBoard == .overwrite }.compactMap(\.mondayColumn)
    }

    private func records() async throws -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        var after: Int64? = 0
        while let place = after {
            let part = try await self.whole.journal.records(after: place, limit: Self.portion)
            records += part.records
            after = part.next
        }
        return records
    }

    /// The orders as they stood all the while; those that changed, or that only just have, count as in work.
    static func settled(_ before: [LedgerRecord], _ after: [LedgerRecord], by time: Int64) -> [LedgerRecord] {
        let earlier = Dictionary(before.map { ($0.orderKey, $0) }) { first, _ in first }
        return after.map { record in
            guard earlier[record.orderKey] == record, record.syncedAt ?? 0 <= time else { return record.inWork }
            return record
        }
    }
}
