package import Testing

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

/// Runs each test once on each database: what is promised, is promised on all.
package struct EveryBackend: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    @concurrent package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await Backend.$current.withValue(.embedded) { try await function() }
        guard let server = Backend.server else { return }
        try await ServerTurn.shared.take {
            try await Backend.$current.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == EveryBackend {
    package static var everyBackend: EveryBackend { EveryBackend() }
}

/// Runs each test on the server alone.
package struct OnServer: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    @concurrent package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard let server = Backend.server else { try Test.cancel("needs ORDERSYNC_TEST_SQLSERVER") }
        try await ServerTurn.shared.take {
            try await Backend.$current.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == OnServer {
    package static var onServer: OnServer { OnServer() }
}
