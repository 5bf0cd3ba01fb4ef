package import FoundationEssentials
package import Orders

/// An order to be brought to the board, as the enqueue run hands it to the journal.
package struct EnqueuedOrder: Hashable, Sendable {
    package let orderKey: OrderKey
    package let kind: JobKind
    /// The whole order, in the encoding of `Order.snapshot`.
    package let snapshot: [UInt8]
    /// SHA-256 of ``snapshot``.
    package let snapshotDigest: Digest
    package let fingerprint: Digest
    package let identity: OrderIdentity
    /// Whether the ledger knows the order by another business key.
    package let hasNewKey: Bool
    /// What the cells of its row are known by; nil when no row of the source table was read.
    package let rowDigest: Digest?

    package init(
        orderKey: OrderKey,
        kind: JobKind = .sync,
        snapshot: [UInt8],
        snapshotDigest: Digest,
        fingerprint: Digest,
        identity: OrderIdentity,
        hasNewKey: Bool = false,
        rowDigest: Digest? = nil
    ) {
        self.orderKey = orderKey
        self.kind = kind
        self.snapshot = snapshot
        self.snapshotDigest = snapshotDigest
        self.fingerprint = fingerprint
        self.identity = identity
        self.hasNewKey = hasNewKey
        self.rowDigest = rowDigest
    }
}

/// The row in which an unchanged order stands now.
package struct SeenRow: Hashable, Sendable {
    /// The order's number in the ledger.
    package let place: Int64
    /// Nil when the row has none.
    package let recordUUID: UUID?
    /// Nil when the row was not read from the source table.
    package let rowDigest: Digest?

    package init(place: Int64, recordUUID: UUID?, rowDigest: Digest? = nil) {
        self.place = place
        self.recordUUID = recordUUID
        self.rowDigest = rowDigest
    }
}

/// What an order is recognised and filtered by.
package struct OrderIdentity: Hashable, Sendable {
    package let recordUUID: UUID?
    /// SHA-256 of the business key as it stands in the source now.
    package let keyDigest: Digest
    /// The occurrence the order key was minted with; it stays for life.
    package let occurrence: Int
    package let orderNumber: String
    /// As the source names the customer.
    package let sourceCustomer: String
    /// The canonical name: whose turn it is when the job is claimed.
    package let customer: String
    package let style: String?
    package let colour: String?
    package let poNumber: String?
    package let aagSeason: String?
    package let customerSeason: String?

    package init(
        recordUUID: UUID?,
        keyDigest: Digest,
        occurrence: Int,
        orderNumber: String,
        sourceCustomer: String,
        customer: String,
        style: String?,
        colour: String?,
        poNumber: String?,
        aagSeason: String?,
        customerSeason: String?
    ) {
        self.recordUUID = recordUUID
        self.keyDigest = keyDigest
        self.occurrence = occurrence
        self.orderNumber = orderNumber
        self.sourceCustomer = sourceCustomer
        self.customer = customer
        self.style = style
        self.colour = colour
        self.poNumber = poNumber
        self.aagSeason = aagSeason
        self.customerSeason = customerSeason
    }
}

/// What became of an enqueued order.
package enum Disposition: Hashable, Sendable {
    /// The order had no live job: this one may be claimed at once.
    case ready
    /// The order's live job is at work or in doubt: this one waits for it.
    case waiting
    /// As ``waiting``, and the snapshot that waited before is dropped.
    case replacedWaiting
    /// The order's live job had not begun, was waiting for another try, was dead or was held; this one takes its place.
    case superseded(JobState)
}

/// A cell of a source row that can't become part of an order.
package struct RejectRecord: Hashable, Sendable {
    /// Names the row over time: the digest of its business key, or of whatever else names it where the key is incomplete.
    package let keyDigest: Digest
    package let column: String
    /// Tells whether the value has changed since it was last rejected.
    package let valueDigest: Digest
    /// Cut at 200 characters.
    package let value: String?
    package let reason: String
    package let recordUUID: UUID?
    /// The order this row claims, where it is known.
    package let orderKey: OrderKey?
    package let orderNumber: String?
    package let sourceCustomer: String?
    package let poNumber: String?
    package let aagSeason: String?
    package let customerSeason: String?
    /// The row as JSON, for the error table.
    package let row: [UInt8]?

    package init(
        keyDigest: Digest,
        column: String,
        valueDigest: Digest,
        value: String?,
        reason: String,
        recordUUID: UUID? = nil,
        orderKey: OrderKey? = nil,
        orderNumber: String? = nil,
        sourceCustomer: String? = nil,
        poNumber: String? = nil,
        aagSeason: String? = nil,
        customerSeason: String? = nil,
        row: [UInt8]? = nil
    ) {
        self.keyDigest = keyDigest
        self.column = column
        self.valueDigest = valueDigest
        self.value = value
        self.reason = reason
        self.recordUUID = recordUUID
        self.orderKey = orderKey
        self.orderNumber = orderNumber
        self.sourceCustomer = sourceCustomer
        self.poNumber = poNumber
        self.aagSeason = aagSeason
        self.customerSeason = customerSeason
        self.row = row
    }
}
