import Journal
import Logging
import Monday
import Orders
import Warehouse

/// What is done beside the batches: error rows, interrupted batches, the journal's checkpoint, pruning.
final actor Housekeeping {
    private let engine: EngineContext
    private var lastCleanup: Int64 = 0
    private var toldVersion: String?

    private static let cleanupInterval: Int64 = 3_600_000

    init(engine: EngineContext) {
        self.engine = engine
    }

    /// Does what is due; a warehouse that is down is left alone while the lane is paused.
    func run(lane: LanePause) async throws {
        let now = self.engine.time.now()
        if !lane.isActive(now: now) { await self.writeBacklog() }
        try await self.engine.journal.tendLog(now: now)
        self.tellForeignVersion()
        guard now - self.lastCleanup >= Self.cleanupInterval, !lane.isActive(now: now) else { return }
        self.lastCleanup = now
        let retention = self.engine.settings.retention
        while try await self.engine.journal.prune(finishedBefore: now - retention.done) > 0 {}
        do {
            _ = try await self.engine.warehouse.cleanup(
                staging: retention.staging,
                errors: retention.errors,
                batches: retention.batches,
                now: now
            )
        } catch {
            self.engine.log.warning("the warehouse was not cleaned up", metadata: ["error": "\(error)"])
        }
    }

    /// Says once that Monday.com answers with another version of its API than the one asked for.
    private func tellForeignVersion() {
        guard let version = self.engine.client.foreignVersion, version != self.toldVersion else { return }
        self.toldVersion = version
        self.engine.log.warning(
            "Monday.com answers with another API version than the one asked for: look for a newer ordersync",
            metadata: ["api.asked": "\(MondayClient.apiVersion)", "api.answered": "\(version)"]
        )
    }

    /// The last round before the process ends.
    func finish() async throws {
        await self.writeBacklog()
        _ = try await self.engine.journal.checkpoint()
    }

    /// Writes to the warehouse what the journal kept for it: error rows, resolutions, ends of batches.
    private func writeBacklog() async {
        do {
            try await self.writeErrors()
            try await self.writeBatchEnds()
        } catch {
            self.engine.log.warning(
                "error rows wait in the journal for the warehouse",
                metadata: ["error": "\(error)"]
            )
        }
    }

    private func writeErrors() async throws {
        while true {
            let errors = try await self.engine.journal.pendingErrors(limit: Self.portion)
            guard !errors.isEmpty else { return }
            let rows = errors.filter { !$0.isWritten }.map { ErrorRow($0, fieldMap: self.engine.fieldMap) }
            try await self.write(rows[...])
            for error in errors {
                guard let resolution = error.resolution else { continue }
                try await self.engine.warehouse.resolveErrors(
                    errorKeys: [error.key],
                    by: resolution.by,
                    at: resolution.at
                )
            }
            try await self.engine.journal.errorsWritten(errors, now: self.engine.time.now())
        }
    }

    /// Writes error rows; one that the warehouse refuses for what it holds does not keep the others from being written.
    private func write(_ rows: ArraySlice<ErrorRow>) async throws {
        guard let first = rows.first else { return }
        do {
            return try await self.engine.warehouse.writeErrors(Array(rows))
        } catch {
            guard error.class == .permanent else { throw error }
            if rows.count == 1 { return self.noteRefused(first, error) }
        }
        let middle = rows.startIndex + rows.count / 2
        try await self.write(rows[..<middle])
        try await self.write(rows[middle...])
    }

    private func noteRefused(_ row: ErrorRow, _ failure: Failure) {
        self.engine.log.error(
            "the warehouse refuses an error row: the failure stands in the journal only",
            metadata: ["error.key": "\(row.errorKey)", "error": "\(failure)"]
        )
    }

    private func writeBatchEnds() async throws {
        while true {
            let batches = try await self.engine.journal.pendingBatches(limit: Self.portion)
            guard !batches.isEmpty else { return }
            for batch in batches {
                try await self.engine.warehouse.openBatch(
                    BatchOpening(
                        id: batch.close.batchID,
                        customerName: batch.name,
                        type: batch.type,
                        startTime: batch.openedAt,
                        totalRecords: batch.orders,
                        startedBy: self.engine.settings.actor
                    )
                )
                try await self.engine.warehouse.closeBatch(
                    BatchClosing(batch.close, total: batch.orders, at: batch.closedAt)
                )
            }
            try await self.engine.journal.batchesReported(batches.map { $0.close.batchID }, now: self.engine.time.now())
        }
    }

    private static let portion = 200
}
