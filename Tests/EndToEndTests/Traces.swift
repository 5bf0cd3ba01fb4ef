import Foundation
import SQLite
import TestSupport

/// What an installation shows of work that was done: rows in every table of journal and warehouse, changes of the board.
struct Traces: Equatable {
    /// By table; a journal that is not there has none.
    let rows: [String: Int64]
    let mutations: Int

    /// The rows of the tables whose name begins so.
    func count(_ prefix: String) -> Int64 {
        var sum: Int64 = 0
        for (table, count) in self.rows where table.hasPrefix(prefix) { sum += count }
        return sum
    }
}

extension Workbench {
    /// What there is now, while no program has the journal open.
    func traces() async throws -> Traces {
        var rows: [String: Int64] = [:]
        for path in [self.journal, self.source] where FileManager.default.fileExists(atPath: path) {
            let database = try Database(path: path, mode: .readOnly, busyTimeoutMilliseconds: 5_000)
            let tables = try database.query(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            ) { row throws(SQLiteError) in row.text(0) ?? "" }
            for table in tables {
                rows[table] = try database.first("SELECT count(*) FROM \"\(table)\"") { row throws(SQLiteError) in
                    row.integer(0) ?? 0
                }
            }
        }
        // Starts of a daemon are no work.
        rows["epoch"] = nil
        rows["sqlite_sequence"] = nil
        return Traces(rows: rows, mutations: try await self.sandbox.log().count)
    }
}
