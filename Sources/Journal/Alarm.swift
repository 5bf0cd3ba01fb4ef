package import Orders

/// A contradiction that a person must look at: a second item for one order, or a second subitem for one size.
package struct Alarm: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case secondItem = "second_item"
        case secondSubitem = "second_subitem"
        case secondGroup = "second_group"
    }

    package let id: Int64
    package let at: Int64
    package let kind: Kind
    package let orderKey: OrderKey?
    package let size: String?
    package let groupTitle: String?
    /// The one the ledger holds, which stays ours.
    package let knownID: String
    package let otherID: String
    package let effectID: Int64?
}

/// An alarm with whose it is, and who has put it away.
package struct AlarmRecord: Hashable, Sendable {
    package let alarm: Alarm
    package let orderNumber: String?
    package let customer: String?
    /// Who has put it away, when and why; nil while nobody has.
    package let acknowledgement: JobDetail.Action?
}

/// What putting alarms away came to.
package struct AlarmOutcome: Hashable, Sendable {
    /// Why an alarm is left as it is.
    package enum Refusal: String, Hashable, Sendable {
        /// There is no such alarm.
        case unknown
        /// Somebody has put it away already.
        case acknowledged
    }

    package struct Refused: Hashable, Sendable {
        package let id: Int64
        package let reason: Refusal
    }

    package var acknowledged: [Int64] = []
    package var refused: [Refused] = []
}
