package import FoundationEssentials

/// What a source row is known by: all that matching needs of every row.
package struct RowIdentity: Hashable, Sendable {
    /// The caller's name for the row; negative for one of which nothing was kept.
    package var index: Int
    package let recordUUID: UUID?
    /// ``BusinessKey/digest``; nil when the order number or the customer is missing.
    package let keyDigest: Digest?
    /// ``Order/fingerprint(_:)``; nil for a rejected row.
    package let fingerprint: Digest?
    /// What its cells are known by; nil when it was not read from the source table.
    package let rowDigest: Digest?
    /// Whether the row lies outside of the scope: it claims its order, and is never new.
    package let isElsewhere: Bool

    package init(
        index: Int,
        recordUUID: UUID?,
        keyDigest: Digest?,
        fingerprint: Digest?,
        rowDigest: Digest? = nil,
        isElsewhere: Bool = false
    ) {
        self.index = index
        self.recordUUID = recordUUID
        self.keyDigest = keyDigest
        self.fingerprint = fingerprint
        self.rowDigest = rowDigest
        self.isElsewhere = isElsewhere
    }
}
