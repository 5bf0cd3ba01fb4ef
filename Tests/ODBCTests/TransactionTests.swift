import ODBC
import Testing

@Suite struct TransactionTests {
    let database: TestDatabase
    let connection: Connection
    private struct Refusal: Error {}

    init() throws {
        self.database = try TestDatabase()
        self.connection = try self.database.connect()
        try self.connection.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
    }

    private func count() throws -> String? { try cell(self.database.connect(), "SELECT count(*) FROM t") }

    @Test("where changes need a transaction, a statement alone changes nothing, and one in a transaction does")
    func needed() throws {
        self.connection.changesNeedTransaction = true
        let error = #expect(throws: ODBCError.self) {
            try self.connection.execute("INSERT INTO t VALUES (1)", timeout: 60)
        }
        #expect(error?.records.first?.state == "25000")
        #expect(throws: ODBCError.self) {
            let rows = self.connection.inserter("INSERT INTO t VALUES (?)", columns: [.integer], timeout: 60)
            rows.setInteger(0, 1)
            try rows.endRow()
            try rows.finish()
        }
        #expect(try self.count() == "0")
        try self.connection.transaction(timeout: 60) {
            try self.connection.execute("INSERT INTO t VALUES (1)", timeout: 60)
        }
        #expect(try self.count() == "1")
    }

    @Test("work that returns is committed, work that throws is undone")
    func scope() throws {
        try self.connection.transaction(timeout: 60) {
            try self.connection.execute("INSERT INTO t VALUES (1)", timeout: 60)
        }
        #expect(try self.count() == "1")
        #expect(throws: Refusal.self) {
            try self.connection.transaction(timeout: 60) {
                try self.connection.execute("INSERT INTO t VALUES (2)", timeout: 60)
                throw Refusal()
            }
        }
        #expect(try self.count() == "1")
        try self.connection.execute("INSERT INTO t VALUES (3)", timeout: 60)
        #expect(try self.count() == "2")
    }

    @Test("without autocommit, commit keeps and rollback undoes")
    func byHand() throws {
        try self.connection.setAutocommit(false)
        try self.connection.execute("INSERT INTO t VALUES (1)", timeout: 60)
        try self.connection.commit()
        try self.connection.execute("INSERT INTO t VALUES (2)", timeout: 60)
        try self.connection.rollback()
        try self.connection.setAutocommit(true)
        try self.connection.execute("INSERT INTO t VALUES (3)", timeout: 60)
        #expect(try self.count() == "2")
    }

    @Test("a connection that is dropped undoes what was not committed", arguments: [true, false])
    func dropped(explicit: Bool) throws {
        do {
            let other = try self.database.connect()
            if explicit {
                try other.execute("BEGIN IMMEDIATE", timeout: 60)
            } else {
                try other.setAutocommit(false)
            }
            try other.execute("INSERT INTO t VALUES (1)", timeout: 60)
        }
        #expect(try self.count() == "0")
        try self.connection.execute("INSERT INTO t VALUES (2)", timeout: 60)
    }

    @Test("a connection that cannot roll back refuses all further work")
    func broken() throws {
        #expect(throws: Refusal.self) {
            try self.connection.transaction(timeout: 60) {
                try self.connection.execute("COMMIT", timeout: 60)
                throw Refusal()
            }
        }
        #expect(self.connection.isDead)
        let error = thrown { try self.connection.execute("INSERT INTO t VALUES (1)", timeout: 60) }
        #expect(error?.isConnectionLost == true)
    }

    @Test("a transaction that fails with its cursor open is rolled back all the same")
    func openCursor() throws {
        #expect(throws: Refusal.self) {
            try self.connection.transaction(timeout: 60) {
                try self.connection.execute("INSERT INTO t VALUES (1)", timeout: 60)
                let cursor = try self.connection.cursor(
                    "SELECT a FROM t",
                    columns: [.integer],
                    rowsPerBlock: 1,
                    timeout: 60
                )
                try withExtendedLifetime(cursor) { throw Refusal() }
            }
        }
        #expect(try cell(self.connection, "SELECT count(*) FROM t") == "0")
    }

    @Test("two transactions that read and then write wait for each other")
    func writersWait() async throws {
        let database = self.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let connection = try database.connect()
                    for _ in 0..<20 {
                        try connection.transaction(timeout: 60) {
                            let sum =
                                try cell(connection, "SELECT coalesce(max(a), 0) FROM t").flatMap { Int64($0) } ?? -1
                            try connection.execute("INSERT INTO t VALUES (?)", [.integer(sum + 1)], timeout: 60)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try cell(self.connection, "SELECT count(DISTINCT a) FROM t") == "40")
    }
}
