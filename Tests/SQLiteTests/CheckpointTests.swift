import Foundation
import SQLite
import TestSupport
import Testing

@Suite struct CheckpointTests {
    private let file: TestDatabase

    init() throws { self.file = try TestDatabase() }

    private func size(_ suffix: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: self.file.path + suffix)
        return try #require(attributes[.size] as? Int)
    }

    /// Writes more pages than SQLite lets gather before it checkpoints by itself (1000).
    private func fill(_ database: Database) throws {
        try database.execute("CREATE TABLE IF NOT EXISTS bulk (x BLOB)")
        for _ in 1...12 { try database.run("INSERT INTO bulk VALUES (randomblob(?))", [400_000]) }
    }

    @Test("neither commits nor closing copies the log into the file")
    func never() throws {
        do {
            let database = try self.file.open()
            #expect(try database.isCheckpointGuardInForce())
            _ = try database.checkpointTruncate()
            let before = try self.size("")
            try self.fill(database)
            #expect(try self.size("") == before)
            #expect(try self.size("-wal") > 4_800_000)
        }
        // The last connection has closed: SQLite would have checkpointed and removed the log.
        #expect(try self.size("-wal") > 4_800_000)
        #expect(try self.file.open().integer("SELECT count(*) FROM bulk") == 12)
    }

    @Test("a checkpoint moves the log into the file and empties it")
    func truncates() throws {
        let database = try self.file.open()
        try self.fill(database)
        let result = try database.checkpointTruncate()
        #expect(!result.busy)
        // SQLite counts what is left in the log after truncating it: nothing.
        #expect(result.log == 0 && result.checkpointed == 0)
        #expect(try self.size("-wal") == 0)
        #expect(try self.size("") > 4_800_000)
        #expect(try self.file.open(.readOnly).integer("SELECT count(*) FROM bulk") == 12)
    }

    @Test("a reader in the way makes the checkpoint answer «busy» and loses nothing")
    func busy() throws {
        let database = try self.file.open(busyTimeout: 60_000)
        let reader = try self.file.open(.readOnly)
        try database.note("before")
        try reader.deferred {
            #expect(try reader.notes() == ["before"])
            try database.note("after")
            // Not the connection's minute, but the time given here.
            #expect(try database.checkpointTruncate(waitingMilliseconds: 20).busy)
            #expect(try reader.notes() == ["before"])
        }
        #expect(try !database.checkpointTruncate().busy)
        #expect(try reader.notes() == ["before", "after"])
    }

    @Test("a database without a log says so")
    func noLog() throws {
        let path = self.file.folder.file("plain.sqlite")
        let database = try Database(path: path, mode: .create, busyTimeoutMilliseconds: 0)
        try database.execute("CREATE TABLE t (x)")
        let result = try database.checkpointTruncate()
        #expect(result.log == -1 && result.checkpointed == -1)
    }
}
