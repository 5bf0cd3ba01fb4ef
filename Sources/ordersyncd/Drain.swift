import ArgumentParser
import Logging
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Works until nothing is due.
struct Drain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work until no job is left that could go on by itself, then exit.",
        usage: "ordersyncd drain [<options>]",
        discussion: """
            For machines without a daemon, and for scripts. Exits with 1 when orders died, with 69 when the warehouse or \
            Monday.com was not available, and with 75 when work is left for another reason: because the time was up, it was \
            told to stop, or the outcome of a request is in doubt and only a person can tell.

            EXAMPLES
              ordersync-enqueue --all && ordersyncd drain --timeout 2h
            """
    )

    @Option(name: .long, help: ArgumentHelp("The longest to work, such as 30m or 2h.", valueName: "duration"))
    var timeout: String = "1d"

    @Flag(name: .long, help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        guard Duration(spelled: self.timeout) != nil else {
            throw ValidationError("--timeout must be a whole number with ms, s, m, h or d, such as 30m")
        }
    }

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            let configuration = try self.options.load(for: .daemon)
            let longest = (Duration(spelled: self.timeout) ?? .zero).milliseconds
            let outcome = try await Work.run(configuration, .drain(longest: longest))
            let form = DrainForm(outcome)
            Terminal.say([self.json ? try JSONOutput.text(form) : form.line])
            if let failure = outcome.failure { throw failure }
            let isAllDone = outcome.left == 0 && outcome.inDoubt == 0
            try Reporting.exit(outcome.died > 0 ? .workFailed : isAllDone ? .success : .tryAgain)
        }
    }
}

/// The answer of `ordersyncd drain --json`.
struct DrainForm: Hashable, Sendable, Codable {
    let done: Int
    let died: Int
    /// Jobs that could still go on.
    let left: Int
    /// Jobs whose last request has no known outcome.
    let inDoubt: Int
    let failure: String?

    init(_ outcome: SyncService.Outcome) {
        self.done = outcome.done
        self.died = outcome.died
        self.left = outcome.left
        self.inDoubt = outcome.inDoubt
        self.failure = outcome.failure.map { "\($0)" }
    }

    var line: String {
        let doubt = "\(HumanText.count(self.inDoubt)) in doubt: see ordersync-replay list --state in_doubt"
        return
            "\(HumanText.count(self.done, "order")) done, \(HumanText.count(self.died)) died, \(HumanText.count(self.left)) left"
            + (self.inDoubt == 0 ? "" : ", \(doubt)")
    }
}
