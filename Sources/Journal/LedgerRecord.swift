package import FoundationEssentials
package import Orders

/// An order of the ledger with all that is known of it on the board.
package struct LedgerRecord: Hashable, Sendable {
    package let orderKey: OrderKey
    /// What its row in the source is known by.
    package let recordUUID: UUID?
    package let keyDigest: Digest
    package let occurrence: Int
    package let orderNumber: String
    package let customer: String
    package let itemID: Int64?
    package let isArchived: Bool
    /// What was asked for since the order is gone from the source; nil while it is there.
    package let retired: JobKind?
    /// When the board was last brought to a snapshot; nil when it never was.
    package let syncedAt: Int64?
    /// Whether it was once brought to the board and to production whole, and was not retired since.
    package let isComplete: Bool
    /// The snapshot that the item's columns carry.
    package let snapshot: [UInt8]?
    /// The fingerprint of the snapshot.
    package let fingerprint: Digest?
    package let subitems: [LedgerSubitem]
    /// Whether a job of the order may change the board at any time.
    package var isInWork: Bool
    /// Whether the order's job is dead or held: a person decides what becomes of it.
    package let isStopped: Bool

    /// The same, as one that is not to be judged now.
    package var inWork: LedgerRecord {
        var record = self
        record.isInWork = true
        return record
    }
}
