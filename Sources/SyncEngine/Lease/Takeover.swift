import Journal
import Logging
import Orders

/// What a standby does when it has got the board: rebuilds its ledger from the production tables and the board, as the former
/// holder's journal is on another host.
struct Takeover: Sendable {
    let engine: EngineContext

    /// Verifies that the journal is the board's, and rebuilds the ledger when it is not and this program has just taken over.
    ///
    /// A program that finds another's board at its own start has to be told by a person: it may be there by mistake.
    func verify() async throws {
        do {
            try await self.engine.boardGuard.verify()
        } catch let failure as Failure where failure.isJournalRefusal && self.engine.lease.tookOver {
            guard self.engine.settings.keyColumn != nil else { throw failure }
            try await self.rebuild()
            try await self.engine.boardGuard.verify()
        }
    }

    private func rebuild() async throws {
        self.engine.log.notice("took the board over: rebuilds the ledger from production and the board")
        let lock: RunLock
        do {
            lock = try await self.engine.journal.runLock(waiting: .zero)
        } catch {
            throw Failure(.transient, code: "TAKEOVER_WAITS", message: "\(error)")
        }
        defer { withExtendedLifetime(lock) {} }
        var settings = self.engine.settings
        // The lease has waited for all that the former holder may have sent.
        settings.timing = EffectTiming(executionLimit: 0, searchLag: 0, margin: 0)
        let rebuild = LedgerRebuild(
            WholeBoard(
                journal: self.engine.journal,
                warehouse: self.engine.warehouse,
                client: self.engine.client,
                fieldMap: self.engine.fieldMap,
                settings: settings,
                time: self.engine.time
            )
        )
        let report = try await self.engine.stop.interrupting { try await rebuild.run(dryRun: false) }
        self.engine.groups.invalidate()
        self.engine.log.notice(
            "rebuilt the ledger",
            metadata: ["orders.both": "\(report.inBoth)", "orders.board": "\(report.onlyBoard)"]
        )
    }
}
