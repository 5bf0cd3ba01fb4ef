import ArgumentParser
import Foundation
import Journal
import Orders
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine
import Systemd
import Warehouse

/// Finds what is new, changed or gone in the source, and writes it to the journal as jobs.
@main
struct Enqueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ordersync-enqueue",
        abstract: "Find new, changed and gone orders, and queue them for the board.",
        discussion: Self.discussion,
        version: Version.current
    )

    @OptionGroup(title: "Which orders")
    var filters: FilterOptions

    @OptionGroup(title: "Where the rows come from")
    var input: InputOptions

    @Flag(name: [.long, .customShort("n")], help: "Find and tell, but queue nothing.")
    var dryRun = false

    @Option(name: .long, help: ArgumentHelp("Queue at most this many orders.", valueName: "count"))
    var limit: Int?

    @Flag(name: .long, help: "Queue even when an edited field map changes more than a fifth of the orders.")
    var acceptMapChange = false

    @Flag(name: .long, help: "Archive or set to zero however many orders are gone (see gone.policy).")
    var acceptGone = false

    @Option(name: .long, help: ArgumentHelp("List every rejected cell in this file, as CSV.", valueName: "file"))
    var rejects: String?

    @Option(
        name: .long,
        help: ArgumentHelp("How long to wait for another run to end, such as 30s or 5m.", valueName: "duration")
    )
    var wait: String = "5m"

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Restore the ledger from board and warehouse; queue nothing.",
            discussion: "For a journal that was lost, put back from a backup, or copied. Stop ordersyncd first."
        )
    )
    var rebuildLedger = false

    @Flag(
        name: .customLong("adopt"),
        help: ArgumentHelp(
            "Take over items that stood on the board before ordersync.",
            discussion: """
                Pairs items without an order key with orders by number, customer, style and colour, then by sizes, PO and \
                the fewest differing fields; writes the keys, and what differs. Lists what can't be told apart, and leaves \
                it alone.
                """
        )
    )
    var adoptItems = false

    @Flag(name: .long, help: "Exit with 1 when rows were rejected.")
    var strict = false

    @Flag(name: .long, help: "Print the summary as JSON.")
    var json = false

    @Flag(name: .long, help: "Print outputs and metrics as Kestra reads them, beside the summary.")
    var kestra = false

    @Flag(name: .shortAndLong, help: "Print errors only.")
    var quiet = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if self.adoptItems { try self.checkAdopt() }
        if self.rebuildLedger {
            try self.checkRebuild()
        } else if !self.options.printConfig {
            try self.filters.check()
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        guard Duration(spelled: self.wait) != nil else {
            throw ValidationError("--wait must be a whole number with ms, s, m, h or d, such as 30s")
        }
    }

    func run() async throws {
        try await Reporting.run("ordersync-enqueue") {
            if self.rebuildLedger { return try await self.rebuild() }
            if self.adoptItems { return try await self.adopt() }
            let configuration = try self.options.load(for: self.input.role)
            let report = try await self.report(configuration)
            if report.enqueued > 0, !report.dryRun { WakeSocket.wake(path: Wiring.wakePath(configuration)) }
            if self.json {
                print(try JSONOutput.text(report))
            } else if !self.quiet {
                Terminal.say(report.lines(width: Terminal.outputWidth))
            }
            if self.kestra { print(try KestraText.line(report)) }
            try Reporting.exit(self.strict && report.rejected > 0 ? .workFailed : .success)
        }
    }

    /// The progress of this run, where somebody watches.
    var progressLine: ProgressLine { self.quiet ? ProgressLine(width: nil) : ProgressLine() }

    private func report(_ configuration: Configuration) async throws -> RunReport {
        let fieldMap = try Wiring.fieldMap(configuration)
        let source = try self.input.source(configuration, fieldMap)
        let progress = self.progressLine
        defer { progress.clear() }
        return try await DryJournal.with(configuration, isDry: self.dryRun) { journal in
            let lock = try await journal.runLock(waiting: Duration(spelled: self.wait) ?? .zero)
            defer { withExtendedLifetime(lock) {} }
            try await self.refuseForeign(journal, configuration, fieldMap)
            // Counting costs a query more, for a person's eyes alone; it may fail where the run itself would say why.
            let total =
                progress.isShown && self.input.input == nil
                ? try? await source.count(self.filters.filter, fieldMap: fieldMap) : nil
            var run = EnqueueRun(source: source, journal: journal, fieldMap: fieldMap) { read in
                progress.show(RunProgress(phase: "reading", done: read, total: total))
            }
            run.mayCreate = { try await self.refuseUnexplained(configuration, fieldMap, journal) }
            var request = EnqueueRun.Request(filter: self.filters.filter, who: Person.name, host: Person.host)
            request.dryRun = self.dryRun
            request.limit = self.limit
            request.acceptMapChange = self.acceptMapChange
            request.isComplete = self.input.isComplete
            request.gone = Wiring.goneRule(configuration, isLimitLifted: self.acceptGone)
            request.rejects = self.rejects.map { URL(filePath: $0) }
            return try await run.run(request)
        }
    }

    /// Ends the run when the journal is not the one that fills the board; a dry run only tells.
    func refuseForeign(_ journal: Journal, _ configuration: Configuration, _ fieldMap: FieldMap) async throws {
        let warehouse = try Wiring.warehouse(configuration, fieldMap: fieldMap, mayCreate: false)
        switch try await JournalCheck.run(journal, warehouse, board: try configuration.board) {
        case .ours: return
        case .unknown(let failure):
            // The daemon compares before it creates anything; and a warehouse that is not migrated yet holds no row.
            guard !failure.isMissingTable else { return }
            Terminal.complain("warning: whether the journal is the board's can't be told now: \(failure)\n")
        case .refused(let refusal):
            guard self.dryRun else { throw refusal }
            Terminal.complain("warning: \(refusal)\n")
        }
    }
}
