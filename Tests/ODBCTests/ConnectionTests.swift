import Foundation
import ODBC
import TestSupport
import Testing

@Suite struct ConnectionTests {
    let database: TestDatabase

    init() throws { self.database = try TestDatabase() }

    @Test("a connection tells its driver and its database")
    func names() throws {
        let connection = try self.database.connect()
        #expect(connection.driverName.contains("sqlite3odbc"))
        #expect(connection.dbmsName == "SQLite")
        #expect(connection.dbmsVersion.hasPrefix("3."))
        #expect(!connection.isDead)
    }

    @Test("a database lies where the connection string says, whatever its letters")
    func lettersInConnectionString() throws {
        let path = self.database.folder.file("Aufträge 漢.db")
        let connection = try Connection(connectionString: "Driver={SQLite3};Database=\(path);")
        try connection.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test("a connection that fails says why, and not with which password")
    func passwordIsRedacted() throws {
        let error = thrown {
            _ = try Connection(connectionString: "Driver=/nowhere/geheim;Server=a;UID=sa;PWD={/nowhere/geheim};")
        }
        let found = try #require(error)
        #expect(found.function == "SQLDriverConnect")
        #expect(!found.records.isEmpty)
        #expect(found.state == "01000" || found.state == "IM002" || found.state == "IM003")
        #expect(!found.description.contains("geheim"))
        #expect(!String(reflecting: found).contains("geheim"))
    }

    @Test("a statement while a cursor is open is refused, and goes through once it is closed")
    func oneResultAtATime() throws {
        let connection = try self.database.connect()
        let cursor = try connection.cursor("SELECT 1", columns: [.integer], rowsPerBlock: 10, timeout: 60)
        #expect(thrown { try connection.execute("CREATE TABLE t (a)", timeout: 60) }?.state == "HY010")
        cursor.close()
        try connection.execute("CREATE TABLE t (a)", timeout: 60)
    }

    @Test("a cursor that is dropped frees its connection")
    func droppedCursor() throws {
        let connection = try self.database.connect()
        do { _ = try connection.cursor("SELECT 1", columns: [.integer], rowsPerBlock: 10, timeout: 60) }
        try connection.execute("CREATE TABLE t (a)", timeout: 60)
    }

    @Test("a broken constraint shows as SQLite's number 19, and is not worth a second try")
    func constraint() throws {
        let connection = try self.database.connect()
        try connection.execute("CREATE TABLE t (a TEXT UNIQUE)", timeout: 60)
        try connection.execute("INSERT INTO t VALUES (?)", [.text("GREYSON")], timeout: 60)
        let error = try #require(
            thrown { try connection.execute("INSERT INTO t VALUES (?)", [.text("GREYSON")], timeout: 60) }
        )
        #expect(error.native == 19)
        #expect(error.state == "HY000")
        #expect(!error.isTransient)
        #expect(error.description.contains("UNIQUE"))
        #expect(!error.description.contains("GREYSON"))
        #expect(error.shortDescription == "SQLExecDirect HY000")
    }

    @Test("a locked database is worth a second try")
    func busy() throws {
        let (first, second) = (try self.database.connect(), try self.database.connect("Timeout=50;"))
        try first.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
        try first.transaction(timeout: 60) {
            let error = thrown {
                let impatient = try Connection(
                    connectionString: "Driver=SQLite3;Database=\(self.database.path);Timeout=50;"
                )
                try impatient.execute("INSERT INTO t VALUES (1)", timeout: 60)
            }
            #expect(error?.native == 5)
            #expect(error?.isTransient == true)
        }
        withExtendedLifetime(second) {}
    }
}
