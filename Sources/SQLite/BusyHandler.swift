internal import CSQLite
internal import Glibc

/// Waits for a lock in steps of 0.1 to 1 ms, each of random length.
///
/// SQLite's own `sqlite3_busy_timeout` backs off to steps of 100 ms: beside a writer that commits all the time it finds
/// the lock free only by luck and starves for seconds. Short steps of random length let all writers in.
final class BusyHandler {
    /// How long to wait in all, in milliseconds; 0 gives up at once.
    var timeout: Int
    private var deadline: Int64 = 0

    init(timeout: Int) {
        self.timeout = timeout
    }

    /// Makes this object the connection's busy handler; it must live as long as the connection.
    func install(on database: OpaquePointer) -> Int32 {
        let callback: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { context, tries in
            guard let context = unsafe context else { return 0 }
            let handler = unsafe Unmanaged<BusyHandler>.fromOpaque(context).takeUnretainedValue()
            return handler.wait(tries: tries) ? 1 : 0
        }
        return unsafe sqlite3_busy_handler(database, callback, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Sleeps one step; false when the time is up.
    ///
    /// - Parameter tries: How often SQLite has asked for the same lock before, 0 at first.
    /// - Returns: Whether to ask again.
    private func wait(tries: Int32) -> Bool {
        let now = Self.now()
        if tries == 0 { self.deadline = now + Int64(self.timeout) * 1_000_000 }
        guard now < self.deadline else { return false }
        var pause = timespec(tv_sec: 0, tv_nsec: Int.random(in: 100_000...1_000_000))
        _ = unsafe nanosleep(&pause, nil)
        return true
    }

    /// The monotonic clock, in nanoseconds.
    private static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
