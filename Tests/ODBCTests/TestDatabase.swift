import ODBC
import TestSupport

/// A SQLite file of its own behind the SQLite ODBC driver.
struct TestDatabase {
    let folder: TemporaryFolder
    var path: String { self.folder.file("test.db") }

    init() throws { self.folder = try TemporaryFolder() }

    /// A new connection, with further keywords for its connection string.
    func connect(_ keywords: String = "") throws -> Connection {
        // Files of tests need not survive a loss of power.
        try Connection(
            connectionString: "Driver=SQLite3;Database=\(self.path);StepAPI=1;SyncPragma=OFF;Timeout=30000;\(keywords)"
        )
    }
}

/// The only cell of a query's first row, as text.
func cell(_ connection: Connection, _ sql: String, _ parameters: [ODBCValue] = []) throws -> String? {
    var found: String?
    try connection.query(sql, parameters, timeout: 60) { row throws in found = try row.text(0) }
    return found
}

/// What a call throws.
func thrown(_ body: () throws -> Void) -> ODBCError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ODBCError
    }
}

/// A query that takes minutes.
let endless = """
    WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT count(*) FROM n
    """
