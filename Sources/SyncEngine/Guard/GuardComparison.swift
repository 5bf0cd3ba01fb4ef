package import Journal
package import Warehouse

/// Whether a board's guard row is one that this journal wrote, and is no further than it: a pure decision.
///
/// A journal ahead of the row is the usual case: what a request made is in the journal before the warehouse hears of it. A row ahead
/// of the journal is not: the journal was rolled back.
package enum GuardComparison {
    /// Compares.
    ///
    /// The row must have been read before the journal's numbers: a daemon that is at work meanwhile raises the journal's first.
    ///
    /// - Parameters:
    ///   - row: What stands in the warehouse; nil in a new one, which says nothing against any journal.
    ///   - journal: The journal's own numbers.
    /// - Returns: Why the journal must create nothing; nil when it may.
    package static func refusal(_ row: GuardRow?, _ journal: GuardNumbers) -> JournalRefusal? {
        guard let row else { return nil }
        func refuse(_ reason: JournalRefusal.Reason) -> JournalRefusal { JournalRefusal(reason, board: row.board) }
        guard row.journalID == journal.journalID else { return refuse(journal.isLedgerEmpty ? .lost : .foreign) }
        guard row.epoch <= journal.epoch, row.lastEffect <= journal.lastEffect else { return refuse(.rolledBack) }
        // A rebuilt journal writes before its first start, and then has no token to show.
        if let token = row.token, journal.tokens[row.epoch] != token { return refuse(.copied) }
        // Orders are never struck off a ledger, so what sent something knows some.
        if row.lastEffect > 0, journal.isLedgerEmpty { return refuse(.lost) }
        return nil
    }
}
