package import FoundationEssentials

/// What a source row is known by: all that matching needs of it.
package struct RowIdentity: Hashable, Sendable {
    /// The caller's name for the row.
    package let index: Int
    package let recordUUID: UUID?
    /// ``BusinessKey/digest``; nil when the order number or the customer is missing.
    package let keyDigest: Digest?
    /// ``Order/fingerprint(_:)``; nil for a rejected row.
    package let fingerprint: Digest?

    package init(index: Int, recordUUID: UUID?, keyDigest: Digest?, fingerprint: Digest?) {
        self.index = index
        self.recordUUID = recordUUID
        self.keyDigest = keyDigest
        self.fingerprint = fingerprint
    }
}
