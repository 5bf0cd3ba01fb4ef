import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

/// The log of a transaction is written in few calls, and nobody sees anything but what was committed.
@Suite struct GatheredWriteTests {
    let database: TestDatabase

    init() throws { self.database = try TestDatabase() }

    /// Notes of which each takes a third of a page, and a page of the index beside it.
    private static func texts(_ range: Range<Int>) -> [String] {
        range.map { "\($0) " + String(repeating: "x", count: 1_200) }
    }

    @Test func `A commit of many pages is written by one call`() throws {
        try Self.expectOneCall(self.database)
    }

    @Test func `Nor does it matter who used SQLite first in the process`() async {
        await #expect(processExitsWith: .success) {
            #expect(Self.useSQLite())
            try Self.expectOneCall(try TestDatabase())
        }
    }

    /// As another user of the library does, such as SQLite's ODBC driver.
    private static func useSQLite() -> Bool {
        typealias Initialize = @convention(c) () -> Int32
        guard let address = unsafe dlsym(nil, "sqlite3_initialize") else { return false }
        return unsafe unsafeBitCast(address, to: Initialize.self)() == 0
    }

    private static func expectOneCall(_ database: TestDatabase) throws {
        let writer = try database.open()
        try writer.note("the log has its head")
        // Both the bytes that were written and the calls are the kernel's own figures of this thread.
        let before = try Writes()
        try writer.immediate { for text in Self.texts(0..<12) { try writer.note(text) } }
        let after = try Writes()
        #expect(after.bytes - before.bytes > 12 * 4_096)
        #expect(after.calls - before.calls == 1)
        #expect(try database.open().notes().count == 13)
    }

    @Test(arguments: ["FULL", "NORMAL", "OFF"])
    func `Another connection sees what was committed, synced or not`(synchronous: String) throws {
        let writer = try self.database.open()
        try writer.execute("PRAGMA synchronous = \(synchronous)")
        let reader = try self.database.open(.readOnly)
        for round in 0..<20 {
            try writer.immediate { for text in Self.texts(round * 7..<round * 7 + 7) { try writer.note(text) } }
            #expect(try reader.notes() == Self.texts(0..<round * 7 + 7))
        }
        #expect(try reader.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    }

    @Test func `A transaction larger than the page cache is whole`() throws {
        let writer = try self.database.open()
        try writer.execute("PRAGMA cache_size = 10")
        try writer.immediate {
            for text in Self.texts(0..<600) { try writer.note(text) }
            // Pages that were written to the log already are changed and read once more.
            try writer.run("UPDATE note SET text = text || '!' WHERE id % 5 = 0")
            #expect(try writer.integer("SELECT count(*) FROM note WHERE text LIKE '%!'") == 120)
        }
        let reader = try self.database.open(.readOnly)
        #expect(try reader.integer("SELECT count(*) FROM note WHERE text LIKE '%!'") == 120)
        #expect(try reader.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    }

    /// What a rollback leaves in the log's room belongs where the next writer's commit stands.
    @Test func `What was rolled back is never written over another connection's commit`() throws {
        struct Undone: Error {}
        let first = try self.database.open()
        let second = try self.database.open()
        try first.execute("PRAGMA cache_size = 10")
        for round in 0..<10 {
            #expect(throws: Undone.self) {
                try first.immediate {
                    for text in Self.texts(10_000..<10_100) { try first.note(text) }
                    throw Undone()
                }
            }
            let texts = Self.texts(round * 30..<round * 30 + 30)
            try second.immediate { for text in texts { try second.note(text) } }
            try first.immediate { try first.note("\(round)") }
            let reader = try self.database.open(.readOnly)
            #expect(try reader.integer("SELECT count(*) FROM note") == Int64(31 * (round + 1)))
            #expect(try reader.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
        }
    }

    /// SQLite rolls back by itself here, in the middle of the body.
    @Test func `A transaction that filled the disk leaves nothing, and the next one is whole`() throws {
        let writer = try self.database.open()
        let other = try self.database.open()
        try writer.execute("PRAGMA cache_size = 10")
        try writer.execute("PRAGMA max_page_count = 60")
        for round in 0..<5 {
            let error = sqliteError {
                try writer.immediate { for text in Self.texts(20_000..<20_500) { try writer.note(text) } }
            }
            #expect(error?.isFull == true)
            try other.immediate { try other.note("other \(round)") }
            try writer.immediate { try writer.note("writer \(round)") }
        }
        let reader = try self.database.open(.readOnly)
        #expect(try reader.notes() == (0..<5).flatMap { ["other \($0)", "writer \($0)"] })
        #expect(try reader.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    }

    /// The disk is full where SQLite reads what is only gathered yet: it undoes that statement, and the transaction may go on.
    @Test(.enabled("only root can make a small disk") { SmallDisk.isPossible })
    func `A statement that a full disk ended takes nothing along of what its transaction wrote before`() async throws {
        await #expect(processExitsWith: .success) { [folder = self.database.folder.path as String] in
            try #require(SmallDisk.mount(at: folder))
            let path = "\(folder)/small.sqlite"
            let writer = try Database(path: path, mode: .create, busyTimeoutMilliseconds: 0)
            _ = try writer.first("PRAGMA journal_mode = WAL") { row in row.text(0) }
            try writer.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT")
            try writer.execute("CREATE TABLE other (x)")
            try writer.execute("PRAGMA cache_size = 10")
            try writer.immediate {
                for text in Self.texts(0..<18) { try writer.note(text) }
                SmallDisk.fill("\(folder)/ballast")
                let error = sqliteError { try writer.run("UPDATE note SET text = text || '!' WHERE id <= 3") }
                #expect(error?.isFull == true)
                #expect(writer.isInTransaction)
                try FileManager.default.removeItem(atPath: "\(folder)/ballast")
                try writer.run("INSERT INTO other VALUES ('after')")
            }
            let reader = try Database(path: path, mode: .readOnly, busyTimeoutMilliseconds: 0)
            #expect(try reader.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
            #expect(try reader.notes() == Self.texts(0..<18))
        }
    }

    @Test func `The log goes on after a checkpoint that emptied it`() throws {
        let writer = try self.database.open()
        for round in 0..<5 {
            try writer.immediate { for text in Self.texts(round * 50..<round * 50 + 50) { try writer.note(text) } }
            #expect(try writer.checkpointTruncate().busy == false)
        }
        #expect(try self.database.open().notes() == Self.texts(0..<250))
    }
}

