internal import ODBC

/// What a database holds: its tables with their columns, and the names of everything else that migrations make.
struct Catalogue {
    /// Columns by table; names in lower case, since both dialects find them so.
    private var columns: [String: Set<String>] = [:]
    private var others: Set<String> = []

    init(_ connection: Connection, _ dialect: Dialect, timeout: Int) throws {
        try connection.query(Self.columnsSQL(dialect), timeout: timeout) { row in
            guard let table = try row.text(0), let column = try row.text(1) else { return }
            self.columns[table.lowercased(), default: []].insert(column.lowercased())
        }
        try connection.query(Self.othersSQL(dialect), timeout: timeout) { row in
            guard let kind = try row.text(0), let name = try row.text(1) else { return }
            self.others.insert(Self.key(kind, name))
            // A view in a table's place is taken for it.
            if kind == "view", self.columns(of: name) == nil { self.columns[name.lowercased()] = [] }
        }
    }

    /// The columns of a table, in lower case; nil when there is no such table or view.
    func columns(of table: String) -> Set<String>? { self.columns[table.lowercased()] }

    func has(_ column: String, in table: String) -> Bool {
        self.columns[table.lowercased()]?.contains(column.lowercased()) ?? false
    }

    func has(_ change: MigrationStatement.Change) -> Bool {
        switch change {
        case .table(let name, _): self.columns(of: name) != nil
        case .column(let table, let column): self.has(column.name, in: table)
        case .index(let name): self.others.contains(Self.key("index", name))
        case .view(let name): self.others.contains(Self.key("view", name))
        case .procedure(let name): self.others.contains(Self.key("procedure", name))
        case .other: false
        }
    }

    private static func key(_ kind: String, _ name: String) -> String { "\(kind) \(name)".lowercased() }

    private static func columnsSQL(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlServer: "SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = N'dbo'"
        case .sqlite:
            // xinfo, since table_info leaves out generated columns. Not of views: one whose table is gone would fail the
            // query, and that table is just what is to be made again.
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table'"
        }
    }

    private static func othersSQL(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlServer:
            """
            SELECT N'view', TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = N'dbo'
            UNION ALL
            SELECT N'procedure', ROUTINE_NAME FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_SCHEMA = N'dbo'
            UNION ALL
            SELECT N'index', name FROM sys.indexes WHERE name IS NOT NULL
            """
        case .sqlite: "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'view')"
        }
    }
}
