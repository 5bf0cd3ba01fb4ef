/// One numbered file of `sql/`, which the programs carry in themselves.
struct Migration {
    let version: Int
    /// The file's name without its end, such as `V0001_sqlite_predecessor_tables`.
    let name: String
    let script: String
    let statements: [MigrationStatement]

    private init(_ version: Int, _ name: String, _ bytes: [UInt8], _ dialect: Dialect) {
        self.version = version
        self.name = name
        self.script = String(decoding: bytes, as: UTF8.self)
        self.statements = MigrationStatement.split(self.script, dialect)
    }

    /// All migrations of a dialect, in their order.
    static func all(_ dialect: Dialect) -> [Migration] {
        switch dialect {
        case .sqlServer:
            let resources = [
                ("V0001_sqlserver_predecessor_tables", PackageResources.V0001_sqlserver_predecessor_tables_sql),
                ("V0002_sqlserver_ordersync_columns", PackageResources.V0002_sqlserver_ordersync_columns_sql),
                ("V0003_sqlserver_views_procedures", PackageResources.V0003_sqlserver_views_procedures_sql),
            ]
            return resources.enumerated().map { Migration($0 + 1, $1.0, $1.1, dialect) }
        case .sqlite:
            let resources = [
                ("V0001_sqlite_predecessor_tables", PackageResources.V0001_sqlite_predecessor_tables_sql),
                ("V0002_sqlite_ordersync_columns", PackageResources.V0002_sqlite_ordersync_columns_sql),
                ("V0003_sqlite_views", PackageResources.V0003_sqlite_views_sql),
            ]
            return resources.enumerated().map { Migration($0 + 1, $1.0, $1.1, dialect) }
        }
    }

    /// The script that makes the source table, for demonstrations and tests.
    static func sourceScript(_ dialect: Dialect) -> String {
        switch dialect {
        case .sqlServer: String(decoding: PackageResources.source_orders_unified_sqlserver_sql, as: UTF8.self)
        case .sqlite: String(decoding: PackageResources.source_orders_unified_sql, as: UTF8.self)
        }
    }
}
