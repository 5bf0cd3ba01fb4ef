/// What the rows and the orders of a contest look like.
package struct ContestStates: Sendable {
    /// By ``RowIdentity/index``.
    package var rows: [Int: Order] = [:]
    /// As they were last enqueued.
    package var orders: [OrderKey: Order] = [:]

    package init() {}

    func rows(_ contest: Contest) -> [Pairing.Candidate<RowIdentity>] {
        contest.rows.map { Pairing.Candidate(subject: $0, state: self.rows[$0.index]) }
    }

    func orders(_ contest: Contest) -> [Pairing.Candidate<LedgerIdentity>] {
        contest.orders.map { Pairing.Candidate(subject: $0, state: self.orders[$0.orderKey]) }
    }
}

/// What rule 5 says of one order number and customer.
package struct FamilyVerdict: Hashable, Sendable {
    package let matches: [RowMatch]
    /// The rows that may be one of ``orders`` under another name, and are new in this run.
    package let rows: [RowIdentity]
    /// The orders that may be one of ``rows``, and are not gone in this run.
    package let orders: [LedgerIdentity]

    /// No verdict.
    package static let none = FamilyVerdict(matches: [], rows: [], orders: [])
}
