import SQLite
import TestSupport
import Testing

@Suite struct TransactionTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("test.sqlite")
    }

    private func open() throws -> Database {
        let database = try Database(path: self.path, mode: .create, busyTimeoutMilliseconds: 1000)
        _ = try database.first("PRAGMA journal_mode = WAL") { $0.text(0) }
        try database.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT) STRICT")
        return database
    }

    @Test("what a transaction wrote is there for the next connection")
    func commits() throws {
        do {
            let database = try self.open()
            try database.immediate {
                #expect(database.isInTransaction)
                try database.run("INSERT INTO note (text) VALUES (?)", ["kept"])
            }
            #expect(!database.isInTransaction)
        }
        let texts = try self.open().query("SELECT text FROM note") { $0.text(0) }
        #expect(texts == ["kept"])
    }

    @Test("a transaction whose body throws leaves nothing behind")
    func rollsBack() throws {
        struct Stop: Error {}
        let database = try self.open()
        #expect(throws: Stop.self) {
            try database.immediate {
                try database.run("INSERT INTO note (text) VALUES ('lost')")
                throw Stop()
            }
        }
        #expect(!database.isInTransaction)
        #expect(try database.first("SELECT count(*) FROM note") { $0.integer(0) } == 0)
    }
}
