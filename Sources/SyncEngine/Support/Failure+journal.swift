import Journal
import Orders

extension Failure {
    /// The code of the failure when the journal's disk is full.
    static let journalFull = "JOURNAL_FULL"

    /// A full disk under the journal: the work stands still until there is room, and no order is at fault.
    ///
    /// - Returns: Nil for any other error.
    init?(fullJournal error: any Error) {
        guard let error = error as? JournalError, error.code == .full else { return nil }
        self.init(.systemic, code: Self.journalFull, message: error.message)
    }
}
