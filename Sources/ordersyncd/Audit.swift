import ArgumentParser
import Foundation
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine
import Systemd

/// Compares the board with the ledger and the production tables.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the board with the ledger and the production tables.",
        usage: "ordersyncd audit [--repair] [<options>]",
        discussion: """
            Reads the whole board in pages of 500 and tells what is missing, extra, duplicate, drifted (expected and found), in \
            the wrong group, or wrong in its sizes; and what production says otherwise. Orders in work are passed over. Runs \
            beside the daemon, by hand or from a timer.

            With --repair, orders that can be put right are queued: the daemon reads each once more and writes what differs \
            in the columns that the field map says to overwrite; an item or size that is gone is made anew. Items that are \
            extra, duplicate or unexplained are left to a person.

            EXAMPLES
              ordersyncd audit
              ordersyncd audit --json | jq '.findings[] | select(.kind == "column")'
              ordersyncd audit --repair && ordersyncd drain

            EXIT STATUS
               0  all agree
               1  something differs, or was queued to be repaired
            """
    )

    @Flag(name: .long, help: "Queue what brings the board back.")
    var repair = false

    @Flag(name: .long, help: "Print the findings as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            let configuration = try self.options.load(for: .daemon)
            let report = try await self.report(configuration)
            if report.repairs ?? 0 > 0 { WakeSocket.wake(path: Wiring.wakePath(configuration)) }
            if self.json {
                Terminal.say([try JSONOutput.text(report)])
            } else {
                Terminal.say(report.lines(width: Terminal.outputWidth))
            }
            try Reporting.exit(report.isClean ? .success : .workFailed)
        }
    }

    private func report(_ configuration: Configuration) async throws -> AuditReport {
        let parts = try EngineParts(configuration)
        let progress = ProgressLine()
        defer { progress.clear() }
        return try await Wiring.withJournal(configuration, role: self.repair ? .enqueue : .reader) { journal in
            try await Wiring.withMonday(configuration) { monday in
                let audit = AuditRun(parts.wholeBoard(journal, monday, progress))
                var (report, repairs) = try await audit.run()
                if self.repair {
                    // No run may judge an order by what is about to change under it.
                    let lock = try await journal.runLock(waiting: .seconds(300))
                    report.repairs =
                        repairs.isEmpty ? 0 : try await audit.repair(repairs, who: Person.name, host: Person.host)
                    withExtendedLifetime(lock) {}
                }
                return report
            }
        }
    }
}
