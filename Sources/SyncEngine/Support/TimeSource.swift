import FoundationEssentials

/// The engine's only view of the clock, so that tests can own time.
package struct TimeSource: Sendable {
    /// The time now, in UTC milliseconds.
    package let now: @Sendable () -> Int64
    /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
    package let sleep: @Sendable (_ milliseconds: Int64) async throws -> Void
    /// A random number in 0 ..< 1, for jitter.
    package let random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// The machine's clock and randomness.
    package static let system = TimeSource(
        now: { Int64(Date().timeIntervalSince1970 * 1000) },
        sleep: { try await Task.sleep(for: .milliseconds($0)) },
        random: { Double.random(in: 0..<1) }
    )
}
