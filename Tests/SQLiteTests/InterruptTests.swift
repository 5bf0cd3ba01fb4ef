import Foundation
import SQLite
import Synchronization
import Testing

@Suite struct InterruptTests {
    private static let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"

    @Test("a statement that runs for too long can be ended from another thread")
    func interrupts() throws {
        let file = try TestDatabase()
        let database = try file.open()
        let handle = database.interruptHandle
        // An interrupt counts only for statements that run, so it is repeated until it has met the one below: by a thread of its
        // own, as the statement holds one of Swift's, and the others may be taken.
        let isOver = Flag()
        Thread.detachNewThread {
            while !isOver.value.load(ordering: .acquiring) {
                handle.interrupt()
                usleep(5000)
            }
        }
        let error = sqliteError { try database.run(Self.endless) }
        isOver.value.store(true, ordering: .releasing)
        #expect(error?.isInterrupted == true)
        #expect(try database.notes() == [])
    }

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    @Test("interrupting a closed connection does nothing")
    func closed() throws {
        func handle() throws -> InterruptHandle { try TestDatabase().open().interruptHandle }
        try handle().interrupt()
    }
}
