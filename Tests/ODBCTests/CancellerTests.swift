import Foundation
import ODBC
import Testing

@Suite struct CancellerTests {
    let database: TestDatabase
    let connection: Connection

    init() throws {
        self.database = try TestDatabase()
        self.connection = try self.database.connect()
    }

    @Test("a statement is ended after its deadline, even by a driver without one, and the connection lives")
    func deadline() throws {
        let error = thrown { _ = try self.connection.query(endless, timeout: 1) { _ in } }
        #expect(error?.isTimeout == true)
        #expect(error?.isCancelled == false)
        #expect(error?.isTransient == true)
        #expect(try cell(self.connection, "SELECT 1") == "1")
    }

    @Test("a read in blocks has a deadline as well")
    func deadlineOfBlock() throws {
        let cursor = try self.connection.cursor(endless, columns: [.integer], rowsPerBlock: 5, timeout: 1)
        #expect(thrown { _ = try cursor.nextBlock() }?.isTimeout == true)
    }

    @Test("another thread cancels a statement, and the connection lives", arguments: [true, false])
    func cancel(asUpdate: Bool) throws {
        try self.connection.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
        let canceller = self.connection.canceller
        Thread.detachNewThread {
            while !canceller.cancel() { usleep(1000) }
        }
        let error = thrown {
            if asUpdate {
                try self.connection.execute("INSERT INTO t " + endless, timeout: 60)
            } else {
                try self.connection.query(endless, timeout: 60) { _ in }
            }
        }
        #expect(error?.isCancelled == true)
        #expect(error?.isTimeout == false)
        #expect(try cell(self.connection, "SELECT count(*) FROM t") == "0")
    }

    @Test("a cancel between two statements does nothing")
    func cancelOfNothing() throws {
        #expect(!self.connection.canceller.cancel())
        #expect(try cell(self.connection, "SELECT 1") == "1")
    }

    @Test("in a hurry the running statement is cancelled, and every later one gets a short deadline")
    func hurry() throws {
        let canceller = self.connection.canceller
        let isHurried = Flag()
        Thread.detachNewThread {
            while !canceller.cancel() { usleep(1000) }
            canceller.hurry(seconds: 1)
            isHurried.set()
        }
        #expect(thrown { try self.connection.query(endless, timeout: 600) { _ in } }?.isCancelled == true)
        // A hurry cancels as well what it meets, so the next statement waits for its end.
        while !isHurried.isSet { usleep(1000) }
        #expect(thrown { try self.connection.query(endless, timeout: 600) { _ in } }?.isTimeout == true)
        #expect(try cell(self.connection, "SELECT 1") == "1")
    }

    @Test("cancelling again and again while statements run breaks nothing")
    func cancelStorm() throws {
        try self.connection.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
        let canceller = self.connection.canceller
        let isDone = Flag()
        let isOver = Flag()
        Thread.detachNewThread {
            while !isDone.isSet { canceller.cancel() }
            isOver.set()
        }
        defer { isDone.set() }
        var cancelled = 0
        for number in 0..<300 {
            let error = thrown {
                try self.connection.execute("INSERT INTO t VALUES (?)", [.integer(Int64(number))], timeout: 60)
                _ = try cell(self.connection, "SELECT sum(a) FROM t")
            }
            if let error {
                #expect(error.isCancelled, "\(error)")
                cancelled += 1
            }
        }
        isDone.set()
        // Its last cancel may have been under way.
        while !isOver.isSet { usleep(1000) }
        #expect(cancelled <= 300)
        #expect(try cell(self.connection, "SELECT count(*) FROM t WHERE a IS NULL") == "0")
    }
}

/// Something one thread tells another.
private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false
    var isSet: Bool { self.lock.withLock { self.value } }
    func set() { self.lock.withLock { self.value = true } }
}
