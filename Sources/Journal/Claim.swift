package import FoundationEssentials
package import Orders

/// The due jobs of one customer, to be worked as one batch.
package struct Claim: Hashable, Sendable {
    package let batchID: UUID
    /// The canonical name of the customer.
    package let customer: String
    /// Name and type of the run that enqueued the oldest job: what the warehouse's batch row shows.
    package let batchName: String
    package let batchType: String
    /// Oldest first, never empty.
    package let jobs: [ClaimedJob]
}

/// What one commit of the daemon's loop brought.
package struct ClaimResult: Hashable, Sendable {
    /// Nil when nothing is due.
    package let claim: Claim?
    /// The settlements that were ignored, since the job had been taken from the caller.
    package let stale: [JobReference]
}

/// One job of a claim, with all that is needed to work on it.
package struct ClaimedJob: Hashable, Sendable {
    package let id: Int64
    package let generation: Int64
    package let orderKey: OrderKey
    package let kind: JobKind
    package let stage: JobStage
    package let snapshot: [UInt8]
    /// What SHA-256 of ``snapshot`` must be.
    package let snapshotDigest: Digest
    package let fingerprint: Digest
    /// Failed tries that count.
    package let errors: Int
    /// How often a person replayed it.
    package let replays: Int
    /// Whether it was in flight when the daemon died several times in a row: then it is alone in its claim.
    package let isSolo: Bool
    /// Whether what to write is found by reading the board, not by what the ledger knows of it.
    package let isRepair: Bool
    /// When the order began to wait, in milliseconds.
    package let queuedAt: Int64
    package let ledger: LedgerState

    package var reference: JobReference { JobReference(id: self.id, generation: self.generation) }
}

/// What is known of an order when its job is claimed.
package struct LedgerState: Hashable, Sendable {
    package let recordUUID: UUID?
    package let keyDigest: Digest
    package let itemID: Int64?
    /// The board of the item; set exactly when ``itemID`` is.
    package let itemBoard: Int64?
    package let groupID: String?
    /// Whether the order was once brought to the board whole, and was not retired since.
    package let isComplete: Bool
    /// The snapshot that the item's columns carry; nil when there is no item, or when it isn't known.
    package let syncedSnapshot: [UInt8]?
    package let subitems: [LedgerSubitem]
    package let isArchived: Bool
    /// Whether the board must be searched for the order's item before one is made.
    package let lookUpFirst: Bool
}

/// A subitem that the board is known to hold.
package struct LedgerSubitem: Hashable, Sendable {
    package let size: String
    package let id: Int64
    /// What it is known to say; ``unknownQuantity`` after a change of which nobody can tell whether it was made.
    package let quantity: Int64

    /// Differs from whatever an order may want, so that it is written.
    package static let unknownQuantity: Int64 = -1

    package init(size: String, id: Int64, quantity: Int64) {
        self.size = size
        self.id = id
        self.quantity = quantity
    }
}
