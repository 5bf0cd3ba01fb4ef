package import Orders

/// What a mutation makes or changes.
package enum EffectKind: String, Hashable, Sendable, CaseIterable {
    case createGroup = "create_group"
    case createItem = "create_item"
    case createSubitem = "create_subitem"
    /// Of the item; of a subitem where the target names a size.
    case changeColumns = "change_columns"
    case moveItem = "move_item"
    case archiveItem = "archive_item"
    case deleteSubitem = "delete_subitem"
}

/// A request about to be sent, written down before its first byte leaves.
package struct EffectIntent: Hashable, Sendable {
    package let idempotencyKey: String
    package let kind: EffectKind
    package let board: Int64
    /// The exact bytes: if they are sent again, they are sent as they are.
    package let body: [UInt8]
    package let targets: [EffectTarget]

    package init(idempotencyKey: String, kind: EffectKind, board: Int64, body: [UInt8], targets: [EffectTarget]) {
        self.idempotencyKey = idempotencyKey
        self.kind = kind
        self.board = board
        self.body = body
        self.targets = targets
    }
}

/// What one alias of a request is meant to do.
package struct EffectTarget: Hashable, Sendable {
    package let alias: String
    package let kind: EffectKind
    /// The claimed job on whose behalf it is sent; nil for what serves many, as a group.
    package let job: JobReference?
    package let orderKey: OrderKey?
    /// The size label of a subitem.
    package let size: String?
    package let quantity: Int64?
    /// The parent of a subitem, or the item or subitem that is changed.
    package let itemID: Int64?
    package let groupTitle: String?
    package let groupID: String?

    package init(
        alias: String,
        kind: EffectKind,
        job: JobReference? = nil,
        orderKey: OrderKey? = nil,
        size: String? = nil,
        quantity: Int64? = nil,
        itemID: Int64? = nil,
        groupTitle: String? = nil,
        groupID: String? = nil
    ) {
        self.alias = alias
        self.kind = kind
        self.job = job
        self.orderKey = orderKey
        self.size = size
        self.quantity = quantity
        self.itemID = itemID
        self.groupTitle = groupTitle
        self.groupID = groupID
    }
}

/// What came of one alias.
package enum EffectOutcome: Hashable, Sendable {
    /// Monday answered with the id; a group's is text.
    case done(remoteID: Int64? = nil, text: String? = nil)
    /// Looked up afterwards and found.
    case adopted(remoteID: Int64? = nil, text: String? = nil)
    /// Looked up afterwards and not there.
    case absent
    /// Definitely refused.
    case refused(Failure)
    /// No definite answer: it stays in doubt.
    case unknown(Failure)
}

/// A request of which at least one alias has no known outcome.
package struct UnsettledEffect: Hashable, Sendable {
    package let id: Int64
    package let idempotencyKey: String
    package let kind: EffectKind
    package let board: Int64
    package let body: [UInt8]
    /// When it was sent last, in milliseconds; nothing is looked up before that plus Monday's execution limit and search lag.
    package let sentAt: Int64
    /// When it was sent first: how long Monday has known the key.
    package let firstSentAt: Int64
    package let sends: Int
    /// The daemon start that sent it.
    package let epoch: Int64
    /// Those without an outcome.
    package let open: [EffectTarget]
    /// How many have one: if none has, the same bytes may be sent again under the same key.
    package let settledTargets: Int
}

/// A thing that was in doubt and is to be looked up once more.
package struct Recheck: Hashable, Sendable {
    package let effectID: Int64
    package let board: Int64
    package let target: EffectTarget
    /// The id that was recorded for it; nil when it was found absent or refused.
    package let remoteID: Int64?
    package let settledAt: Int64
}

/// An item found on the board for an order, outside of any effect: after a loss of the ledger, or in a cutover.
package struct AdoptedItem: Hashable, Sendable {
    package let orderKey: OrderKey
    package let itemID: Int64
    package let board: Int64
    package let groupID: String?
    package let subitems: [LedgerSubitem]

    package init(orderKey: OrderKey, itemID: Int64, board: Int64, groupID: String?, subitems: [LedgerSubitem]) {
        self.orderKey = orderKey
        self.itemID = itemID
        self.board = board
        self.groupID = groupID
        self.subitems = subitems
    }
}
