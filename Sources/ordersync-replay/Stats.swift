import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Shows which customer is stuck.
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show unfinished jobs by customer and age: which customer is stuck, at a glance.",
        discussion: """
            A row a customer, the one that has waited longest first. The columns of ages count the jobs that go on by \
            themselves, each those between the limit to its left and its own; dead and held ones wait for a person.

            EXAMPLES
              ordersync-replay stats
              ordersync-replay stats --json | jq '.states.dead // 0'
            """
    )

    @Flag(name: .long, help: "Print the numbers as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let now = TimeSource.system.now()
            let standings = try await Wiring.withJournal(configuration, role: .reader) {
                try await $0.standings(now: now)
            }
            if self.json {
                print(try JSONOutput.text(StatsForm(standings)))
            } else if standings.isEmpty {
                print("nothing is left to do")
            } else {
                Terminal.say(StatsText.lines(standings, now: now, width: Terminal.outputWidth))
            }
        }
    }
}
