import Journal
import Monday
import Orders

/// One mutation that the engine wants made, and whose it is.
struct PlannedCall: Sendable {
    /// What the journal is told of the call, but for its alias, which the request gives it.
    struct Target: Sendable {
        var kind: EffectKind
        var job: JobReference?
        var orderKey: OrderKey?
        var size: String?
        var quantity: Int64?
        /// The parent of a subitem, or the item or subitem that is changed.
        var itemID: Int64?
        var groupTitle: String?
        var groupID: String?

        init(_ kind: EffectKind, job: ClaimedJob? = nil) {
            self.kind = kind
            self.job = job?.reference
            self.orderKey = job?.orderKey
        }

        func named(_ alias: String) -> EffectTarget {
            EffectTarget(
                alias: alias,
                kind: self.kind,
                job: self.job,
                orderKey: self.orderKey,
                size: self.size,
                quantity: self.quantity,
                itemID: self.itemID,
                groupTitle: self.groupTitle,
                groupID: self.groupID
            )
        }
    }

    /// What Monday.com is asked to do.
    let mutation: Mutation
    let target: Target
    /// The labels that the call brings to the board, which must exist or be made.
    var labels: Set<Label> = []
    /// How many errors its job has had: a suspect travels in small company.
    var errors = 0
}

/// What became of a planned call.
enum CallResult: Sendable {
    /// Done, and recorded in the journal.
    case done(RemoteID)
    /// Surely not done, and why.
    case refused(Failure)
    /// It may have been done: nothing leads to another send before that time (UTC milliseconds).
    case inDoubt(until: Int64, Failure)
    /// Not sent, since the service is stopping.
    case stopped
}

extension EffectOutcome {
    /// What an answer said of an alias, as the journal keeps it.
    init(_ outcome: AliasOutcome) {
        self =
            switch outcome {
            case .done(let id): .done(remoteID: id.number, text: id.text)
            case .refused(let failure): .refused(failure)
            case .unknown(let failure): .unknown(failure)
            }
    }
}
