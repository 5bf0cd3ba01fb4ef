package import FoundationEssentials
package import Orders

/// Which jobs a person means.
///
/// Every criterion that is given must hold; values are bound, never spliced into SQL.
package struct JobFilter: Hashable, Sendable {
    /// The jobs by number: nil is any, an empty list is none.
    package var ids: [Int64]?
    /// Empty: any.
    package var states: [JobState] = []
    /// Canonical name or the source's, exactly.
    package var customer: String?
    package var poNumber: String?
    package var orderNumber: String?
    package var orderKey: OrderKey?
    package var failureClass: FailureClass?
    package var code: String?
    /// Last changed before that time, in milliseconds.
    package var changedBefore: Int64?
    package var batch: UUID?
    package var limit: Int = 1000
    /// Only jobs with a higher number, to read on after a page.
    package var after: Int64 = 0

    package init() {}
}

/// One line of a list of jobs.
package struct JobSummary: Hashable, Sendable {
    package let id: Int64
    package let orderKey: OrderKey
    package let kind: JobKind
    package let state: JobState
    package let stage: JobStage
    package let orderNumber: String
    package let customer: String
    package let style: String?
    package let colour: String?
    package let poNumber: String?
    package let errors: Int
    package let replays: Int
    package let queuedAt: Int64
    package let createdAt: Int64
    package let updatedAt: Int64
    package let runAt: Int64?
    package let lastClass: FailureClass?
    package let lastCode: String?
    package let lastMessage: String?
    /// Whether something it sent has no known outcome.
    package let isUnsettled: Bool
    /// Whether it will be held when its turn comes.
    package let isToBeHeld: Bool
}

/// All that is known of a job.
package struct JobDetail: Hashable, Sendable {
    package struct Attempt: Hashable, Sendable {
        package let at: Int64
        package let generation: Int64
        package let isCounted: Bool
        package let failure: Failure
        package let size: String?
        package let request: String?
    }

    package struct Effect: Hashable, Sendable {
        package let id: Int64
        package let idempotencyKey: String
        package let state: String
        package let sentAt: Int64
        package let sends: Int
        package let body: [UInt8]
        package let answer: String?
        package let target: EffectTarget
        /// `done`, `adopted`, `absent` or `refused`; nil while it is not known.
        package let outcome: String?
        package let remoteID: Int64?
        package let failure: Failure?
    }

    package struct Action: Hashable, Sendable {
        package let at: Int64
        package let who: String
        package let action: String
        package let why: String
    }

    package let summary: JobSummary
    package let snapshot: [UInt8]?
    package let batchID: UUID?
    package let attempts: [Attempt]
    package let effects: [Effect]
    package let actions: [Action]
    package let ledger: LedgerState
}

/// What a person's command did.
package struct ReplayOutcome: Hashable, Sendable {
    package enum Refusal: String, Hashable, Sendable {
        /// No such job.
        case unknown
        /// The daemon is working on it.
        case running
        /// Something it sent has no known outcome yet.
        case unsettled
        /// It is in a state the command does not apply to.
        case state
    }

    package struct Refused: Hashable, Sendable {
        package let id: Int64
        package let reason: Refusal
    }

    package var changed: [Int64] = []
    package var refused: [Refused] = []
}

/// What an order waits for.
package struct OrderStanding: Hashable, Sendable {
    /// Something that was sent and has no known outcome.
    package struct Open: Hashable, Sendable {
        package let effect: Int64
        package let target: EffectTarget
        package let sentAt: Int64
    }

    package let orderKey: OrderKey
    package let orderNumber: String
    package let sourceCustomer: String
    package let customer: String
    package let itemID: Int64?
    package let syncedAt: Int64?
    /// Since when it has been missing from the source.
    package let missingSince: Int64?
    /// Nil when nothing is to be done.
    package let live: JobSummary?
    package let waiting: JobSummary?
    /// The newest job that is over.
    package let last: JobSummary?
    /// What a person did last to the live job, or to the last one where none is live.
    package let action: JobDetail.Action?
    package let open: [Open]
    /// Ready jobs of the same customer that come first.
    package let ahead: Int
    /// Whether a batch of the same customer is under way: its next one waits for that.
    package let isCustomerAtWork: Bool
    /// Customers with ready jobs whose turn comes first.
    package let customersAhead: Int
}

/// What the daemon was about when it last said so.
package struct DaemonStanding: Hashable, Sendable {
    /// A pause of all work, after a failure that every job would meet.
    package struct Pause: Hashable, Sendable {
        package let failure: Failure
        package let since: Int64
        /// When it tries again.
        package let until: Int64

        package init(failure: Failure, since: Int64, until: Int64) {
            self.failure = failure
            self.since = since
            self.until = until
        }
    }

    /// When the daemon started last; nil when it never did.
    package let startedAt: Int64?
    package let process: Int32
    package let host: String
    /// When it ended in good order; nil while it runs, and when it was killed.
    package let stoppedAt: Int64?
    package let pause: Pause?
    /// Whether jobs run one at a time, since the daemon died several times in a row.
    package let isSolo: Bool
}

/// Which customer is stuck, at a glance.
package struct CustomerStanding: Hashable, Sendable {
    package let customer: String
    /// All that is unfinished.
    package let states: [JobState: Int]
    /// What goes on by itself, by how long its orders have waited, in doubling buckets: under 5 minutes, 10, 20, 40, 80, 160, 320,
    /// 640, 1,280, and older.
    package let ages: [Int]
    /// Since when the oldest of that waits; nil when all waits for a person.
    package let oldest: Int64?

    /// The upper ends of all buckets but the last, in milliseconds.
    package static let bucketEnds: [Int64] = (0..<9).map { 300_000 << $0 }
    /// The states that a job leaves without a person.
    package static let movingStates: [JobState] = [.ready, .running, .retry, .waiting, .inDoubt]
}

/// A command of a person's, as the journal keeps it.
package struct ActionRecord: Hashable, Sendable {
    package let id: Int64
    package let at: Int64
    package let who: String
    package let action: String
    package let why: String
    /// Which jobs were meant, in words.
    package let filter: String
    /// How many it changed.
    package let jobs: Int
}
