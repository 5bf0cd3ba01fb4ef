/// Which order a row is.
///
/// Indirect, so that the matches of a hundred thousand new rows, which have no order, stay small.
package indirect enum Match: Hashable, Sendable {
    /// A known order, as it was last enqueued. When its row has another uuid since, the ledger takes it over.
    case unchanged(LedgerIdentity, uuidChanged: Bool)
    /// A known order that looks different now, or that comes back after it was gone.
    case changed(LedgerIdentity)
    /// An order not seen before.
    case new
    /// A rejected row of a known order, which is thereby not gone.
    case claimed(LedgerIdentity)
    /// A rejected row of no known order, or a row outside of the scope that is nothing to this run.
    case unclaimed

    /// The known order that the row is.
    package var order: LedgerIdentity? {
        switch self {
        case .unchanged(let order, _), .changed(let order), .claimed(let order): order
        case .new, .unclaimed: nil
        }
    }
}

/// The match of one row.
package struct RowMatch: Hashable, Sendable {
    package let row: RowIdentity
    package let match: Match

    package init(row: RowIdentity, match: Match) {
        self.row = row
        self.match = match
    }
}

/// Rows and orders of which each may be one of the others: what rules 3 and 4, or rule 5, decide.
package struct Contest: Hashable, Sendable {
    package let rows: [RowIdentity]
    package let orders: [LedgerIdentity]

    package init(rows: [RowIdentity], orders: [LedgerIdentity]) {
        self.rows = rows
        self.orders = orders
    }

    /// Whether the states of rows and orders are needed to tell which is which.
    package var needsStates: Bool { self.rows.count > 1 || self.orders.count > 1 }
}
