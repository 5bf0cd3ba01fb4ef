import ODBC
import TestSupport
import Testing

@Suite struct ConnectionTests {
    @Test func `a value comes back as it went in`() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(connectionString: "Driver=SQLite3;Database=\(folder.file("a.db"));StepAPI=1;")
        try connection.execute("CREATE TABLE t (a INTEGER, b TEXT, c REAL)", timeout: 5)
        #expect(
            try connection.execute(
                "INSERT INTO t VALUES (?, ?, ?)",
                [.integer(1), .text("ä€😀"), .double(0.1)],
                timeout: 5
            ) == 1
        )
        try connection.query("SELECT a, b, c, COUNT(*) FROM t", timeout: 5) { row throws in
            #expect(try row.integer(0) == 1)
            #expect(try row.text(1) == "ä€😀")
            #expect(try row.double(2) == 0.1)
            #expect(try row.integer(3) == 1)
        }
    }
}
