package import FoundationEssentials
package import Orders

/// What a row of production or staging tells of an order.
package struct KnownOrder: Hashable, Sendable {
    package let orderKey: OrderKey
    package var itemID: Int64?
    package var recordUUID: UUID?
    /// The fingerprint of the values in the row.
    package var fingerprint: Digest?
    /// What the order's row in the source is known by; nil in rows that were written before that was kept.
    package var keyDigest: Digest?
    package var sourceCustomer: String?
    package var customer: String?
    package var orderNumber: String?
    package var style: String?
    package var colour: String?
    package var poNumber: String?
    package var aagSeason: String?
    package var customerSeason: String?
    /// What became of an order that is gone from the source; nil for one that is there.
    package var retired: RetiredOrder.Means?
    /// Of a staging row: whether it has reached production.
    package var isPromoted = true

    package init(orderKey: OrderKey) {
        self.orderKey = orderKey
    }
}

/// What the warehouse knows of the orders with a key.
package struct KnownOrders: Hashable, Sendable {
    /// As they stand in production.
    package var promoted: [OrderKey: KnownOrder] = [:]
    /// As they were staged last, while staging still has them.
    package var staged: [OrderKey: KnownOrder] = [:]

    package init() {}
}

/// What a row of production tells of a subitem.
package struct KnownSubitem: Hashable, Sendable {
    package let size: String
    package let id: Int64
    package let quantity: Int64

    package init(size: String, id: Int64, quantity: Int64) {
        self.size = size
        self.id = id
        self.quantity = quantity
    }
}
