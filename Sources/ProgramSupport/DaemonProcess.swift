import Foundation
import Glibc
package import Journal

/// Whether the daemon that the journal names is there.
package enum DaemonProcess {
    /// Nil when it was started on another machine, or never.
    ///
    /// Its lock file is not tried: whoever holds it for a moment could keep a daemon from starting.
    package static func isRunning(_ daemon: DaemonStanding) -> Bool? {
        guard daemon.startedAt != nil, daemon.host == Person.host else { return nil }
        if daemon.stoppedAt != nil { return false }
        // The number may be another process's by now.
        if let name = try? String(contentsOfFile: "/proc/\(daemon.process)/comm", encoding: .utf8) {
            return name == "ordersyncd\n"
        }
        return kill(daemon.process, 0) == 0 || errno == EPERM
    }
}
