package import Orders

/// An order that stands complete on the board: its item and every subitem.
package struct PromotedOrder: Hashable, Sendable {
    package let orderKey: OrderKey
    package let itemID: Int64
    package let subitems: [PromotedSubitem]

    package init(orderKey: OrderKey, itemID: Int64, subitems: [PromotedSubitem]) {
        self.orderKey = orderKey
        self.itemID = itemID
        self.subitems = subitems
    }
}

/// One subitem of a complete order.
package struct PromotedSubitem: Hashable, Sendable {
    package let size: String
    package let quantity: Int64
    package let subitemID: Int64
    /// The subitem board; nil while it isn't known.
    package let boardID: Int64?

    package init(size: String, quantity: Int64, subitemID: Int64, boardID: Int64?) {
        self.size = size
        self.quantity = quantity
        self.subitemID = subitemID
        self.boardID = boardID
    }
}
