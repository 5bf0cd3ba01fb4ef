/// Which rows of the source to read.
///
/// A row passes when, for each list that isn't empty, its trimmed value equals one of the list, case and accents included, whatever the
/// source's collation.
package struct SourceFilter: Hashable, Sendable {
    /// The customers, as the source names them.
    package var customers: [String]
    package var purchaseOrders: [String]
    package var aagSeasons: [String]
    package var customerSeasons: [String]
    package var orderNumbers: [String]

    package init(
        customers: [String] = [],
        purchaseOrders: [String] = [],
        aagSeasons: [String] = [],
        customerSeasons: [String] = [],
        orderNumbers: [String] = []
    ) {
        self.customers = customers
        self.purchaseOrders = purchaseOrders
        self.aagSeasons = aagSeasons
        self.customerSeasons = customerSeasons
        self.orderNumbers = orderNumbers
    }

    /// Whether every row passes.
    package var isEmpty: Bool {
        self.customers.isEmpty && self.purchaseOrders.isEmpty && self.aagSeasons.isEmpty
            && self.customerSeasons.isEmpty && self.orderNumbers.isEmpty
    }
}
