/// Which order a row is.
package enum Match: Hashable, Sendable {
    /// A known order, as it was last enqueued. When its row has another uuid since, the ledger takes it over.
    case unchanged(OrderKey, uuidChanged: Bool)
    /// A known order that looks different now.
    case changed(OrderKey)
    /// An order not seen before: its occurrence is the highest ever minted for its business key, plus 1, plus the offset.
    case new(offset: Int)
    /// A rejected row of a known order, which is thereby not gone.
    case claimed(OrderKey)
    /// A rejected row of no known order.
    case unclaimed
}

/// The match of one row.
package struct RowMatch: Hashable, Sendable {
    /// ``RowIdentity/index``.
    package let row: Int
    package let match: Match

    package init(row: Int, match: Match) {
        self.row = row
        self.match = match
    }
}
