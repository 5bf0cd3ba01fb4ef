package import Journal
package import Orders
package import Warehouse

/// The look of a short-lived program at whether the journal is the one that fills the board.
package enum JournalCheck {
    /// What a look came to.
    package enum Result: Hashable, Sendable {
        case ours
        /// The warehouse couldn't be asked; whoever creates something asks it again.
        case unknown(Failure)
        case refused(JournalRefusal)
    }

    /// Compares the warehouse's guard row with the journal.
    package static func run(
        _ journal: Journal,
        _ warehouse: Warehouse,
        board: Int64
    ) async throws(JournalError) -> Result {
        let row: GuardRow?
        do {
            row = try await warehouse.guardRow(board: board)
        } catch {
            return .unknown(error)
        }
        return GuardComparison.refusal(row, try await journal.guardNumbers()).map { .refused($0) } ?? .ours
    }
}
