import TestSupport
import Testing

/// Which database a test of the warehouse runs on.
enum Backend: Hashable, Sendable {
    /// SQLite through its ODBC driver.
    case embedded
    /// A T-SQL server, where each test makes a database of its own and drops it.
    case server(connectionString: String)

    /// The one that the test at hand is to use.
    @TaskLocal static var current: Backend = .embedded

    /// The T-SQL server, when there is one.
    static let server: Backend? = ServerDatabase.given.map { .server(connectionString: $0) }
}

/// Runs each test once on each database: what the warehouse promises, it promises on all.
struct EveryBackend: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
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
    static var everyBackend: EveryBackend { EveryBackend() }
}

/// Runs each test on the server alone.
struct OnServer: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let server = try #require(Backend.server)
        try await ServerTurn.shared.take {
            try await Backend.$current.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == OnServer {
    static var onServer: OnServer { OnServer() }
}
