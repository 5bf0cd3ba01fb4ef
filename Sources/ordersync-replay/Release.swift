import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport

/// Let held jobs go on.
struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let held jobs go on.",
        discussion: """
            EXAMPLES
              ordersync-replay release --customer GREYSON
            """
    )

    @OptionGroup(title: "Which jobs")
    var jobs: JobOptions

    @Option(name: .long, help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason = "released by hand"

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
            try await self.change.perform(.release, self.jobs, reason: self.reason, configuration, done: "released")
        }
    }
}
