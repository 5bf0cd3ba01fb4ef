import Monday
import Orders
import Synchronization

/// Looks once, before the daemon makes its first item, whether the board holds items that nobody explains.
final class NewcomerCheck: Sendable {
    private let isPassed = Mutex(false)

    /// Throws while there are such items; once there are none, the board is not asked again.
    func check(_ engine: EngineContext) async throws {
        guard !engine.settings.isShared, let keyColumn = engine.settings.keyColumn,
            !self.isPassed.withLock({ $0 })
        else { return }
        let unexplained = try await engine.stop.interrupting {
            [client = engine.client, journal = engine.journal, board = engine.settings.board] in
            try await UnexplainedItems.find(client: client, board: board, keyColumn: keyColumn, journal: journal)
        }
        if let refusal = unexplained.refusal { throw refusal }
        self.isPassed.withLock { $0 = true }
    }
}
