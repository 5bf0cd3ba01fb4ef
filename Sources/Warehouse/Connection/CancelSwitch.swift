internal import ODBC
internal import Synchronization

/// Ends what a session's connection is doing, from any thread.
final class CancelSwitch: Sendable {
    private let canceller = Mutex<Canceller?>(nil)

    func connect(_ canceller: Canceller?) {
        self.canceller.withLock { $0 = canceller }
    }

    func cancel() {
        self.canceller.withLock { $0 }?.cancel()
    }
}
