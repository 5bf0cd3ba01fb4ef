import Journal
import Orders

/// One order on its way through a batch.
struct OrderWork: Sendable {
    /// What came of the order in this batch; none while it is still on its way.
    enum Verdict: Sendable {
        case done
        /// A call failed: the retry policy decides what follows.
        case failed(Failure, request: String?, size: String?)
        /// It may have happened: looked up from that time on.
        case inDoubt(until: Int64)
        /// Waits for something that is not its fault, at no cost.
        case wait(until: Int64, reason: String)
        /// Not finished, since the service is stopping.
        case released
    }

    let job: ClaimedJob
    let order: Order
    var itemID: Int64?
    /// The group that the order belongs to.
    var groupID: String?
    /// The group that its item stands in.
    var placedIn: String?
    /// Subitems that are on the board, by size.
    var subitems: [String: LedgerSubitem]
    /// Whether the item on the board carries this snapshot.
    var itemIsCurrent: Bool
    var verdict: Verdict?

    init(job: ClaimedJob, order: Order) {
        self.job = job
        self.order = order
        self.itemID = job.ledger.itemID
        self.groupID = job.ledger.groupID
        self.placedIn = job.ledger.groupID
        self.subitems = Dictionary(job.ledger.subitems.map { ($0.size, $0) }) { first, _ in first }
        // The stage says what this very snapshot has come to: an item made for an older one is not current.
        self.itemIsCurrent = job.ledger.itemID != nil && job.stage != .none
    }

    var isOpen: Bool { self.verdict == nil }

    /// Settles the order's fate in this batch; the first word counts.
    mutating func decide(_ verdict: Verdict) {
        if self.verdict == nil { self.verdict = verdict }
    }

    /// Takes over what a call did; nil when it was done.
    mutating func decide(_ result: CallResult, request: @autoclosure () -> String?, size: String? = nil) {
        switch result {
        case .done: break
        case .refused(let failure): self.decide(.failed(failure, request: request(), size: size))
        case .inDoubt(let until, _): self.decide(.inDoubt(until: until))
        case .stopped: self.decide(.released)
        }
    }
}
