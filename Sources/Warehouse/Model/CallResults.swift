package import Orders

/// An order whose item stands on the board.
package struct ItemResult: Hashable, Sendable {
    package let orderKey: OrderKey
    package let itemID: Int64

    package init(orderKey: OrderKey, itemID: Int64) {
        self.orderKey = orderKey
        self.itemID = itemID
    }
}

/// A size of an order whose subitem stands on the board.
package struct SubitemResult: Hashable, Sendable {
    package let orderKey: OrderKey
    package let size: String
    package let subitemID: Int64
    /// The subitem board; nil while it isn't known.
    package let boardID: Int64?

    package init(orderKey: OrderKey, size: String, subitemID: Int64, boardID: Int64?) {
        self.orderKey = orderKey
        self.size = size
        self.subitemID = subitemID
        self.boardID = boardID
    }
}

/// An order that a call failed for in this batch.
package struct FailedOrder: Hashable, Sendable {
    package let orderKey: OrderKey
    package let failure: Failure
    /// The size whose subitem failed; nil when it was the item, its group, or the order as a whole.
    package let size: String?

    package init(orderKey: OrderKey, failure: Failure, size: String? = nil) {
        self.orderKey = orderKey
        self.failure = failure
        self.size = size
    }
}
