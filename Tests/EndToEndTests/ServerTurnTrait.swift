import TestSupport
import Testing

/// Runs each test while no other works on the T-SQL server.
struct ServerTurnTrait: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await ServerTurn.shared.take { try await function() }
    }
}

extension Trait where Self == ServerTurnTrait {
    static var serverTurn: ServerTurnTrait { ServerTurnTrait() }
}
