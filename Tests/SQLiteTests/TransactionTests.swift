import SQLite
import Testing

@Suite struct TransactionTests {
    let file: TestDatabase

    init() throws { self.file = try TestDatabase() }

    @Test("what a transaction wrote is there for the next connection")
    func commits() throws {
        let database = try self.file.open()
        try database.immediate {
            #expect(database.isInTransaction)
            try database.note("kept")
        }
        #expect(!database.isInTransaction)
        #expect(try self.file.open().notes() == ["kept"])
    }

    @Test("a transaction whose body throws leaves nothing behind")
    func rollsBack() throws {
        struct Stop: Error {}
        let database = try self.file.open()
        #expect(throws: Stop.self) {
            try database.immediate {
                try database.note("lost")
                throw Stop()
            }
        }
        #expect(!database.isInTransaction)
        #expect(try database.notes() == [])
    }

    @Test("a transaction that fails at its commit is rolled back, and the next one works")
    func failedCommit() throws {
        let database = try self.file.open()
        try database.execute(
            "CREATE TABLE reply (note INTEGER NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED) STRICT"
        )
        let error = sqliteError {
            _ = try database.immediate { try database.run("INSERT INTO reply (note) VALUES (7)") }
        }
        #expect(error?.isConstraint == true)
        #expect(!database.isInTransaction)
        #expect(try database.integer("SELECT count(*) FROM reply") == 0)
        try database.immediate { try database.note("kept") }
        #expect(try database.notes() == ["kept"])
    }

    @Test("a reading transaction sees one state while another connection commits")
    func snapshot() throws {
        let reader = try self.file.open(.readOnly)
        let writer = try self.file.open()
        try reader.deferred {
            #expect(try reader.notes() == [])
            try writer.note("meanwhile")
            #expect(try reader.notes() == [])
        }
        #expect(try reader.notes() == ["meanwhile"])
    }

    @Test("the data version changes when another connection commits, and only then")
    func dataVersion() throws {
        let reader = try self.file.open(.readOnly)
        let writer = try self.file.open()
        let before = try reader.dataVersion()
        #expect(try reader.dataVersion() == before)
        try writer.note("new")
        #expect(try reader.dataVersion() != before)
    }
}

extension TransactionTests {
    @Test("while no commit is allowed nothing is changed, neither by a transaction nor by a statement alone")
    func closedGate() throws {
        let database = try self.file.open()
        try database.note("before")
        database.mayCommit = false
        for body in [
            { try database.note("alone") }, { _ = try database.immediate { try database.note("in a transaction") } },
            { try database.execute("DELETE FROM note") },
        ] {
            #expect(sqliteError(body) != nil)
            #expect(!database.isInTransaction)
        }
        #expect(try database.notes() == ["before"])
        database.mayCommit = true
        try database.note("after")
        #expect(try database.notes() == ["before", "after"])
    }
}
