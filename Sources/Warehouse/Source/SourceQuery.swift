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

    /// How the columns of a block are read: with row numbers, the number stands before them, and the sizes are packed in lists.
    var bindings: [ColumnBinding] {
        guard self.hasRowNumbers else { return self.plan.columns.map(Self.binding) }
        let lists = self.sizeLists.map { ColumnBinding.text(units: $0.count * SizeList.unitsPerSize + 2) }
        return [.integer] + self.plan.columns.prefix(self.plan.firstSize).map(Self.binding) + lists
    }

    private static func binding(_ column: PlannedColumn) -> ColumnBinding {
        switch column.kind {
        case .text(let maxUnits): .text(units: maxUnits)
        case .integer: .integer
        }
    }

    /// The sizes' columns, as many together as a list takes.
    private var sizeLists: [ArraySlice<String>] {
        let sizes = self.plan.sizeLabels
        return stride(from: 0, to: sizes.count, by: SizeList.length).map {
            sizes[$0..<min($0 + SizeList.length, sizes.count)]
        }
    }

    /// All rows, or those of the range behind a row number.
    ///
    /// The numbers are no parameters, though the filter's values are: SQLite's driver hands out rows as they are read only for
    /// statements without parameters; with them it holds the whole range.
    func blocks(after number: Int64?) -> String {
        guard self.hasRowNumbers else { return "SELECT \(self.names) FROM \(self.table) WHERE \(self.condition.sql)" }
        let range = number.map { "rowid > \($0) AND " } ?? ""
        let texts = self.plan.columns.prefix(self.plan.firstSize).map { self.dialect.quoted($0.name) }
        let lists = self.sizeLists.map { "json_array(\(self.dialect.list(Array($0))))" }
        return """
            SELECT rowid, \((texts + lists).joined(separator: ", ")) FROM \(self.table)
            WHERE \(range)\(self.condition.sql) ORDER BY rowid LIMIT \(Self.rowsPerRange)
            """
    }

    /// One row by its number.
    var byNumber: String {
        "SELECT \(self.wholeNames) FROM \(self.table) WHERE rowid = ?"
    }

    /// The rows with a cell longer than its column is bound.
    ///
    /// It may give more on SQLite, which counts bytes of UTF-8 here. On SQL Server DATALENGTH counts two for each unit; the length
    /// beside it is for servers that count otherwise.
    var long: String {
        let long = self.plan.columns.compactMap { column -> String? in
            guard case .text(let maxUnits) = column.kind else { return nil }
            let name = self.dialect.quoted(column.name)
            return switch self.dialect {
            case .sqlServer:
                """
                DATALENGTH(CAST(\(name) AS NVARCHAR(MAX))) > \(maxUnits * 2) \
                OR LEN(CAST(\(name) AS NVARCHAR(MAX)) + N'.') > \(maxUnits + 1)
                """
            case .sqlite: "LENGTH(CAST(\(name) AS BLOB)) > \(maxUnits)"
            }
        }
        return """
            SELECT \(self.wholeNames) FROM \(self.table)
            WHERE \(self.condition.sql) AND (\(long.joined(separator: " OR ")))
            """
    }

    private var names: String { self.dialect.list(self.plan.columns.map(\.name)) }

    /// As ``names``, each size as text on SQLite, whatever it holds.
    private var wholeNames: String {
        guard self.dialect == .sqlite else { return self.names }
        return self.plan.columns.map { column in
            let name = self.dialect.quoted(column.name)
            return column.kind == .integer ? "CAST(\(name) AS TEXT)" : name
        }.joined(separator: ", ")
    }
}
