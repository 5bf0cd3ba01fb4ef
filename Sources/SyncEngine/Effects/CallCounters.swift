import Synchronization

/// Counts the calls of one batch, for its row in the batch table, and tells whether it gets on.
final class CallCounters: Sendable {
    struct Counts: Sendable {
        var calls = 0
        var failures = 0
        var retries = 0
    }

    private let state = Mutex(Counts())
    let pulse = Pulse()

    var counts: Counts { self.state.withLock { $0 } }

    func called(failed: Bool) {
        self.state.withLock {
            $0.calls += 1
            if failed { $0.failures += 1 }
        }
    }

    func retried() {
        self.state.withLock { $0.retries += 1 }
    }
}
