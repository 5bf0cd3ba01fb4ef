package import Orders

/// Why a journal must not create anything on a board: what it doesn't know of could be made twice.
package struct JournalRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The journal knows no order, and the board was filled from one.
        case lost = "JOURNAL_LOST"
        /// Another journal wrote last.
        case foreign = "JOURNAL_NOT_OURS"
        /// It has not yet done what it did: an old backup was put back.
        case rolledBack = "JOURNAL_ROLLED_BACK"
        /// Another copy of it has gone on.
        case copied = "JOURNAL_COPIED"
    }

    package let reason: Reason
    package let board: Int64

    package init(_ reason: Reason, board: Int64) {
        self.reason = reason
        self.board = board
    }

    /// What is wrong and what to do, short enough for a status line.
    package var description: String {
        let cure = "stop ordersyncd, run ordersync-enqueue --rebuild-ledger"
        return switch self.reason {
        case .lost: "this journal is empty, but board \(self.board) was filled from one: \(cure)"
        case .foreign: "another journal wrote to board \(self.board) last: stop that one for good, \(cure)"
        case .rolledBack: "this journal is older than what it did on board \(self.board), as a backup is: \(cure)"
        case .copied: "another copy of this journal works on board \(self.board): stop that one for good, \(cure)"
        }
    }

    /// The same as what every job would meet: all of them wait.
    package var failure: Failure { Failure(.systemic, code: self.reason.rawValue, message: self.description) }
}

extension Failure {
    /// Whether it is a ``JournalRefusal``: waiting won't help.
    package var isJournalRefusal: Bool { JournalRefusal.Reason(rawValue: self.code) != nil }
}