/// What this thread has written, as the kernel counts it.
private struct Writes {
    let bytes: Int
    let calls: Int

    init() throws {
        let lines = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8).split(separator: "\n")
        func figure(_ name: String) throws -> Int {
            let line = try #require(lines.first { $0.hasPrefix("\(name): ") })
            return try #require(Int(line.dropFirst(name.count + 2)))
        }
        self.bytes = try figure("wchar")
        self.calls = try figure("syscw")
    }
}

/// A disk of a megabyte that this thread alone sees.
private enum SmallDisk {
    /// Whether this process may mount (`CAP_SYS_ADMIN`).
    static var isPossible: Bool {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let capabilities = line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
        return capabilities & (1 << 21) != 0
    }

    /// Mounts it for what this thread does from here on; it is gone with the process.
    static func mount(at folder: String) -> Bool {
        // Not declared for Swift: unshare(CLONE_NEWNS).
        typealias Unshare = @convention(c) (Int32) -> Int32
        guard let address = unsafe dlsym(nil, "unshare") else { return false }
        let unshare = unsafe unsafeBitCast(address, to: Unshare.self)
        guard unshare(0x20000) == 0, unsafe Glibc.mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0 else {
            return false
        }
        return unsafe Glibc.mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0
    }

    /// Writes a file until there is no room left.
    static func fill(_ path: String) {
        let descriptor = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0, count: 4_096)
        while unsafe write(descriptor, page, page.count) > 0 {}
    }
}
