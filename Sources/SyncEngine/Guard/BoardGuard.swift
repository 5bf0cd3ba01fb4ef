import FoundationEssentials
import Journal
import Orders
import Synchronization
import Warehouse

/// Sees to it that nothing is created from a journal that was lost, restored, rolled back or copied.
///
/// The board's row in the warehouse is compared before the first claim, and again, under its lock, in the transaction that opens a
/// batch and in the one that promotes it: so the second of two copies of a journal is noticed before it makes anything.
final class BoardGuard: Sendable {
    private struct State {
        var isVerified = false
        /// What the journal said last; nil before it was asked.
        var numbers: GuardNumbers?
        /// What this process has tried to write, oldest first: of some it doesn't know whether the commit went through.
        var stamps: [String] = []
    }

    private let state = Mutex(State())
    private let journal: Journal
    private let warehouse: Warehouse
    private let board: Int64

    init(journal: Journal, warehouse: Warehouse, board: Int64) {
        self.journal = journal
        self.warehouse = warehouse
        self.board = board
    }

    /// Whether jobs may be claimed: the row was seen, and nothing has spoken against it since.
    var isVerified: Bool { self.state.withLock { $0.isVerified } }

    /// Compares the row with the journal, unless that was done.
    ///
    /// - Throws: A ``JournalRefusal`` as a failure, or why the warehouse can't be asked.
    func verify() async throws {
        guard !self.isVerified else { return }
        let row = try await self.warehouse.guardRow(board: self.board)
        try await self.ask()
        try self.state.withLock { state throws(Failure) in
            if let refusal = self.refusal(row, state) { throw refusal.failure }
            state.isVerified = true
        }
    }

    /// Compares anew before the next claim of jobs: the board's lock was another one's meanwhile.
    func forget() { self.state.withLock { $0.isVerified = false } }

    /// Writes the row in a transaction of its own.
    func announce() async throws {
        try await self.warehouse.claim(try await self.claim())
    }

    /// Whether another journal wrote the row last.
    func isForeign() async throws(Failure) -> Bool {
        guard let row = try await self.warehouse.guardRow(board: self.board) else { return false }
        do {
            return try await self.journal.guardNumbers().journalID != row.journalID
        } catch {
            return true
        }
    }

    /// The claim of this journal, to be made in a transaction of the warehouse.
    func claim() async throws -> GuardClaim {
        try await self.ask()
        return GuardClaim(board: self.board) { try self.next(after: $0) }
    }

    /// Asks the journal how far it is; of batches that ask side by side the one that knows more counts.
    private func ask() async throws {
        let numbers = try await self.journal.guardNumbers()
        self.state.withLock { state in
            if let known = state.numbers, known.lastEffect > numbers.lastEffect { return }
            state.numbers = numbers
        }
    }

    private func next(after current: GuardRow?) throws(Failure) -> GuardRow {
        try self.state.withLock { state throws(Failure) in
            guard let numbers = state.numbers else { throw JournalRefusal(.lost, board: self.board).failure }
            if let refusal = self.refusal(current, state) {
                state.isVerified = false
                throw refusal.failure
            }
            // What came before the row that stands there is over: it went through before that, or never.
            if let stamp = current?.stamp, let index = state.stamps.firstIndex(of: stamp) {
                state.stamps.removeSubrange(..<index)
            }
            let stamp = UUID().uuidString.lowercased()
            state.stamps.append(stamp)
            return GuardRow(
                board: self.board,
                journalID: numbers.journalID,
                epoch: numbers.epoch,
                lastEffect: numbers.lastEffect,
                token: numbers.tokens[numbers.epoch],
                stamp: stamp
            )
        }
    }

    private func refusal(_ row: GuardRow?, _ state: State) -> JournalRefusal? {
        guard let row, let numbers = state.numbers else { return nil }
        if let refusal = GuardComparison.refusal(row, numbers) { return refusal }
        // Of this start, but not by this process: a machine that was copied while it ran.
        let isOfThisStart = row.epoch == numbers.epoch && row.token != nil
        guard isOfThisStart, let stamp = row.stamp, !state.stamps.contains(stamp) else { return nil }
        return JournalRefusal(.copied, board: self.board)
    }
}
