import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Shows one job.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show all that is known of a job: its order, its tries, its requests and what people did.",
        discussion: """
            EXAMPLES
              ordersync-replay show 4711
              ordersync-replay show 4711 --json | jq -r .snapshot | jq
            """
    )

    @Argument(help: ArgumentHelp("The job's number.", valueName: "job"))
    var job: Int64

    @Flag(name: .long, help: "Print the job as JSON, with the order's snapshot.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let detail = try await Wiring.withJournal(configuration, role: .reader) { try await $0.show(self.job) }
            guard let detail else { throw JournalError(.notFound, "there is no job \(self.job)") }
            if self.json {
                print(try JSONOutput.text(JobDetailForm(detail)))
            } else {
                Terminal.say(JobText.page(detail, width: Terminal.outputWidth))
            }
        }
    }
}
