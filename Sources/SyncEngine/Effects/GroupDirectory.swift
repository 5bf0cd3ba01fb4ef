import FoundationEssentials
import Journal
import Monday
import Orders
import Synchronization

/// The groups of the board by title, and the only maker of new ones: one after another, in order.
final class GroupDirectory: Sendable {
    private struct State {
        var ids: [String: String]?
        /// The last group made, after which the next one stands.
        var last: String?
    }

    /// How many batches in a row something could not be placed.
    private struct Miss {
        var count: Int
        var batch: UUID
    }

    private let state = Mutex(State())
    private let misses = Mutex<[String: Miss]>([:])
    private let making = AsyncMutex()
    private let boardState: BoardState
    private let journal: Journal
    private let timing: EffectTiming
    private let sender: @Sendable (CallCounters) -> EffectSender

    init(
        boardState: BoardState,
        journal: Journal,
        timing: EffectTiming,
        sender: @escaping @Sendable (CallCounters) -> EffectSender
    ) {
        self.boardState = boardState
        self.journal = journal
        self.timing = timing
        self.sender = sender
    }

    /// The code of a group whose making was in doubt before it was asked for.
    static let inDoubt = "GROUP_IN_DOUBT"

    /// Forgets what is known, so that the board is read again before the next order is placed.
    func invalidate() {
        self.state.withLock { $0.ids = nil }
    }

    /// Notes that a batch could not place what it wanted to.
    ///
    /// The first time is nobody's fault: an answer was lost, or a person has deleted a group. What goes on without end is.
    /// - Parameters:
    ///   - name: Whose misses are counted: a title's, or an order's.
    ///   - batch: The batch, which counts once.
    /// - Returns: Whether it is the first of the row.
    func isFirstMiss(of name: String, in batch: UUID) -> Bool {
        self.misses.withLock { misses in
            var miss = misses[name] ?? Miss(count: 1, batch: batch)
            if miss.batch != batch { miss = Miss(count: miss.count + 1, batch: batch) }
            misses[name] = miss
            return miss.count == 1
        }
    }

    /// Ends the row of misses.
    func forgetMisses(of name: String) { self.misses.withLock { $0[name] = nil } }

    /// Runs the body while no group is made, unless one is being made: then it answers nil.
    func whileNoneIsMade<T: Sendable>(_ body: () async throws -> T) async rethrows -> T? {
        try await self.making.withLockIfFree(body)
    }

    /// Finds or makes the groups, by exact title.
    ///
    /// - Returns: For each title what came of it; a title without an answer was not reached, since the service stops.
    func ensure(_ titles: [String], counters: CallCounters) async throws -> [String: CallResult] {
        try await self.making.withLock {
            var known = self.state.withLock { $0.ids } ?? [:]
            var doubtful: [String: Int64] = [:]
            if !titles.allSatisfy({ known[$0] != nil }) {
                // A group whose making is in doubt is not made a second time. What is no longer in doubt shows on the
                // board, if it is read after that is known.
                doubtful = try await self.doubtful()
                known = try await self.read()
            }
            var results: [String: CallResult] = [:]
            for title in titles {
                if let id = known[title] {
                    results[title] = .done(.text(id))
                    continue
                }
                if let sentAt = doubtful[title] {
                    let failure = Failure(.inDoubt, code: Self.inDoubt, message: "group \"\(title)\" is in doubt")
                    results[title] = .inDoubt(until: self.timing.lookUpTime(sentAt: sentAt), failure)
                    continue
                }
                var target = PlannedCall.Target(.createGroup)
                target.groupTitle = title
                let call = PlannedCall(
                    mutation: .createGroup(title: title, after: self.state.withLock { $0.last }),
                    target: target
                )
                let result = try await self.sender(counters).send([call])[0]
                results[title] = result
                guard case .done(.text(let id)) = result else { break }
                known[title] = id
                self.state.withLock {
                    $0.ids?[title] = id
                    $0.last = id
                }
            }
            return results
        }
    }

    /// The titles of groups whose making is in doubt, and when it was sent.
    private func doubtful() async throws -> [String: Int64] {
        var titles: [String: Int64] = [:]
        for effect in try await self.journal.unsettledEffects() where effect.kind == .createGroup {
            for target in effect.open { if let title = target.groupTitle { titles[title] = effect.sentAt } }
        }
        return titles
    }

    private func read() async throws -> [String: String] {
        let board = try await self.boardState.reload()
        let active = board.groups.filter { !$0.archived && !$0.deleted }
        let ids = try await self.journal.takeGroups(
            Dictionary(grouping: active, by: \.title).mapValues { $0.map(\.id) },
            board: board.id
        )
        self.state.withLock { state in
            let isThere = board.groups.contains { $0.id == state.last && !$0.archived && !$0.deleted }
            state = State(ids: ids, last: isThere ? state.last : nil)
        }
        return ids
    }
}
