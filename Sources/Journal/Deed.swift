/// What a person can do to jobs by command.
///
/// Whether a job lets it be done is a pure decision, so that a dry run says what the command would do.
package enum Deed: String, Hashable, Sendable, CaseIterable {
    /// Brings dead jobs back, and lets retries run at once.
    case retry
    /// Drops jobs that are not at work.
    case discard
    /// Sets jobs aside until they are released.
    case hold
    /// Lets held jobs go on.
    case release

    /// The states that are meant where a person names none.
    package var usualStates: [JobState] {
        switch self {
        case .retry, .discard: [.dead]
        case .hold: [.ready, .retry]
        case .release: [.held]
        }
    }

    /// Why a job can't be treated so; nil when it can.
    package func refusal(of job: JobSummary) -> ReplayOutcome.Refusal? {
        switch (self, job.state) {
        case (.release, _): job.state == .held || job.isToBeHeld ? nil : .state
        case (_, .running): .running
        case (.retry, .dead), (.retry, .retry): job.isUnsettled ? .unsettled : nil
        case (.retry, .inDoubt): .unsettled
        case (.retry, _): .state
        case (.discard, .inDoubt): .unsettled
        case (.discard, _): job.state.isFinal ? .state : job.isUnsettled ? .unsettled : nil
        case (.hold, .ready), (.hold, .retry), (.hold, .dead): nil
        case (.hold, .waiting), (.hold, .inDoubt): job.isToBeHeld ? .state : nil
        case (.hold, _): .state
        }
    }
}
