internal import ODBC
import Orders

/// The statements that read the source.
struct SourceQuery {
    let table: String
    let dialect: Dialect
    let plan: SourcePlan
    let condition: SourceCondition
    /// Whether each row has a number by which ranges are read: true for SQLite's tables.
    let hasRowNumbers: Bool

    /// The rows of a range on SQLite.
    static let rowsPerRange = 5000

    /// How the columns of a block are read; with row numbers, two more stand before them: the number, and whether some size is no number.
    var bindings: [ColumnBinding] {
        let own: [ColumnBinding] = self.hasRowNumbers ? [.integer, .integer] : []
        return own
            + self.plan.columns.map { column in
                switch column.kind {
                case .text(let maxUnits): .text(units: maxUnits)
                case .integer: .integer
                }
            }
    }

    /// All rows, or those of the next range, whose parameters are the last row number and the number of rows.
    var blocks: String {
        guard self.hasRowNumbers else { return "SELECT \(self.names) FROM \(self.table) WHERE \(self.condition.sql)" }
        return """
            SELECT rowid, \(self.oddity), \(self.names) FROM \(self.table)
            WHERE rowid > ? AND \(self.condition.sql) ORDER BY rowid LIMIT ?
            """
    }

    /// One row by its number, each size as text, whatever it holds.
    var byNumber: String {
        let sizes = self.plan.columns.map { column in
            let name = self.dialect.quoted(column.name)
            return column.kind == .integer ? "CAST(\(name) AS TEXT)" : name
        }
        return "SELECT \(sizes.joined(separator: ", ")) FROM \(self.table) WHERE rowid = ?"
    }

    /// The rows with a cell longer than its column is bound.
    ///
    /// It may give more on SQLite, which counts bytes of UTF-8 here.
    var long: String {
        let long = self.plan.columns.compactMap { column -> String? in
            guard case .text(let maxUnits) = column.kind else { return nil }
            let name = self.dialect.quoted(column.name)
            return switch self.dialect {
            case .sqlServer: "DATALENGTH(CAST(\(name) AS NVARCHAR(MAX))) > \(maxUnits * 2)"
            case .sqlite: "LENGTH(CAST(\(name) AS BLOB)) > \(maxUnits)"
            }
        }
        return """
            SELECT \(self.names) FROM \(self.table)
            WHERE \(self.condition.sql) AND (\(long.joined(separator: " OR ")))
            """
    }

    private var names: String { self.dialect.list(self.plan.columns.map(\.name)) }

    /// Whether a size holds something that is no integer: SQLite's columns take anything, and its driver gives 0 for a word.
    private var oddity: String {
        let sizes = self.plan.columns.filter { $0.kind == .integer }.map { self.dialect.quoted($0.name) }
        guard !sizes.isEmpty else { return "0" }
        return sizes.map { "typeof(\($0)) NOT IN ('integer', 'null')" }.joined(separator: " OR ")
    }
}
