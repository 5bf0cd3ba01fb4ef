package import FoundationEssentials
package import Orders

/// What came of one claimed job.
///
/// It counts only while the job is still the caller's.
package struct Settlement: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        /// The board and the production tables stand as the snapshot says.
        case done
        /// To be tried again at that time; an attempt is kept, and counted where the failure was the job's own.
        case retry(at: Int64, Failure, costsAttempt: Bool, request: String? = nil)
        /// Failed for good: an error row is due in the warehouse. The size is that of the subitem it failed on.
        case dead(Failure, request: String? = nil, size: String? = nil, exhausted: Bool = false)
        /// Tried often enough: it dies without another try, and its error row tells of what it sent last.
        case givenUp(Failure)
        /// Must wait until then, at no cost: throttled, or a service is down.
        case wait(until: Int64, reason: String)
        /// Given back untouched, because the daemon stops.
        case release
        /// Something it sent has no known outcome; it is looked at again at that time.
        case inDoubt(until: Int64, Failure? = nil)

        /// What the job died of; nil when it did not.
        package var death: Failure? {
            switch self {
            case .dead(let failure, _, _, _), .givenUp(let failure): failure
            case .done, .retry, .wait, .release, .inDoubt: nil
            }
        }
    }

    package let job: JobReference
    package let result: Result

    package init(job: JobReference, result: Result) {
        self.job = job
        self.result = result
    }
}

/// How a batch ended.
///
/// The counters count orders, apart from those whose name says otherwise.
package struct BatchClose: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case completed
        case completedWithErrors = "completed_with_errors"
        case failed
        case noRecords = "no_records"
        /// The daemon died with it open, or it stood still.
        case abandoned
    }

    package let batchID: UUID
    package let status: Status
    package var succeeded = 0
    package var failed = 0
    /// Orders that left the batch to wait and will join a later one.
    package var leftOver = 0
    package var subitems = 0
    package var apiCalls = 0
    package var apiFailures = 0
    package var retries = 0
    package var errorSummary: String?
    /// Whether the warehouse's batch row has got its end already; if not, it stays in `pendingBatches`.
    package var isReported = false

    package init(batchID: UUID, status: Status) {
        self.batchID = batchID
        self.status = status
    }
}
