package import FoundationEssentials
package import Orders

/// An error row that the warehouse lacks, or one there that lacks its resolution.
package struct PendingError: Hashable, Sendable {
    package enum Source: String, Hashable, Sendable {
        case job, reject
    }

    /// Who or what made it good, and when.
    package struct Resolution: Hashable, Sendable {
        package let at: Int64
        package let by: String
    }

    package let id: Int64
    /// Unique for ever: the warehouse writes a row once, however often it is told to.
    package let key: String
    package let source: Source
    /// Whether the warehouse holds the row, so that only the resolution is missing.
    package let isWritten: Bool
    package let resolution: Resolution?
    package let orderKey: OrderKey?
    package let jobID: Int64?
    package let batchID: UUID?
    /// The name of that batch; for a reject, of the run that met it last.
    package let batchName: String?
    /// The size of the subitem that failed; nil for the order itself.
    package let size: String?
    /// The column of a reject.
    package let column: String?
    package let failure: Failure
    /// Failed tries that counted.
    package let retryCount: Int
    /// Whether it died of its number of tries.
    package let isExhausted: Bool
    package let request: String?
    package let occurredAt: Int64
    package let recordUUID: UUID?
    package let orderNumber: String?
    package let sourceCustomer: String?
    package let customer: String?
    package let itemID: Int64?
    /// The whole order, or the rejected row, as JSON.
    package let data: [UInt8]?
}

/// A closed batch whose row in the warehouse lacks its end.
package struct PendingBatch: Hashable, Sendable {
    package let close: BatchClose
    package let customer: String
    package let name: String
    package let type: String
    package let orders: Int
    package let openedAt: Int64
    package let closedAt: Int64
}
