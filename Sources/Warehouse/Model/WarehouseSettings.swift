package import Orders

/// How to reach a database, and how long to wait for it.
package struct WarehouseSettings: Sendable {
    /// An ODBC connection string or `DSN=…`; holds a password, so it is never printed.
    package var connection: Secret
    /// Nil: asked of the driver.
    package var dialect: Dialect?
    /// The deadline of every statement.
    package var statementTimeout: Duration
    /// The deadline of connecting.
    package var loginTimeout: Duration
    /// How many rows go to the server at once; nil: what was measured to be the fastest.
    package var bulk: BulkMethod?

    package init(
        connection: Secret,
        dialect: Dialect? = nil,
        statementTimeout: Duration = .seconds(120),
        loginTimeout: Duration = .seconds(15),
        bulk: BulkMethod? = nil
    ) {
        self.connection = connection
        self.dialect = dialect
        self.statementTimeout = statementTimeout
        self.loginTimeout = loginTimeout
        self.bulk = bulk
    }
}
