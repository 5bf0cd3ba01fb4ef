import SQLite
import TestSupport

/// The path of a database of one test, in WAL mode with a table `note (id, text)`.
struct TestDatabase {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("test.sqlite")
        _ = try self.open(.create).first("PRAGMA journal_mode = WAL") { row in row.text(0) }
        try self.open().execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT")
    }

    /// A new connection.
    func open(_ mode: OpenMode = .readWrite, busyTimeout: Int = 10_000) throws(SQLiteError) -> Database {
        try Database(path: self.path, mode: mode, busyTimeoutMilliseconds: busyTimeout)
    }
}

extension Database {
    /// What the notes say, in the order they were written.
    func notes() throws(SQLiteError) -> [String] {
        try self.query("SELECT text FROM note ORDER BY id") { row in row.text(0) ?? "" }
    }

    /// Adds a note.
    func note(_ text: String) throws(SQLiteError) {
        try self.run("INSERT INTO note (text) VALUES (?)", [.text(text)])
    }

    /// The first column of the first row, as an integer.
    func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        try self.first(sql) { row in row.integer(0) } ?? nil
    }
}

/// The error that a body throws, for tests that look into it.
func sqliteError(_ body: () throws -> Void) -> SQLiteError? {
    do {
        try body()
        return nil
    } catch {
        return error as? SQLiteError
    }
}
