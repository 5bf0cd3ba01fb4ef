package import Orders

/// An order that is gone from the source, and what became of it on the board.
package struct RetiredOrder: Hashable, Sendable {
    /// The word that its row in production shows as `change_type`.
    package enum Means: String, Hashable, Sendable {
        /// Its item is archived.
        case archived = "ARCHIVED"
        /// Its quantities are zero.
        case zeroed = "ZEROED"
    }

    package let orderKey: OrderKey
    package let how: Means

    package init(orderKey: OrderKey, how: Means) {
        self.orderKey = orderKey
        self.how = how
    }
}
