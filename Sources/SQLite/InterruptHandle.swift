internal import CSQLite
internal import Synchronization

/// Ends, from any thread, what a connection is doing.
package final class InterruptHandle: Sendable {
    /// The open connection; nil once it has closed.
    private let connection: Mutex<Target?>

    /// A pointer that may cross threads: `sqlite3_interrupt` is the one call that may be made from another.
    @safe private struct Target: @unchecked Sendable {
        let raw: OpaquePointer
    }

    init(_ database: OpaquePointer) {
        self.connection = Mutex(unsafe Target(raw: database))
    }

    /// Makes the statements that run now fail with ``SQLiteError/isInterrupted``; nothing when none runs.
    package func interrupt() {
        // Under the lock, so that the connection can't close meanwhile.
        self.connection.withLock { target in
            if let target { unsafe sqlite3_interrupt(target.raw) }
        }
    }

    /// Called before the connection closes.
    func invalidate() {
        self.connection.withLock { $0 = nil }
    }
}
