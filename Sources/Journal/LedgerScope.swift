/// Which orders of the ledger a run looked at: every list that is not empty must hold the order's exact value.
package struct LedgerScope: Hashable, Sendable {
    /// Customers as the source names them.
    package var sourceCustomers: [String] = []
    package var poNumbers: [String] = []
    package var aagSeasons: [String] = []
    package var customerSeasons: [String] = []

    /// Every order.
    package static let all = LedgerScope()

    package init(
        sourceCustomers: [String] = [],
        poNumbers: [String] = [],
        aagSeasons: [String] = [],
        customerSeasons: [String] = []
    ) {
        self.sourceCustomers = sourceCustomers
        self.poNumbers = poNumbers
        self.aagSeasons = aagSeasons
        self.customerSeasons = customerSeasons
    }
}
