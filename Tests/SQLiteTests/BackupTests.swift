import Foundation
import SQLite
import TestSupport
import Testing

@Suite struct BackupTests {
    private let file: TestDatabase
    private let copy: String

    init() throws {
        self.file = try TestDatabase()
        self.copy = self.file.folder.file("copy.sqlite")
    }

    @Test("a backup holds what was committed, from the log too, and nothing of an open transaction")
    func consistent() throws {
        let database = try self.file.open()
        try database.note("in the file")
        _ = try database.checkpointTruncate()
        try database.note("in the log")
        let writer = try self.file.open()
        try writer.immediate {
            try writer.note("not committed")
            try database.backup(to: self.copy)
        }
        let copy = try Database(path: self.copy, mode: .readWrite, busyTimeoutMilliseconds: 0)
        #expect(try copy.notes() == ["in the file", "in the log"])
        #expect(try copy.first("PRAGMA integrity_check") { row in row.text(0) } == "ok")
        let permissions = try FileManager.default.attributesOfItem(atPath: self.copy)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
    }

    @Test("a backup never replaces a file, least of all the database itself")
    func refusesExisting() throws {
        let database = try self.file.open()
        try database.note("kept")
        try Data("mine".utf8).write(to: URL(filePath: self.copy))
        for path in [self.copy, self.file.path] {
            let error = sqliteError { try database.backup(to: path) }
            #expect(error?.isCannotOpen == true)
            #expect(error?.description.contains("File exists") == true)
        }
        #expect(try Data(contentsOf: URL(filePath: self.copy)) == Data("mine".utf8))
        #expect(try database.notes() == ["kept"])
    }

    @Test("a backup into a folder that is not there fails")
    func noFolder() throws {
        let error = sqliteError { try self.file.open().backup(to: self.file.folder.file("none/copy.sqlite")) }
        #expect(error?.isCannotOpen == true)
    }
}
