import Synchronization

/// Whether the task that works on a batch gets on, so that one that hangs can be told from one that has much to do.
final class Pulse: Sendable {
    private struct State {
        var last: Int64 = 0
        var waiting = 0
    }

    private let state = Mutex(State())

    /// Notes that a step is over.
    func beat(now: Int64) {
        self.state.withLock { $0.last = max($0.last, now) }
    }

    /// Runs a wait for one's turn, which may be long and is no hanging.
    func waiting<T: Sendable>(now: () -> Int64, _ body: () async throws -> T) async rethrows -> T {
        self.state.withLock { $0.waiting += 1 }
        defer {
            self.state.withLock { state in
                state.waiting -= 1
                state.last = max(state.last, now())
            }
        }
        return try await body()
    }

    /// The last time (UTC milliseconds) at which it was seen to get on.
    func last(now: Int64) -> Int64 {
        self.state.withLock { $0.waiting > 0 ? now : $0.last }
    }
}
