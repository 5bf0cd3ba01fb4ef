import ArgumentParser
import Foundation
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Looks at everything the programs need.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at configuration, source, warehouse, board and journal; change nothing.",
        usage: "ordersyncd check [<options>]",
        discussion: """
            Tells all that is wrong at once, and exits with 1 when anything is. May be run beside the daemon.

            --journal looks at the journal alone and reads it from end to end: pages, indexes, references, the rules of the \
            queue, and whether SQLite's library and settings keep what was committed.

            EXAMPLES
              ordersyncd check
              ordersyncd check --journal
              ordersyncd check --json | jq '.[] | select(.verdict != "ok")'
              ordersyncd check --print-config
              ordersyncd check --create-key-column
            """
    )

    @Flag(name: .long, help: "Look at the journal alone, from end to end.")
    var journal = false

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Make the board's column for the orders' keys, unless it is there; look at nothing else.",
            discussion: "Prints its id and the line for the configuration. May be run again."
        )
    )
    var createKeyColumn = false

    @Flag(name: .long, help: "Print the findings as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            if self.journal { return try await self.examine(try self.options.load(for: .replay)) }
            if self.createKeyColumn { return try await self.makeKeyColumn() }
            let configuration = try self.options.load(for: .daemon)
            let fieldMap = try Wiring.fieldMap(configuration)
            let source = try Wiring.source(configuration)
            let warehouse = try Wiring.warehouse(configuration, fieldMap: fieldMap)
            let board = try configuration.board
            let findings = try await Wiring.withMonday(configuration) { monday in
                let check = HealthCheck(
                    source: source,
                    warehouse: warehouse,
                    client: monday.client,
                    fieldMap: fieldMap,
                    board: board,
                    keyColumn: configuration.monday.externalKeyColumn
                )
                return await check.run() + [await Self.journal(configuration)]
                    + Self.comparison(configuration, check)
            }
            try self.tell(findings)
        }
    }

    /// Tells the findings, and ends the program with 1 when one failed.
    func tell(_ findings: [HealthCheck.Finding]) throws {
        if self.json {
            Terminal.say([try JSONOutput.text(findings)])
        } else {
            Terminal.say(FindingText.lines(findings, width: Terminal.outputWidth))
        }
        try Reporting.exit(findings.contains { $0.verdict == .failed } ? .workFailed : .success)
    }

    private static func journal(_ configuration: Configuration) async -> HealthCheck.Finding {
        let path = configuration.journal.path
        guard FileManager.default.fileExists(atPath: path) else {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            guard FileManager.default.isWritableFile(atPath: folder) else {
                return HealthCheck.Finding("journal", .failed, "the folder \(folder) is missing or not writable")
            }
            return HealthCheck.Finding("journal", .ok, "none yet; the first run makes it")
        }
        do {
            let depth = try await Wiring.withJournal(configuration, role: .reader) {
                try await $0.depth(now: TimeSource.system.now())
            }
            let counts = "\(depth.ready) ready, \(depth.retry) to be tried again, \(depth.inDoubt) in doubt"
            guard depth.dead == 0 else {
                return HealthCheck.Finding(
                    "journal",
                    .warning,
                    "\(counts), \(depth.dead) dead: see ordersync-replay list"
                )
            }
            return HealthCheck.Finding("journal", .ok, counts)
        } catch {
            return HealthCheck.Finding("journal", .failed, "\(error)")
        }
    }
}
