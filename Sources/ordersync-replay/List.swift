import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Lists jobs.
struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List jobs, dead ones unless told otherwise.",
        usage: "ordersync-replay list [<options>] [<job> ...]",
        discussion: """
            A `?` behind the state says that a request of the job has no known outcome.

            EXAMPLES
              ordersync-replay list --customer GREYSON --older-than 2h
              ordersync-replay list --state any --po 4755
              ordersync-replay list --json     an object: jobs, and isCut when there are more
            """
    )

    @OptionGroup(title: "Which jobs")
    var jobs: JobOptions

    @Option(name: .long, help: ArgumentHelp("List at most this many.", valueName: "count"))
    var limit = 200

    @Flag(name: .long, help: "Print the list as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if !(1...1_000_000).contains(self.limit) { throw ValidationError("--limit must be 1 to 1000000") }
    }

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let now = TimeSource.system.now()
            var filter = try self.jobs.filter(now: now, numbers: try self.jobs.numbers())
            // One more than is shown tells whether there are more.
            filter.limit = self.limit + 1
            let found = try await Wiring.withJournal(configuration, role: .reader) { [filter] in
                try await $0.list(filter)
            }
            let shown = Array(found.prefix(self.limit))
            if self.json {
                print(try JSONOutput.text(JobListForm(shown, isCut: found.count > shown.count)))
            } else if shown.isEmpty {
                print("no such jobs")
            } else {
                Terminal.say(JobText.list(shown, now: now, width: Terminal.outputWidth))
                if found.count > shown.count { print("and more: use --limit or narrow the choice") }
            }
        }
    }
}
