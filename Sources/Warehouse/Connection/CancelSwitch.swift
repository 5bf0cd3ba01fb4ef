internal import ODBC
internal import Synchronization

/// Ends what a session's connection is doing, from any thread.
final class CancelSwitch: Sendable {
    private struct State {
        var canceller: Canceller?
        /// The most seconds that a statement may still take.
        var limit: Int?
    }

    private let state = Mutex(State())

    func connect(_ canceller: Canceller?) {
        self.state.withLock { state in
            state.canceller = canceller
            if let limit = state.limit { canceller?.hurry(seconds: limit) }
        }
    }

    func cancel() {
        self.state.withLock { $0.canceller }?.cancel()
    }

    func hurry(seconds: Int) {
        self.state.withLock { state in
            state.limit = seconds
            state.canceller?.hurry(seconds: seconds)
        }
    }
}
