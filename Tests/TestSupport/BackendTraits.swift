// A release build with Swift's libraries in it builds this target too, and has no Testing.
#if canImport(Testing)
package import Testing

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
#endif
