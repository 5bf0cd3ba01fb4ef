import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport

/// Puts jobs back to work.
struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put dead jobs back to work, once the cause of their death is removed.",
        discussion: """
            The job starts with a clean count of errors; what it had done before stays done. When it succeeds, its error rows \
            in the warehouse are marked as resolved, by you. May be done while the daemon runs, and twice.

            EXAMPLES
              ordersync-replay retry 4711 4712
              ordersync-replay retry --po 4755 --reason "labels were added"
              ordersync-replay retry --all --dry-run
            """
    )

    @OptionGroup(title: "Which jobs")
    var jobs: JobOptions

    @Option(name: .long, help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason = "replayed by hand"

    @OptionGroup
    var change: ChangeOptions

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if !self.options.printConfig { try self.change.check(self.jobs) }
    }

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            try await self.change.perform(.retry, self.jobs, reason: self.reason, configuration, done: "ready again")
        }
    }
}
