/// Lets one test at a time work on the T-SQL server.
///
/// Each makes a database with all its tables, and of those who do so at once Babelfish refuses some (`tuple concurrently updated`).
package actor ServerTurn {
    package static let shared = ServerTurn()

    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package func take(_ body: @Sendable () async throws -> Void) async throws {
        if self.isTaken {
            await withCheckedContinuation { self.waiting.append($0) }
        }
        self.isTaken = true
        defer {
            self.isTaken = !self.waiting.isEmpty
            if self.isTaken { self.waiting.removeFirst().resume() }
        }
        try await body()
    }
}
