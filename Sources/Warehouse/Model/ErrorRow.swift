package import FoundationEssentials
package import Orders

/// A failure to keep in the error tables: of an order, or of one of its subitems.
///
/// Texts longer than their columns are cut when they are written, so that an error can always be written; the whole
/// order is in ``originalData``.
package struct ErrorRow: Hashable, Sendable {
    /// What a row of the subitem table says beside the rest.
    package struct Subitem: Hashable, Sendable {
        package let size: String
        package let name: String
        package let quantity: Int64?
        package let parentItemID: Int64?

        package init(size: String, name: String, quantity: Int64? = nil, parentItemID: Int64? = nil) {
            self.size = size
            self.name = name
            self.quantity = quantity
            self.parentItemID = parentItemID
        }
    }

    /// Names the failure: the same key written twice gives one row.
    package var errorKey: String
    package var jobID: Int64?
    package var orderKey: OrderKey?
    package var batchID: UUID?
    package var customerBatch: String?
    package var orderNumber: String?
    package var itemName: String?
    package var groupName: String?
    /// The request that failed, as JSON.
    package var apiPayload: String?
    /// Such as ITEM_CREATION_ERROR.
    package var errorType: String
    package var failure: Failure
    package var retryCount: Int
    /// Whether it died of its number of tries, and not of a refusal that no further try would change.
    package var maxRetriesReached: Bool
    /// UTC milliseconds.
    package var createdAt: Int64
    package var lastRetryAt: Int64?
    /// The whole order as JSON.
    package var originalData: String?
    /// Nil: the row goes to the orders' table.
    package var subitem: Subitem?

    package init(
        errorKey: String,
        errorType: String,
        failure: Failure,
        createdAt: Int64,
        retryCount: Int = 0,
        maxRetriesReached: Bool = false
    ) {
        self.errorKey = errorKey
        self.errorType = errorType
        self.failure = failure
        self.createdAt = createdAt
        self.retryCount = retryCount
        self.maxRetriesReached = maxRetriesReached
    }
}
