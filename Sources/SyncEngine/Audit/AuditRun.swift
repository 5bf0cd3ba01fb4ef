package import Journal
package import Monday
package import Orders
package import Warehouse

/// Reads board, ledger and production tables, and compares them; may run beside the daemon.
package struct AuditRun: Sendable {
    private let journal: Journal
    private let warehouse: Warehouse
    private let client: MondayClient
    private let fieldMap: FieldMap
    private let settings: SyncSettings
    private let isShared: Bool
    private let time: TimeSource
    private let progress: @Sendable (RunProgress) -> Void

    /// Orders that are read from the journal at once.
    private static let portion = 2_000

    package init(
        journal: Journal,
        warehouse: Warehouse,
        client: MondayClient,
        fieldMap: FieldMap,
        settings: SyncSettings,
        isShared: Bool,
        time: TimeSource = .system,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) {
        self.journal = journal
        self.warehouse = warehouse
        self.client = client
        self.fieldMap = fieldMap
        self.settings = settings
        self.isShared = isShared
        self.time = time
        self.progress = progress
    }

    /// Compares everything; changes nothing.
    package func run() async throws -> (report: AuditReport, repairs: [OrderKey: JobKind?]) {
        let started = self.time.now()
        let reading = BoardReading(
            client: self.client,
            fieldMap: self.fieldMap,
            keyColumn: self.settings.keyColumn,
            time: self.time,
            progress: self.progress
        )
        let board = try await reading.patiently { try await self.client.board(self.settings.board) }
        let problems = BoardFit.problems(board: board, fieldMap: self.fieldMap, keyColumn: self.settings.keyColumn)
        guard problems.isEmpty else {
            throw Failure(.systemic, code: BoardState.misfit, message: problems.joined(separator: "; "))
        }
        let before = try await self.records()
        var contents = BoardAudit.Contents()
        contents.items = try await reading.items(of: board.id, columns: self.columns, total: board.itemsCount)
        contents.groups = Dictionary(board.groups.map { ($0.id, $0.title) }) { first, _ in first }
        contents.subitems = try await reading.subitems(
            of: contents.items.map(\.id),
            board: self.settings.subitemBoard ?? board.subitemBoard,
            expected: before.reduce(0) { $0 + $1.subitems.count }
        )
        let production = try await self.warehouse.production(board: board.id)
        // What changed while it was read is nobody's mistake.
        let ledger = Self.settled(before, try await self.records(), by: started - self.settings.timing.searchLag)
        let audit = BoardAudit(
            fieldMap: self.fieldMap,
            keyColumn: self.settings.keyColumn,
            isShared: self.isShared
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
        report.durationMilliseconds = self.time.now() - started
        let broken = Set(findings.filter(\.isRepairable).compactMap { $0.orderKey.flatMap { OrderKey($0) } })
        let kinds = ledger.filter { broken.contains($0.orderKey) }.map { ($0.orderKey, $0.retired) }
        return (report, Dictionary(kinds) { first, _ in first })
    }

    /// Enqueues the orders that a repair may put right, each to be compared with the board once more before it is written.
    ///
    /// - Returns: How many were enqueued: not those that have got a job meanwhile.
    package func repair(_ orders: [OrderKey: JobKind?], who: String, host: String) async throws -> Int {
        let now = self.time.now()
        let run = RunRecord(
            startedAt: now,
            who: who,
            host: host,
            batchName: "AUDIT_REPAIR",
            batchType: "REPAIR",
            scope: "what an audit found",
            // A repair reads no source, so it says nothing of the map that the last run read it by.
            fieldMapDigest: try await self.journal.lastRun()?.fieldMapDigest ?? self.fieldMap.digest,
            isComplete: false
        )
        let keys = orders.keys.sorted { $0.description < $1.description }
        return try await self.journal.withEnqueueTransaction(run: run, now: now) { transaction in
            try keys.count { try transaction.repair($0) != nil }
        }
    }

    /// The columns that are compared: those that people may not change for good.
    private var columns: [String] {
        self.fieldMap.fields.filter { $0.onBoard == .overwrite }.compactMap(\.mondayColumn)
    }

    private func records() async throws -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        var after: Int64? = 0
        while let place = after {
            let part = try await self.journal.records(after: place, limit: Self.portion)
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
