internal import ODBC

/// What a database holds: its tables with their columns, and everything else that migrations make.
struct Catalogue {
    /// What a column asks of those who insert rows.
    struct Column: Hashable {
        /// Whether it must be given a value: NOT NULL, without a default, and the database fills it by itself neither.
        var isRequired: Bool
        /// Whether it numbers rows by itself.
        var isIdentity: Bool
    }

    /// An index as it serves a query: its name matters less.
    private struct Index: Hashable {
        let table: String
        let columns: [String]
        let isUnique: Bool
    }

    // All names in lower case, since both dialects find them so.
    private var tables: [String: [String: Column]] = [:]
    private var indexes: Set<Index> = []
    private var views: Set<String> = []
    private var procedures: Set<String> = []
    private var constraints: Set<String> = []

    init(_ connection: Connection, _ dialect: Dialect, timeout: Int) throws {
        try connection.query(Self.columnsSQL(dialect), timeout: timeout) { row in
            guard let table = try row.text(0), let column = try row.text(1) else { return }
            self.tables[table.lowercased(), default: [:]][column.lowercased()] = Column(
                isRequired: try row.integer(2) == 1,
                isIdentity: try row.integer(3) == 1
            )
        }
        try self.readIndexes(connection, dialect, timeout)
        try connection.query(Self.othersSQL(dialect), timeout: timeout) { row in
            guard let kind = try row.text(0), let name = try row.text(1)?.lowercased() else { return }
            switch kind {
            case "view":
                self.views.insert(name)
                // A view in a table's place is taken for it.
                if self.tables[name] == nil { self.tables[name] = [:] }
            case "procedure": self.procedures.insert(name)
            default: self.constraints.insert(name)
            }
        }
    }

    /// The columns of a table, in lower case; nil when there is no such table or view.
    func columns(of table: String) -> [String: Column]? { self.tables[table.lowercased()] }

    func has(_ column: String, in table: String) -> Bool {
        self.tables[table.lowercased()]?[column.lowercased()] != nil
    }

    func hasConstraint(_ name: String) -> Bool { self.constraints.contains(name.lowercased()) }

    func hasUniqueIndex(_ columns: [String], of table: String) -> Bool {
        let columns = columns.map { $0.lowercased() }
        return self.indexes.contains(Index(table: table.lowercased(), columns: columns, isUnique: true))
    }

    func has(_ change: MigrationStatement.Change) -> Bool {
        switch change {
        case .table(let name, _): self.columns(of: name) != nil
        case .column(let table, let column): self.has(column.name, in: table)
        case .index(let index):
            // A unique index serves where none is asked for.
            [true, index.isUnique].contains { isUnique in
                self.indexes.contains(
                    Index(
                        table: index.table.lowercased(),
                        columns: index.columns.map { $0.lowercased() },
                        isUnique: isUnique
                    )
                )
            }
        case .view(let name): self.views.contains(name.lowercased())
        case .procedure(let name): self.procedures.contains(name.lowercased())
        case .other: false
        }
    }

    /// Forgets a table that is about to be renamed; its constraints keep their names.
    mutating func forget(table: String) {
        let table = table.lowercased()
        self.tables[table] = nil
        self.indexes = self.indexes.filter { $0.table != table }
    }

    /// Reads each index column by column.
    ///
    /// They are compared by their columns, since a predecessor may have named the same one otherwise, and since some servers
    /// mangle the names.
    private mutating func readIndexes(_ connection: Connection, _ dialect: Dialect, _ timeout: Int) throws {
        var found: [String: Index] = [:]
        try connection.query(Self.indexesSQL(dialect), timeout: timeout) { row in
            guard let table = try row.text(0)?.lowercased(), let id = try row.text(1),
                let column = try row.text(3)?.lowercased()
            else { return }
            let key = "\(table) \(id)"
            let columns = (found[key]?.columns ?? []) + [column]
            found[key] = Index(table: table, columns: columns, isUnique: try row.integer(2) == 1)
        }
        self.indexes = Set(found.values)
    }
}

extension Catalogue {
    static func columnsSQL(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlServer:
            """
            SELECT [TABLE_NAME], [COLUMN_NAME],
                CASE WHEN [IS_NULLABLE] = 'YES' OR [COLUMN_DEFAULT] IS NOT NULL OR [IDENTITY] = 1 OR [COMPUTED] = 1
                    OR [DATA_TYPE] = 'timestamp' THEN 0 ELSE 1 END,
                [IDENTITY]
            FROM (
                SELECT [TABLE_NAME], [COLUMN_NAME], [IS_NULLABLE], [COLUMN_DEFAULT], [DATA_TYPE],
                    COLUMNPROPERTY(OBJECT_ID(N'[dbo].[' + [TABLE_NAME] + N']'), [COLUMN_NAME], 'IsIdentity') AS [IDENTITY],
                    COLUMNPROPERTY(OBJECT_ID(N'[dbo].[' + [TABLE_NAME] + N']'), [COLUMN_NAME], 'IsComputed') AS [COMPUTED]
                FROM [INFORMATION_SCHEMA].[COLUMNS] WHERE [TABLE_SCHEMA] = N'dbo'
            ) AS [columns]
            """
        case .sqlite:
            // xinfo, since table_info leaves out generated columns. Not of views: one whose table is gone would fail the
            // query, and that table is just what is to be made again.
            """
            SELECT m.name, c.name,
                c."notnull" = 1 AND c.dflt_value IS NULL AND c.hidden = 0 AND NOT (c.pk = 1 AND upper(c.type) = 'INTEGER'),
                c.pk = 1 AND upper(c.type) = 'INTEGER'
            FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table'
            """
        }
    }

    static func indexesSQL(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlServer:
            """
            SELECT OBJECT_NAME(i.[object_id]), i.[index_id], CAST(i.[is_unique] AS INT), c.[name]
            FROM sys.indexes AS i
            JOIN sys.index_columns AS k ON k.[object_id] = i.[object_id] AND k.[index_id] = i.[index_id]
            JOIN sys.columns AS c ON c.[object_id] = k.[object_id] AND c.[column_id] = k.[column_id]
            WHERE k.[key_ordinal] > 0 AND OBJECT_SCHEMA_NAME(i.[object_id]) = N'dbo'
            ORDER BY i.[object_id], i.[index_id], k.[key_ordinal]
            """
        case .sqlite:
            """
            SELECT m.name, i.name, i."unique", c.name
            FROM sqlite_master AS m, pragma_index_list(m.name) AS i, pragma_index_info(i.name) AS c
            WHERE m.type = 'table' ORDER BY m.name, i.name, c.seqno
            """
        }
    }

    static func othersSQL(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlServer:
            """
            SELECT N'view', [TABLE_NAME] FROM [INFORMATION_SCHEMA].[VIEWS] WHERE [TABLE_SCHEMA] = N'dbo'
            UNION ALL
            SELECT N'procedure', [ROUTINE_NAME] FROM [INFORMATION_SCHEMA].[ROUTINES] WHERE [ROUTINE_SCHEMA] = N'dbo'
            UNION ALL
            SELECT N'constraint', [CONSTRAINT_NAME] FROM [INFORMATION_SCHEMA].[TABLE_CONSTRAINTS]
            WHERE [CONSTRAINT_SCHEMA] = N'dbo'
            """
        case .sqlite: "SELECT type, name FROM sqlite_master WHERE type = 'view'"
        }
    }
}
