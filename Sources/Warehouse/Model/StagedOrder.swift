package import Orders

/// One order to stage: its state, and what is known of it.
package struct StagedOrder: Sendable {
    package let orderKey: OrderKey
    package let order: Order
    /// What detection found: NEW, CHANGED, ….
    package let changeType: String
    /// The fingerprint in hexadecimal.
    package let sourceHash: String
    /// The item on the board, when there is one already.
    package let itemID: Int64?

    package init(orderKey: OrderKey, order: Order, changeType: String, sourceHash: String, itemID: Int64? = nil) {
        self.orderKey = orderKey
        self.order = order
        self.changeType = changeType
        self.sourceHash = sourceHash
        self.itemID = itemID
    }
}
