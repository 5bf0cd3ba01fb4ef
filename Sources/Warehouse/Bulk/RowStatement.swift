internal import ODBC

/// A statement that is done once for each of many rows, as SQL for either way of sending them.
struct RowStatement {
    typealias Column = (name: String, type: ParameterType)

    enum Action {
        /// A new row, with what is the same in every row beside the columns, each as SQL.
        case insert(constants: [(name: String, sql: String)])
        /// Sets what stands before the keys, and what is to become NULL; where a column is named, only rows that have NULL there.
        case update(nulls: [String], onlyWhereNull: String?)
        /// A new row, unless there is one with these keys.
        case insertMissing
        case delete
    }

    let table: String
    let action: Action
    /// What each row sets, the keys last.
    let columns: [Column]
    /// How many of the columns are keys.
    let keys: Int

    static func insert(
        _ table: String,
        _ columns: [Column],
        constants: [(name: String, sql: String)] = []
    ) -> RowStatement {
        RowStatement(table: table, action: .insert(constants: constants), columns: columns, keys: 0)
    }

    static func insertMissing(_ table: String, _ columns: [Column], by keys: [Column]) -> RowStatement {
        RowStatement(table: table, action: .insertMissing, columns: columns + keys, keys: keys.count)
    }

    static func update(
        _ table: String,
        set columns: [Column],
        nulls: [String] = [],
        by keys: [Column],
        onlyWhereNull column: String? = nil
    ) -> RowStatement {
        let action = Action.update(nulls: nulls, onlyWhereNull: column)
        return RowStatement(table: table, action: action, columns: columns + keys, keys: keys.count)
    }

    static func delete(_ table: String, by keys: [Column]) -> RowStatement {
        RowStatement(table: table, action: .delete, columns: keys, keys: keys.count)
    }

    private var firstKey: Int { self.columns.count - self.keys }
}

extension RowStatement {
    /// The parameters of ``arraySQL(_:)``, in its order.
    var arrayTypes: [ParameterType] {
        let types = self.columns.map(\.type)
        if case .insertMissing = self.action { return types + types[self.firstKey...] }
        return types
    }

    /// The first column that ``arrayTypes`` holds twice.
    var firstRepeated: Int? {
        if case .insertMissing = self.action { self.firstKey } else { nil }
    }

    /// The statement with a `?` for each parameter.
    func arraySQL(_ dialect: Dialect) -> String {
        let marks = self.columns.map { _ in "?" }
        return self.sql(dialect, values: marks, from: nil) { "\(dialect.quoted($0)) = ?" }
    }

    /// The T-SQL statement with one `?` for a JSON text: an array of arrays, each a row.
    ///
    /// The columns are declared NVARCHAR(MAX), so that what doesn't fit is refused by the table and not cut on the way, and their
    /// paths are strict, so that a short row is an error and not one with NULLs. The parameter is cast, since FreeTDS may describe
    /// it as NTEXT, which OPENJSON refuses.
    ///
    /// - Parameter marked: the columns whose texts hold marks, see ``JSONRows/marks``
    /// - Returns: the statement.
    func jsonSQL(marked: Set<Int>) -> String {
        let dialect = Dialect.sqlServer
        let declared = self.columns.indices.map { "[c\($0)] NVARCHAR(MAX) 'strict $[\($0)]'" }
        let source = "OPENJSON(CAST(? AS NVARCHAR(MAX))) WITH (\(declared.joined(separator: ", "))) AS [j]"
        let values = self.columns.enumerated().map { index, column in
            let value = marked.contains(index) ? Self.unmarked("[j].[c\(index)]") : "[j].[c\(index)]"
            return Self.converted(value, column.type, isKey: index >= self.firstKey)
        }
        let table = dialect.table(self.table)
        return self.sql(dialect, values: values, from: source) { name in
            let index = self.columns.lastIndex { $0.name == name } ?? 0
            return "\(table).\(dialect.quoted(name)) = \(values[index])"
        }
    }

    private func sql(
        _ dialect: Dialect,
        values: [String],
        from source: String?,
        _ isEqual: (String) -> String
    ) -> String {
        let table = dialect.table(self.table)
        let keys = self.columns[self.firstKey...].map { isEqual($0.name) }.joined(separator: " AND ")
        let names = self.columns.map(\.name)
        switch self.action {
        case .insert(let constants):
            let all = (values + constants.map(\.sql)).joined(separator: ", ")
            let into = "INSERT INTO \(table) (\(dialect.list(names + constants.map(\.name))))"
            return source.map { "\(into) SELECT \(all) FROM \($0)" } ?? "\(into) VALUES (\(all))"
        case .insertMissing:
            let from = source.map { " FROM \($0)" } ?? ""
            return """
                INSERT INTO \(table) (\(dialect.list(names))) SELECT \(values.joined(separator: ", "))\(from)
                WHERE NOT EXISTS (SELECT 1 FROM \(table) WHERE \(keys))
                """
        case .update(let nulls, let column):
            let sets =
                zip(names, values).prefix(self.firstKey).map { "\(dialect.quoted($0)) = \($1)" }
                + nulls.map { "\(dialect.quoted($0)) = NULL" }
            let from = source.map { " FROM \($0)" } ?? ""
            let open = column.map { " AND \(table).\(dialect.quoted($0)) IS NULL" } ?? ""
            return "UPDATE \(table) SET \(sets.joined(separator: ", "))\(from) WHERE \(keys)\(open)"
        case .delete:
            let condition = source.map { "EXISTS (SELECT 1 FROM \($0) WHERE \(keys))" } ?? keys
            return "DELETE FROM \(table) WHERE \(condition)"
        }
    }

    /// A text with its marks turned back.
    ///
    /// By a binary collation: others take a fullwidth tilde for the plain one.
    private static func unmarked(_ value: String) -> String {
        let binary = "\(value) COLLATE Latin1_General_BIN2"
        return JSONRows.marks.enumerated().reversed().reduce(binary) { text, mark in
            "REPLACE(\(text), N'~\(mark.offset)', NCHAR(\(mark.element)))"
        }
    }

    /// A value of the JSON text as the column's type.
    ///
    /// Text stays NVARCHAR(MAX), so that the table refuses what is too long for it, but as a key it gets its width: no index
    /// serves a comparison with NVARCHAR(MAX), and keys are cut to their width beforehand.
    private static func converted(_ value: String, _ type: ParameterType, isKey: Bool) -> String {
        switch type {
        case .text(let size) where isKey && size > 0: "CAST(\(value) AS NVARCHAR(\(size)))"
        case .text: value
        case .integer: "CAST(\(value) AS BIGINT)"
        case .double: "CAST(\(value) AS FLOAT)"
        case .bit: "CAST(\(value) AS BIT)"
        case .date: "CAST(\(value) AS DATE)"
        case .timestamp: "CAST(\(value) AS DATETIME2)"
        case .guid: "CAST(\(value) AS UNIQUEIDENTIFIER)"
        }
    }
}
