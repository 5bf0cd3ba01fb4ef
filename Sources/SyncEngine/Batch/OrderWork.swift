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
    /// What the item is known to hold.
    var known: ItemChange.Known
    /// The texts of the item's cells, as far as they had to be read.
    var cells: [String: String]?
    /// Whether the item carries the order's key.
    var hasKey: Bool
    /// What is to be written on the item; decided when all that must be read was read.
    var change: ItemChange?
    /// The group that the order belongs to.
    var groupID: String?
    /// The group that its item stands in.
    var placedIn: String?
    /// Subitems that are on the board, by size.
    var subitems: [String: LedgerSubitem]
    /// Subitems that this batch deleted, without another call that would tell whether the item is still there.
    var isOnlyTakenFrom = false
    /// Whether something in this batch showed the item on the board.
    var isSeen = false
    var verdict: Verdict?

    init(job: ClaimedJob, order: Order, fieldMap: FieldMap) {
        self.job = job
        self.order = order
        self.itemID = job.ledger.itemID
        let written = job.ledger.syncedSnapshot.flatMap { try? Order(snapshot: $0, fieldMap: fieldMap) }
        self.known = written.map(ItemChange.Known.written) ?? .nothing
        self.hasKey = written != nil
        self.groupID = job.ledger.groupID
        self.placedIn = job.ledger.groupID
        self.subitems = Dictionary(job.ledger.subitems.map { ($0.size, $0) }) { first, _ in first }
    }

    var isOpen: Bool { self.verdict == nil }

    /// Whether the order is in the source, and shall stand on the board as it stands there.
    var isSync: Bool { self.job.kind == .sync }

    /// Whether the order is on its way, and is to stand on the board.
    var isOpenSync: Bool { self.isOpen && self.isSync }

    /// Takes over an item of which nothing is known but that it is the order's.
    mutating func adopt(_ item: Int64, group: String?, subitems: [LedgerSubitem]) {
        self.itemID = item
        self.known = .nothing
        self.hasKey = true
        self.cells = nil
        self.placedIn = group
        self.subitems = Dictionary(subitems.map { ($0.size, $0) }) { first, _ in first }
    }

    /// Forgets an item that is no longer on the board.
    mutating func loseItem() {
        self.itemID = nil
        self.known = .nothing
        self.hasKey = false
        self.cells = nil
        self.placedIn = nil
        self.subitems = [:]
    }

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
