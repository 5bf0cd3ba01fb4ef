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

        /// Takes a reason as it was kept.
        package init(column: String, cut value: String?, valueDigest: Digest, reason: String) {
            self.column = column
            self.value = value
            self.valueDigest = valueDigest
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
    package let source: [UInt8]
    /// What can be read of the row, which tells whose row it is among several; nil without a business key.
    package let state: Order?
    /// Names the row over time, and through reloads: its business key, or all that can be read of it.
    package let name: Digest

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
        source: [UInt8] = [],
        state: Order? = nil,
        name: Digest? = nil
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
        self.state = state
        self.name = name ?? businessKey?.digest ?? Self.name(values: [orderNumber, customer, poNumber], sizes: [])
    }

    /// The name of a row without a business key.
    static func name(values: [String?], sizes: [SizeQuantity]) -> Digest {
        var encoding = DigestEncoding(purpose: "rejected row", version: 1)
        values.forEach { encoding.append($0) }
        for size in sizes {
            encoding.append(size.label)
            encoding.append(Int64(size.quantity))
        }
        return encoding.digest
    }
}

/// What came of reading one source row.
package enum RowReading: Hashable, Sendable {
    case order(Order)
    case reject(Reject)
}
