import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// What the commands that change jobs have in common.
struct ChangeOptions: ParsableArguments {
    /// More jobs than that are not changed without a yes.
    static let unasked = 100
    /// The jobs that one command changes at most.
    static let most = 1_000_000

    @Flag(name: [.long, .customShort("n")], help: "List the jobs that are meant, and change nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Don't ask before more than 100 jobs are changed.")
    var yes = false

    @Flag(name: .long, help: "All jobs in the state: needed where no other filter is given.")
    var all = false

    @Flag(name: .long, help: "Print the outcome as JSON.")
    var json = false

    init() {}

    /// Finds the jobs, asks where need be, changes them and tells what came of it.
    ///
    /// What is asked about is what is changed: jobs that come to meet the filter meanwhile are left alone.
    /// - Parameters:
    ///   - deed: What is to be done.
    ///   - jobs: Which jobs are meant.
    ///   - reason: Why, for the record.
    ///   - configuration: Where the journal is.
    ///   - done: What became of changed jobs, as in `3 jobs discarded`.
    /// - Throws: What the journal throws, and the exit status when a job was refused.
    func perform(
        _ deed: Deed,
        _ jobs: JobOptions,
        reason: String,
        _ configuration: Configuration,
        done: String
    ) async throws {
        let now = TimeSource.system.now()
        let numbers = try jobs.numbers()
        // Without a filter of states the deed's own are meant, and named jobs in any.
        var filter = try jobs.filter(now: now, numbers: numbers, default: numbers.isEmpty ? deed.usualStates : [])
        filter.limit = Self.most
        let role: Journal.Role = self.dryRun ? .reader : .replay
        try await Wiring.withJournal(configuration, role: role) { [filter] journal in
            let forecast = try await journal.forecast(deed, on: filter)
            if self.dryRun { return try self.tell(forecast.jobs, forecast.refused, now: now, deed: deed) }
            if forecast.jobs.count > Self.unasked, !self.yes {
                try self.ask(forecast.jobs.count, deed: deed, fromInput: jobs.jobs.contains("-"))
            }
            var meant = filter
            meant.ids = filter.ids ?? forecast.jobs.map(\.id)
            let outcome = try await journal.perform(
                deed,
                on: meant,
                who: Person.name,
                why: reason,
                now: TimeSource.system.now()
            )
            if self.json {
                print(try JSONOutput.text(OutcomeForm(outcome)))
            } else {
                Terminal.say(JobText.outcome(outcome, done: done))
            }
            try Reporting.exit(outcome.refused.isEmpty ? .success : .workFailed)
        }
    }

    /// Refuses a command that would change every job for want of a filter.
    func check(_ jobs: JobOptions) throws {
        guard jobs.isOpen != self.all else { return }
        throw ValidationError(
            self.all
                ? "--all stands alone: take it away, or the numbers and filters"
                : "say which jobs: by number, --customer, --po, --order, --error-type, --older-than or --batch, or --all"
        )
    }

    private func tell(_ jobs: [JobSummary], _ refused: [ReplayOutcome.Refused], now: Int64, deed: Deed) throws {
        if self.json {
            print(try JSONOutput.text(OutcomeForm(dryRun: jobs, refused: refused)))
        } else {
            if !jobs.isEmpty { Terminal.say(JobText.list(jobs, now: now, width: Terminal.outputWidth)) }
            Terminal.say(JobText.refused(refused))
            print("dry run: would \(deed.rawValue) \(HumanText.count(jobs.count, "job"))")
        }
        try Reporting.exit(refused.isEmpty ? .success : .workFailed)
    }

    private func ask(_ count: Int, deed: Deed, fromInput: Bool) throws {
        // Standard input that held the numbers, or is no person's, can't answer.
        guard Terminal.isInteractive, !fromInput else {
            throw ValidationError(
                "this would \(deed.rawValue) \(HumanText.count(count, "job")): say --yes if that is meant"
            )
        }
        guard Terminal.confirms("\(deed.rawValue) \(HumanText.count(count, "job"))?") else {
            Terminal.complain("nothing was changed\n")
            throw ExitCode(ExitStatus.workFailed.rawValue)
        }
    }
}
