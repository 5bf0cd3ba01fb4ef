package import FoundationEssentials

/// What the ledger knows a source row by.
package struct LedgerIdentity: Hashable, Sendable {
    /// The order's number in the ledger, from 1: a set of orders is a set of bits.
    package let place: Int64
    package let orderKey: OrderKey
    /// The uuid of the row that was seen last; it changes when the source is reloaded.
    package let recordUUID: UUID?
    /// SHA-256 of the business key that was seen last.
    package let keyDigest: Digest
    /// The occurrence the order key was minted with.
    package let occurrence: Int
    /// The fingerprint that was enqueued last; nil for an order known from the board only.
    package let fingerprint: Digest?
    package let orderNumber: String
    /// The customer as the source names it.
    package let customer: String
    /// When it was first missing from a complete read, in milliseconds; nil while it is there.
    package let missingSince: Int64?
    /// Whether what is to become of it was enqueued, since it is gone from the source.
    package let isRetired: Bool
    /// The number of the field map by which its row was last read; nil when that isn't known.
    package let fieldMap: Int64?
    /// What the cells of that row are known by, from which ``fingerprint`` was made; nil when that isn't known.
    package let rowDigest: Digest?
    /// Whether the run's filter takes it in, by what the ledger last saw of it.
    package let isInScope: Bool

    package init(
        place: Int64,
        orderKey: OrderKey,
        recordUUID: UUID?,
        keyDigest: Digest,
        occurrence: Int,
        fingerprint: Digest?,
        orderNumber: String,
        customer: String,
        missingSince: Int64? = nil,
        isRetired: Bool = false,
        fieldMap: Int64? = nil,
        rowDigest: Digest? = nil,
        isInScope: Bool = true
    ) {
        self.place = place
        self.orderKey = orderKey
        self.recordUUID = recordUUID
        self.keyDigest = keyDigest
        self.occurrence = occurrence
        self.fingerprint = fingerprint
        self.orderNumber = orderNumber
        self.customer = customer
        self.missingSince = missingSince
        self.isRetired = isRetired
        self.fieldMap = fieldMap
        self.rowDigest = rowDigest
        self.isInScope = isInScope
    }

    /// The same order, once it is known which business key it bears.
    package func identified(as keyDigest: Digest, occurrence: Int) -> LedgerIdentity {
        LedgerIdentity(
            place: self.place,
            orderKey: self.orderKey,
            recordUUID: self.recordUUID,
            keyDigest: keyDigest,
            occurrence: occurrence,
            fingerprint: self.fingerprint,
            orderNumber: self.orderNumber,
            customer: self.customer,
            missingSince: self.missingSince,
            isRetired: self.isRetired,
            fieldMap: self.fieldMap,
            rowDigest: self.rowDigest,
            isInScope: self.isInScope
        )
    }
}
