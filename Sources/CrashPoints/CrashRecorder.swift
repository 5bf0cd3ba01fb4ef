#if CRASH_POINTS
internal import Glibc
internal import Synchronization

/// Counts the points that this process passes, and ends it where the environment says.
///
/// `CRASH_AT` names the place. `CRASH_TRACE` names a file that gets a line for each point passed,
/// with the number of the process.
final class CrashRecorder: Sendable {
    static let shared = CrashRecorder()

    private let order: CrashOrder?
    private let trace: String?
    private let passings = Mutex(0)

    private init() {
        self.trace = Self.variable("CRASH_TRACE")
        let words = Self.variable("CRASH_AT")
        self.order = words.flatMap(CrashOrder.init)
        precondition(words == nil || self.order != nil, "CRASH_AT names no point: \(words ?? "")")
    }

    func pass(_ point: CrashPoint, _ side: CrashPoint.Side) {
        if self.trace != nil { self.write("\(getpid()) \(point.rawValue):\(side.rawValue)\n") }
        guard let order = self.order, order.point == point, order.side == side else { return }
        let passing = self.passings.withLock { count in
            count += 1
            return count
        }
        guard passing == order.passing else { return }
        guard order.isKill else { abort() }
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    /// Appends to the trace; written by the system at once, so that it is there however the process ends.
    private func write(_ line: String) {
        guard let trace = self.trace else { return }
        let descriptor = unsafe open(trace, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(line.utf8)
        _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
#endif
