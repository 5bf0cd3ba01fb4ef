import ArgumentParser
import Foundation
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine
import Warehouse

extension Enqueue {
    /// Refuses what makes no sense beside `--rebuild-ledger`.
    func checkRebuild() throws {
        guard self.filters.filter.isEmpty, !self.filters.all, self.limit == nil, !self.strict, !self.acceptMapChange
        else {
            throw ValidationError("--rebuild-ledger is about every order: take the other options away")
        }
    }

    /// Restores the ledger, and tells what was found.
    func rebuild() async throws {
        let configuration = try self.options.load(for: .daemon)
        guard configuration.monday.externalKeyColumn != nil else {
            let problem =
                "missing: without the orders' keys on the board the ledger can't be rebuilt; see ordersyncd check"
            throw ConfigurationError(
                mistakes: [ConfigurationMistake(key: "monday.external_key_column", origin: nil, problem: problem)]
            )
        }
        let parts = try EngineParts(configuration)
        // A daemon on another host would go on beside it.
        let boardLock = self.dryRun ? nil : parts.lock
        guard try await boardLock?.take() ?? true else { throw BoardLock.standby }
        // A dry run looks beside the daemon; a rebuild takes its place.
        let role: Journal.Role = self.dryRun ? .enqueue : .daemon
        let report = try await DryJournal.with(configuration, isDry: self.dryRun, role: role) { journal in
            let lock = try await journal.runLock(waiting: Duration(spelled: self.wait) ?? .zero)
            defer { withExtendedLifetime(lock) {} }
            let progress = self.progressLine
            defer { progress.clear() }
            return try await Wiring.withMonday(configuration) { monday in
                try await LedgerRebuild(parts.wholeBoard(journal, monday, progress)).run(dryRun: self.dryRun)
            }
        }
        await boardLock?.release()
        if self.json {
            print(try JSONOutput.text(report))
        } else if !self.quiet {
            Terminal.say(report.lines())
        }
    }
}
