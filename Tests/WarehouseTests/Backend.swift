import Foundation
import Testing

/// Which database a test of the warehouse runs on.
enum Backend: Hashable, Sendable {
    /// SQLite through its ODBC driver.
    case embedded
    /// A T-SQL server, where each test makes a database of its own and drops it.
    case server(connectionString: String)

    /// The one that the test at hand is to use.
    @TaskLocal static var current: Backend = .embedded

    /// A T-SQL server to test on: an ODBC connection string whose login may create databases.
    static let server: Backend? = ProcessInfo.processInfo.environment["ORDERSYNC_TEST_SQLSERVER"]
        .flatMap { $0.isEmpty ? nil : .server(connectionString: $0) }

    /// The embedded one always, the server when there is one.
    static let all: [Backend] = [.embedded] + (Self.server.map { [$0] } ?? [])
}

/// Runs each test once on each database: what the warehouse promises, it promises on all.
struct EveryBackend: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        for backend in Backend.all { try await Backend.$current.withValue(backend) { try await function() } }
    }
}

extension Trait where Self == EveryBackend {
    static var everyBackend: EveryBackend { EveryBackend() }
}
