import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

/// What several processes do to one database; the others are made by exit tests.
@Suite struct ContentionTests {
    private let file: TestDatabase

    init() throws { self.file = try TestDatabase() }

    @Test("writers of several processes lose no commit and meet no busy error")
    func processes() async throws {
        let path = self.file.path
        try self.file.open().execute("CREATE TABLE counter (n INTEGER NOT NULL) STRICT; INSERT INTO counter VALUES (0)")
        await withTaskGroup { group in
            for _ in 1...4 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String] in
                        let database = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 60_000)
                        for _ in 1...100 {
                            try database.immediate {
                                let before = try database.first("SELECT n FROM counter") { row in row.integer(0) }
                                try database.run(
                                    "UPDATE counter SET n = ?",
                                    [.optional((before ?? nil).map { $0 + 1 })]
                                )
                            }
                        }
                    }
                }
            }
        }
        #expect(try self.file.open().integer("SELECT n FROM counter") == 400)
    }

    @Test("a lock that another process holds for too long is told as «busy»")
    func busy() async throws {
        let path = self.file.path
        let holder = try self.file.open()
        try holder.execute("BEGIN IMMEDIATE")
        await #expect(processExitsWith: .success) { [path = path as String] in
            let database = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 30)
            let error = sqliteError { try database.immediate { try database.note("no") } }
            #expect(error?.isBusy == true)
            #expect(!database.isInTransaction)
            // Readers are never held up.
            #expect(try database.notes() == [])
        }
        try holder.execute("ROLLBACK")
    }

    @Test("a writer waits for a lock that is released in time")
    func waits() async throws {
        let path = self.file.path
        let marker = self.file.folder.file("marker")
        let holder = try self.file.open()
        try holder.execute("BEGIN IMMEDIATE; INSERT INTO note (text) VALUES ('first')")
        async let other = #expect(processExitsWith: .success) { [path = path as String, marker = marker as String] in
            let database = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 60_000)
            try Data().write(to: URL(filePath: marker))
            try database.immediate { try database.note("second") }
        }
        while !FileManager.default.fileExists(atPath: marker) { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(20))
        try holder.execute("COMMIT")
        _ = await other
        #expect(try self.file.open().notes() == ["first", "second"])
    }

    @Test("a process killed in its transaction leaves nothing of it, and the lock is free")
    func killed() async throws {
        let path = self.file.path
        try self.file.open().note("before")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let database = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 0)
            try database.immediate { try database.note("committed") }
            try database.immediate {
                try database.note("lost")
                raise(SIGKILL)
            }
        }
        let database = try self.file.open(busyTimeout: 0)
        #expect(try database.notes() == ["before", "committed"])
        try database.immediate { try database.note("after") }
    }

    @Test("a full database is told as «full», and the transaction is rolled back")
    func full() throws {
        let database = try self.file.open()
        try database.note("before")
        _ = try database.integer("PRAGMA max_page_count = 10")
        let error = sqliteError {
            try database.immediate {
                try database.execute("CREATE TABLE bulk (x)")
                try database.run("INSERT INTO bulk VALUES (randomblob(100000))")
            }
        }
        #expect(error?.isFull == true)
        #expect(!database.isInTransaction)
        #expect(try database.notes() == ["before"])
    }

    @Test("a file that reached the largest size the system allows is told as «full» too")
    func fileSizeLimit() async throws {
        let path = self.file.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 200_000, rlim_max: 200_000)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let database = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 0)
            try database.note("before")
            let error = sqliteError {
                try database.immediate {
                    try database.execute("CREATE TABLE bulk (x)")
                    try database.run("INSERT INTO bulk VALUES (randomblob(1000000))")
                }
            }
            #expect(error?.isFull == true, "\(error.map(String.init) ?? "no error")")
            #expect(!database.isInTransaction)
            #expect(try database.notes() == ["before"])
        }
    }
}
