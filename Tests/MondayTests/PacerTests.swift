import Orders
import Synchronization
import Testing

@testable import Monday

/// A clock that a test moves.
private final class ManualClock: Sendable {
    private struct State {
        var now: Int64 = 0
        var sleepers: [(until: Int64, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var now: Int64 { self.state.withLock { $0.now } }
    var sleepers: Int { self.state.withLock { $0.sleepers.count } }

    func sleep(_ duration: Duration) async {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        await withCheckedContinuation { continuation in
            self.state.withLock { $0.sleepers.append(($0.now + milliseconds, continuation)) }
        }
    }

    func advance(to time: Int64) {
        let due = self.state.withLock { state in
            state.now = time
            let due = state.sleepers.filter { $0.until <= time }
            state.sleepers.removeAll { $0.until <= time }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    deinit {
        for sleeper in self.state.withLock({ $0.sleepers }) { sleeper.continuation.resume() }
    }
}

@Suite("The pacer")
struct PacerTests {
    private let clock = ManualClock()

    private func pacer(points: Int = 60_010, board: Int = 1) -> Pacer {
        let clock = self.clock
        return Pacer(
            PaceSettings(pointsPerMinute: points, boardConcurrency: .fixed(board), reservePercent: 0),
            now: { clock.now },
            sleep: { await clock.sleep($0) }
        )
    }

    private let create = Call(counts: [.createItem: 1], board: 1)

    @Test("a request waits until another on its board is answered", .timeLimit(.minutes(1)))
    func waitsForAnswer() async throws {
        let pacer = self.pacer(points: 1_000_000)
        let first = try await pacer.admit(self.create)
        async let second = pacer.admit(self.create)
        try await pacer.finish(await pacer.admit(.read), limits: RateLimits(), failure: nil)
        await pacer.finish(first, limits: RateLimits(), failure: nil)
        await pacer.finish(try await second, limits: RateLimits(), failure: nil)
    }

    @Test("a request waits for the next minute when the points are spent", .timeLimit(.minutes(1)))
    func waitsForPoints() async throws {
        let pacer = self.pacer(board: 5)
        for _ in 0..<2 { await pacer.finish(try await pacer.admit(self.create), limits: RateLimits(), failure: nil) }
        let create = self.create
        let third = Task { try await pacer.admit(create) }
        while self.clock.sleepers == 0 { await Task.yield() }
        self.clock.advance(to: 60_000)
        _ = try await third.value
    }

    @Test("a cancelled wait ends at once and holds nobody up", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        let pacer = self.pacer()
        let create = self.create
        let first = try await pacer.admit(create)
        let waiting = Task { try await pacer.admit(create) }
        await Task.yield()
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        async let third = pacer.admit(create)
        await pacer.finish(first, limits: RateLimits(), failure: nil)
        _ = try await third
    }
}
