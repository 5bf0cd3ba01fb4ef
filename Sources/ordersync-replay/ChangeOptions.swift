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
    /// - Parameters:
    ///   - jobs: Which jobs are meant.
    ///   - configuration: Where the journal is.
    ///   - states: The states that are meant where neither numbers nor states are given.
    ///   - verb: The command in a question: `replay`, `discard`.
    ///   - done: What became of changed jobs, as in `3 jobs discarded`.
    ///   - change: The change itself.
    /// - Throws: What the journal throws, and the exit status when a job was refused.
    func perform(
        _ jobs: JobOptions,
        _ configuration: Configuration,
        default states: [JobState] = [.dead],
        verb: String,
        done: String,
        _ change: (Journal, JobFilter) async throws -> ReplayOutcome
    ) async throws {
        let now = TimeSource.system.now()
        var filter = try jobs.filter(now: now, numbers: try jobs.numbers(), default: states)
        filter.limit = Self.most
        let role: Journal.Role = self.dryRun ? .reader : .replay
        try await Opened.journal(configuration, role: role) { journal in
            let found = try await journal.list(filter)
            if self.dryRun { return try self.tell(found, now: now, verb: verb) }
            if found.count > Self.unasked, !self.yes {
                try self.ask(found.count, verb: verb, fromInput: jobs.jobs.contains("-"))
            }
            let outcome = try await change(journal, filter)
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
                : "say which jobs: by number, --customer, --po, --error-type, --older-than or --batch, or --all"
        )
    }

    private func tell(_ found: [JobSummary], now: Int64, verb: String) throws {
        if self.json {
            print(try JSONOutput.text(OutcomeForm(dryRun: found)))
        } else {
            Terminal.say(JobText.list(found, now: now, width: Terminal.outputWidth))
            print("dry run: would \(verb) \(HumanText.count(found.count, "job"))")
        }
    }

    private func ask(_ count: Int, verb: String, fromInput: Bool) throws {
        // Standard input that held the numbers, or is no person's, can't answer.
        guard Terminal.isInteractive, !fromInput else {
            throw ValidationError("this would \(verb) \(HumanText.count(count, "job")): say --yes if that is meant")
        }
        guard Terminal.confirms("\(verb) \(HumanText.count(count, "job"))?") else {
            Terminal.complain("nothing was changed\n")
            throw ExitCode(ExitStatus.workFailed.rawValue)
        }
    }
}
