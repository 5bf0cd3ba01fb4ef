package import FoundationEssentials

/// What a source row is known by: all that matching needs of every row.
package struct RowIdentity: Hashable, Sendable {
    /// The caller's name for the row.
    package var index: Int
    package let recordUUID: UUID?
    /// ``BusinessKey/digest``; nil when the order number or the customer is missing.
    package let keyDigest: Digest?
    /// ``Order/fingerprint(_:)``; nil for a rejected row.
    package let fingerprint: Digest?
    /// Whether the row lies outside of the scope: it claims its order, and is never new.
    package let isElsewhere: Bool

    package init(
        index: Int,
        recordUUID: UUID?,
        keyDigest: Digest?,
        fingerprint: Digest?,
        isElsewhere: Bool = false
    ) {
        self.index = index
        self.recordUUID = recordUUID
        self.keyDigest = keyDigest
        self.fingerprint = fingerprint
        self.isElsewhere = isElsewhere
    }
}
