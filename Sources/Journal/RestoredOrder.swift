package import FoundationEssentials
package import Orders

/// What board and warehouse tell of an order whose ledger row is to be restored.
package struct RestoredOrder: Hashable, Sendable {
    /// Its item, on the board or taken off it.
    package struct Item: Hashable, Sendable {
        package let id: Int64
        package let group: String?
        package let subitems: [LedgerSubitem]
        /// Items that carry the same key, of which this one is ours.
        package let others: [Int64]

        package init(id: Int64, group: String?, subitems: [LedgerSubitem], others: [Int64]) {
            self.id = id
            self.group = group
            self.subitems = subitems
            self.others = others
        }
    }

    package let orderKey: OrderKey
    /// Nil when there is none.
    package let item: Item?
    /// What the order's row in the source is known by; nil for what nobody kept.
    package var recordUUID: UUID?
    package var keyDigest: Digest?
    package var occurrence: Int?
    package var orderNumber: String?
    package var sourceCustomer: String?
    package var customer: String?
    package var style: String?
    package var colour: String?
    package var poNumber: String?
    package var aagSeason: String?
    package var customerSeason: String?
    /// The fingerprint of what stands on the board; nil when that can't be told, so that the next run writes it.
    package var fingerprint: Digest?
    /// What was done to an order that is gone; nil for one that is there.
    package var retired: JobKind?

    package init(orderKey: OrderKey, item: Item?) {
        self.orderKey = orderKey
        self.item = item
    }
}

/// What restoring a ledger came to.
package struct LedgerRestoration: Hashable, Sendable {
    /// Orders in the ledger before and after.
    package var before = 0
    package var after = 0
    /// Jobs that were dropped: the next run queues what still differs.
    package var dropped = 0
    /// Requests without a known outcome that were settled by what the board shows.
    package var settled = 0
    /// The journal's new id.
    package var journalID = ""
    package var alarms: [Alarm] = []
}
