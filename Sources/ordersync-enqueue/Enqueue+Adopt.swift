import ArgumentParser
import Foundation
import Journal
import Logging
import Orders
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine
import Systemd
import Warehouse

extension Enqueue {
    /// Refuses what makes no sense beside `--adopt`.
    func checkAdopt() throws {
        guard !self.rebuildLedger, self.limit == nil, !self.acceptMapChange else {
            throw ValidationError("--adopt goes with the filters, --all, --dry-run, --json and --strict only")
        }
    }

    /// Takes over items that stood on the board before ordersync, and tells what was found.
    func adopt() async throws {
        let configuration = try self.options.load(for: .daemon)
        guard configuration.monday.externalKeyColumn != nil else {
            let problem = "missing: the key of an order is written there; see ordersyncd check"
            throw ConfigurationError(
                mistakes: [ConfigurationMistake(key: "monday.external_key_column", origin: nil, problem: problem)]
            )
        }
        var report: AdoptReport
        if self.dryRun {
            report = try await self.adopt(configuration, role: .enqueue)
        } else {
            do {
                report = try await self.adopt(configuration, role: .daemon)
            } catch let error as JournalError where error.code == .heldByAnotherDaemon {
                // The daemon that is running writes the keys.
                report = try await self.adopt(configuration, role: .enqueue)
                report.done = 0
                report.left = report.adopted
                WakeSocket.wake(path: Wiring.wakePath(configuration))
            }
        }
        if self.json {
            print(try JSONOutput.text(report))
        } else if !self.quiet {
            Terminal.say(report.lines(width: Terminal.outputWidth))
        }
        try Reporting.exit(self.strict && report.ambiguous + report.rejected > 0 ? .workFailed : .success)
    }

    private func adopt(_ configuration: Configuration, role: Journal.Role) async throws -> AdoptReport {
        let parts = try EngineParts(configuration)
        return try await DryJournal.with(configuration, isDry: self.dryRun, role: role) { journal in
            let lock = try await journal.runLock(waiting: Duration(spelled: self.wait) ?? .zero)
            try await self.refuseForeign(journal, configuration, parts.fieldMap)
            let progress = self.progressLine
            defer { progress.clear() }
            return try await Wiring.withMonday(configuration) { monday in
                let run = AdoptRun(
                    source: try Wiring.source(configuration),
                    parts.wholeBoard(journal, monday, progress)
                )
                var report = try await run.run(
                    filter: self.filters.filter,
                    dryRun: self.dryRun,
                    who: Person.name,
                    host: Person.host
                )
                withExtendedLifetime(lock) {}
                if role == .daemon, report.adopted > 0 {
                    progress.show(RunProgress(phase: "writing keys", done: 0, total: report.adopted))
                    let silent = Logger(label: "ordersync-enqueue") { _ in SwiftLogNoOpLogHandler() }
                    let service = parts.service(journal, monday, log: silent)
                    let outcome = try await service.run(.drain(longest: Self.longestAdoption))
                    report.done = outcome.done
                    report.left = max(0, report.adopted - outcome.done)
                } else if !self.dryRun {
                    report.done = 0
                    report.left = report.adopted
                }
                return report
            }
        }
    }

    /// How long keys are written before the rest is left to the daemon, in milliseconds.
    private static let longestAdoption: Int64 = 4 * 3_600_000

    /// Refuses to make items beside others that nobody explains: they may be the very orders that would be made.
    ///
    /// The board that can't be asked is no reason to refuse: the daemon asks it before it makes anything.
    func refuseUnexplained(_ configuration: Configuration, _ fieldMap: FieldMap, _ journal: Journal) async throws {
        guard !configuration.monday.isShared, let keyColumn = configuration.monday.externalKeyColumn,
            let board = configuration.monday.board, configuration.monday.token != nil
        else { return }
        let unexplained: UnexplainedItems
        do {
            unexplained = try await Wiring.withMonday(configuration) { monday in
                try await UnexplainedItems.find(
                    client: monday.client,
                    board: board,
                    keyColumn: keyColumn,
                    journal: journal
                )
            }
        } catch let failure as Failure {
            Terminal.complain("warning: whether the board holds items without a key can't be told now: \(failure)\n")
            return
        }
        guard let refusal = unexplained.refusal else { return }
        guard self.dryRun else { throw refusal }
        Terminal.complain("warning: \(refusal)\n")
    }
}
