import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport

/// Drops jobs.
struct Discard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Drop jobs that are not to be done any more.",
        discussion: """
            The board keeps what it has. The order is not forgotten: when it changes in the source, the next run queues it \
            again. Jobs whose request has no known outcome can't be dropped before it is settled.

            EXAMPLES
              ordersync-replay discard 4711 --reason "cancelled by phone"
              ordersync-replay discard --older-than 30d --reason "season is over"
            """
    )

    @OptionGroup(title: "Which jobs")
    var jobs: JobOptions

    @OptionGroup
    var reason: ReasonOption

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
            try await self.change.perform(
                .discard,
                self.jobs,
                reason: self.reason.text,
                configuration,
                done: "discarded"
            )
        }
    }
}
