package import FoundationEssentials

/// A source row that breaks a rule: it is not synced, and its order keeps its last good state on the board.
package struct Reject: Hashable, Sendable {
    /// One cell that breaks a rule.
    package struct Reason: Hashable, Sendable {
        /// The longest value that is kept, in characters.
        package static let maximumValueLength = 200

        package let column: String
        /// The cell, cut at ``maximumValueLength`` characters; nil for NULL.
        package let value: String?
        /// SHA-256 of the whole cell, to tell whether it changed.
        package let valueDigest: Digest
        /// What is wrong with it, in words.
        package let reason: String

        package init(column: String, value: String?, reason: String) {
            var encoding = DigestEncoding(purpose: "rejected value", version: 1)
            encoding.append(value)
            self.column = column
            self.value = value.map { String($0.prefix(Self.maximumValueLength)) }
            self.valueDigest = encoding.digest
            self.reason = reason
        }
    }

    /// The number of the row in this read, from 1; nil when the reader doesn't count.
    package let row: Int?
    /// Nil when the order number or the customer is missing.
    package let businessKey: BusinessKey?
    package let recordUUID: UUID?
    package let orderNumber: String?
    /// The customer as the source names it.
    package let customer: String?
    /// What a run may be narrowed by, beside the customer.
    package let poNumber: String?
    package let aagSeason: String?
    package let customerSeason: String?
    /// Every reason, in the order of the field map.
    package let reasons: [Reason]
    /// The row as it stands in the source, as far as the field map reads it, as a JSON object; NULLs are left out.
    package var source: [UInt8]

    package init(
        row: Int?,
        businessKey: BusinessKey?,
        recordUUID: UUID?,
        orderNumber: String?,
        customer: String?,
        poNumber: String? = nil,
        aagSeason: String? = nil,
        customerSeason: String? = nil,
        reasons: [Reason],
        source: [UInt8] = []
    ) {
        self.row = row
        self.businessKey = businessKey
        self.recordUUID = recordUUID
        self.orderNumber = orderNumber
        self.customer = customer
        self.poNumber = poNumber
        self.aagSeason = aagSeason
        self.customerSeason = customerSeason
        self.reasons = reasons
        self.source = source
    }
}

/// What came of reading one source row.
package enum RowReading: Hashable, Sendable {
    case order(Order)
    case reject(Reject)
}
