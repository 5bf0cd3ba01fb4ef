import SQLite
import Testing

@Suite struct InterruptTests {
    private static let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"

    @Test("a statement that runs for too long can be ended from another thread")
    func interrupts() async throws {
        let file = try TestDatabase()
        let database = try file.open()
        let handle = database.interruptHandle
        // An interrupt counts only for statements that run, so it is repeated until it has met the one below.
        let watchdog = Task.detached {
            while !Task.isCancelled {
                handle.interrupt()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        let error = sqliteError { try database.run(Self.endless) }
        watchdog.cancel()
        _ = await watchdog.result
        #expect(error?.isInterrupted == true)
        #expect(try database.notes() == [])
    }

    @Test("interrupting a closed connection does nothing")
    func closed() throws {
        func handle() throws -> InterruptHandle { try TestDatabase().open().interruptHandle }
        try handle().interrupt()
    }
}
