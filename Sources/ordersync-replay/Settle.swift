import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Says what became of a request whose answer was lost.
struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what became of a job's request whose answer was lost, after a look at the board.",
        usage: "ordersync-replay settle <job> <verdict> ... --reason <text>",
        discussion: """
            The daemon finds this out by itself, by looking the order key up on the board. This is for what it can't find \
            out: when the board has no column for the key, or a person has changed it. `ordersync-replay why JOB` says what \
            is in doubt.

            Look first, and a minute after the request was sent: a wrong --absent makes a second item. A change of which \
            nobody can tell whether it was made is --absent too: it is written again.

            EXAMPLES
              ordersync-replay settle 4711 --item 9731000005 --reason "found by its name"
              ordersync-replay settle 4711 --absent --reason "it is not on the board"
              ordersync-replay settle 4711 --subitem XL=9731000017 --subitem M=absent \
                --reason "looked at the item's subitems"
              ordersync-replay settle 4711 --subitem XL=9731000017 --absent \
                --reason "no other size is there"
            """
    )

    @Argument(help: ArgumentHelp("The job's number.", valueName: "job"))
    var job: Int64

    @Option(name: .long, help: ArgumentHelp("The item is there, under this id of Monday.com.", valueName: "id"))
    var item: Int64?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The subitem of a size is there, under this id, or is absent. Repeatable.",
            valueName: "size=id"
        )
    )
    var subitem: [String] = []

    @Flag(name: .long, help: "Whatever else is in doubt is not there.")
    var absent = false

    @OptionGroup
    var reason: ReasonOption

    @Flag(name: .long, help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if self.item == nil, self.subitem.isEmpty, !self.absent {
            throw ValidationError("say --item, --subitem or --absent")
        }
        if let item, item < 1 { throw ValidationError("--item must be an id of Monday.com") }
        _ = try self.verdict()
    }

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let verdict = try self.verdict()
            let timing = Wiring.timing(configuration)
            let outcome = try await Wiring.withJournal(configuration, role: .replay) { journal in
                try await journal.settle(
                    job: self.job,
                    verdict: verdict,
                    patience: timing.lookUpTime(sentAt: 0),
                    who: Person.name,
                    why: self.reason.text,
                    now: TimeSource.system.now()
                )
            }
            for alarm in outcome.alarms {
                Terminal.complain(
                    "warning: the order has \(alarm.knownID) already, and keeps it; \(alarm.otherID) is a second one\n"
                )
            }
            let form = VerdictForm(outcome, job: self.job)
            print(self.json ? try JSONOutput.text(form) : form.line)
            try Reporting.exit(outcome.alarms.isEmpty ? .success : .workFailed)
        }
    }

    private func verdict() throws -> Verdict {
        var verdict = Verdict(item: self.item.map { .there($0) }, rest: self.absent ? .absent : nil)
        for word in self.subitem {
            // A size may hold anything but this sign.
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, verdict.subitems[String(parts[0])] == nil else {
                throw ValidationError(
                    "--subitem must be a size once, =, and an id or the word absent, such as XL=9731000017"
                )
            }
            if parts[1] == "absent" {
                verdict.subitems[String(parts[0])] = .absent
            } else if let id = Int64(parts[1]), id > 0 {
                verdict.subitems[String(parts[0])] = .there(id)
            } else {
                throw ValidationError("--subitem \(DisplayText.safe(word)): that is no id of Monday.com")
            }
        }
        return verdict
    }
}
