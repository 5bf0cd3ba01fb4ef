/// Which database a test runs on.
package enum Backend: Hashable, Sendable {
    /// SQLite through its ODBC driver.
    case embedded
    /// A T-SQL server, where each test makes a database of its own and drops it.
    case server(connectionString: String)

    /// The one that the test at hand is to use.
    @TaskLocal package static var current: Backend = .embedded

    /// The T-SQL server, when there is one.
    package static let server: Backend? = ServerDatabase.given.map { .server(connectionString: $0) }

    package var isServer: Bool { self != .embedded }

    /// A new database on the server; nil on the embedded one, whose database is a file.
    package func makeDatabase() throws -> ServerDatabase? {
        guard case .server(let connectionString) = self else { return nil }
        return try ServerDatabase(on: connectionString)
    }
}
