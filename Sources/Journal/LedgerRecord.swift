package import Orders

/// An order of the ledger with all that is known of it on the board.
package struct LedgerRecord: Hashable, Sendable {
    package let orderKey: OrderKey
    package let orderNumber: String
    package let customer: String
    package let itemID: Int64?
    package let isArchived: Bool
    /// What was asked for since the order is gone from the source; nil while it is there.
    package let retired: JobKind?
    /// When the board was last brought to a snapshot; nil when it never was.
    package let syncedAt: Int64?
    package let fingerprintSynced: Digest?
    /// The snapshot that the item's columns carry.
    package let snapshot: [UInt8]?
    package let subitems: [LedgerSubitem]
    /// Whether a job of the order may change the board at any time.
    package var isInWork: Bool
    /// Whether the order's job is dead.
    package let isDead: Bool

    /// The same, as one that is not to be judged now.
    package var inWork: LedgerRecord {
        var record = self
        record.isInWork = true
        return record
    }
}
