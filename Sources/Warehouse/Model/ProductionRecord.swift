package import Orders

/// A row of the production table of orders, as far as ordersync writes it.
package struct ProductionOrder: Hashable, Sendable {
    /// Nil in rows that were there before ordersync.
    package let orderKey: OrderKey?
    package let itemID: Int64?
    /// The row's values by column; an empty one is left out, and so is a column that the table lacks.
    package let values: [String: String]

    package init(orderKey: OrderKey?, itemID: Int64?, values: [String: String]) {
        self.orderKey = orderKey
        self.itemID = itemID
        self.values = values
    }
}

/// A row of the production table of subitems that has an order key.
package struct ProductionSubitem: Hashable, Sendable {
    package let size: String
    package let quantity: Int64?
    package let subitemID: Int64?

    package init(size: String, quantity: Int64?, subitemID: Int64?) {
        self.size = size
        self.quantity = quantity
        self.subitemID = subitemID
    }
}

/// What stands in the production tables.
package struct Production: Hashable, Sendable {
    package var orders: [ProductionOrder] = []
    package var subitems: [OrderKey: [ProductionSubitem]] = [:]
    /// The columns of the orders' table that ordersync writes, in their spelling here.
    package var columns: Set<String> = []

    package init() {}
}
