/// Which SQL the warehouse speaks.
package enum Dialect: String, Hashable, Sendable, CaseIterable {
    /// SQL Server and Azure SQL: production.
    case sqlServer = "sqlserver"
    /// SQLite through its ODBC driver: the embedded warehouse of demonstrations, tests and small installations.
    case sqlite
}

extension Dialect {
    /// The dialect of a database that calls itself so (`SQL_DBMS_NAME`).
    init(dbmsName: String) {
        self = dbmsName.lowercased().contains("sqlite") ? .sqlite : .sqlServer
    }
}
