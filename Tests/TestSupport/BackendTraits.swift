// A release build with Swift's libraries in it builds this target too, and has no Testing.
#if canImport(Testing)
package import Testing

/// Runs each test on the server, and before that on the embedded database: what is promised is promised on all.
package struct BackendTrait: SuiteTrait, TestTrait, TestScoping {
    let isEmbeddedToo: Bool

    package var isRecursive: Bool { true }

    @concurrent package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        if self.isEmbeddedToo { try await Backend.$current.withValue(.embedded) { try await function() } }
        guard let server = Backend.server else {
            guard self.isEmbeddedToo else { try Test.cancel("needs ORDERSYNC_TEST_SQLSERVER") }
            return
        }
        try await ServerTurn.shared.take {
            try await Backend.$current.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == BackendTrait {
    package static var everyBackend: BackendTrait { BackendTrait(isEmbeddedToo: true) }
    package static var onServer: BackendTrait { BackendTrait(isEmbeddedToo: false) }
}
#endif
