import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Puts alarms away.
struct Acknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put alarms away, once what they tell of was looked at.",
        usage: "ordersync-replay acknowledge (<alarm> ... | --all) --reason <text> [<options>]",
        discussion: """
            Changes nothing on the board: remove the second one there first. What is found again rings again. Who put an \
            alarm away and why stands in `ordersync-replay alarms --all` and in `ordersync-replay log`.

            EXAMPLES
              ordersync-replay acknowledge 3 --reason "copy by sales, deleted"
              ordersync-replay alarms --json | jq '.[].id' | ordersync-replay acknowledge - --reason "all deleted"
            """
    )

    @Argument(help: ArgumentHelp("Alarm numbers; - reads them from standard input.", valueName: "alarm"))
    var alarms: [String] = []

    @Flag(name: .long, help: "All alarms that are open.")
    var all = false

    @OptionGroup
    var reason: ReasonOption

    @Flag(name: .long, help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        guard self.alarms.isEmpty == self.all || self.options.printConfig else {
            throw ValidationError(
                self.all ? "--all stands alone: take it away, or the numbers" : "say which alarms: by number, or --all"
            )
        }
        try Numbers.check(self.alarms, of: "alarm")
    }

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let numbers = self.all ? nil : try Numbers.read(self.alarms, of: "alarm")
            let outcome = try await Wiring.withJournal(configuration, role: .replay) { journal in
                try await journal.acknowledge(
                    alarms: numbers,
                    who: Person.name,
                    why: self.reason.text,
                    now: TimeSource.system.now()
                )
            }
            if self.json {
                print(try JSONOutput.text(AcknowledgementForm(outcome)))
            } else {
                Terminal.say(AlarmText.outcome(outcome))
            }
            try Reporting.exit(outcome.refused.isEmpty ? .success : .workFailed)
        }
    }
}
