import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Says what became of a request whose answer was lost.
struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what became of a job's request whose answer was lost, after a look at the board.",
        usage: "ordersync-replay settle <job> (--item <id> | --absent) --reason <text>",
        discussion: """
            The daemon finds this out by itself, by looking the order key up on the board. This is for what it can't find \
            out: when the board has no column for the key, or a person has changed it. Look first: a wrong --absent makes \
            a second item.

            EXAMPLES
              ordersync-replay settle 4711 --item 9731000005 --reason "found it by its title"
              ordersync-replay settle 4711 --absent --reason "it is not on the board"
            """
    )

    @Argument(help: ArgumentHelp("The job's number.", valueName: "job"))
    var job: Int64

    @Option(name: .long, help: ArgumentHelp("It is there, under this id of Monday.com.", valueName: "id"))
    var item: Int64?

    @Flag(name: .long, help: "It is not there.")
    var absent = false

    @Option(name: .long, help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason: String

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if (self.item == nil) != self.absent { throw ValidationError("say either --item or --absent") }
        if let item, item < 1 { throw ValidationError("--item must be an id of Monday.com") }
        if self.reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason has no value") }
    }

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let verdict = self.item.map { Verdict.item($0) } ?? .absent
            let alarms = try await Opened.journal(configuration, role: .replay) { journal in
                let now = TimeSource.system.now()
                return try await journal.settle(
                    job: self.job,
                    verdict: verdict,
                    who: Person.name,
                    why: self.reason,
                    now: now
                )
            }
            for alarm in alarms {
                Terminal.complain(
                    "warning: the order has \(alarm.knownID) already, and keeps it; \(alarm.otherID) is a second one\n"
                )
            }
            print("job \(self.job) settled")
            try Reporting.exit(alarms.isEmpty ? .success : .workFailed)
        }
    }
}
