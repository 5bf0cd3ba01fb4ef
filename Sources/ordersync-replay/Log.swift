import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Shows what people did.
struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what people did to jobs and alarms, who they were, and why.",
        usage: "ordersync-replay log [<options>]",
        discussion: """
            Newest first. What was done to one job stands in `ordersync-replay show` as well.

            EXAMPLES
              ordersync-replay log
              ordersync-replay log --limit 1000 --json
            """
    )

    @Option(name: .long, help: ArgumentHelp("Show at most this many.", valueName: "count"))
    var limit = 50

    @Flag(name: .long, help: "Print an array as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if !(1...1_000_000).contains(self.limit) { throw ValidationError("--limit must be 1 to 1000000") }
    }

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let actions = try await Wiring.withJournal(configuration, role: .reader) {
                try await $0.actions(limit: self.limit)
            }
            if self.json {
                print(try JSONOutput.text(actions.map(ActionForm.init)))
            } else if actions.isEmpty {
                print("nobody has done anything")
            } else {
                Terminal.say(ActionText.lines(actions, width: Terminal.outputWidth))
            }
        }
    }
}
