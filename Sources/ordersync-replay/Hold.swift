import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport

/// Set jobs aside until they are released.
struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set jobs aside until they are released.",
        discussion: """
            A held job keeps its place; a newer snapshot of its order replaces it and is held as well. One that waits, or \
            whose request has no known outcome, is set aside when its turn comes.

            EXAMPLES
              ordersync-replay hold --customer GREYSON --reason "prices in review"
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
            try await self.change.perform(.hold, self.jobs, reason: self.reason.text, configuration, done: "held")
        }
    }
}
