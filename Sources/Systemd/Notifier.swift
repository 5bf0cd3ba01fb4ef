internal import Glibc

/// Tells the service manager how the service is, over the socket that it names in `NOTIFY_SOCKET`.
///
/// Outside of a unit of `Type=notify` every call does nothing, so that nobody needs to ask.
package struct Notifier: Sendable {
    /// How often at least to send ``Notification/watchdog``: half of what the unit's `WatchdogSec=` allows; nil when
    /// it has none, or when it is meant for another process.
    package let watchdogInterval: Duration?
    private let address: UnixAddress?

    /// - Parameters:
    ///   - environment: The variables of the process.
    ///   - processID: The process, which `WATCHDOG_PID` must name when it is set.
    package init(environment: [String: String], processID: Int32 = getpid()) {
        self.address = environment["NOTIFY_SOCKET"].flatMap { UnixAddress($0) }
        self.watchdogInterval = Self.watchdogInterval(environment, processID: processID)
    }

    /// Whether there is a service manager that listens.
    package var isActive: Bool { self.address != nil }

    /// Sends words together, so that the manager sees them at once.
    ///
    /// Waits at most two seconds for a manager that is busy.
    ///
    /// - Parameter notifications: What to tell.
    /// - Returns: Whether they were delivered; false also when nobody listens.
    @discardableResult
    package func send(_ notifications: Notification...) -> Bool {
        guard let address = self.address, !notifications.isEmpty else { return false }
        let text = notifications.map(\.line).joined(separator: "\n")
        return Datagram.send(Array(text.utf8), to: address, wait: 2000) == 0
    }

    private static func watchdogInterval(_ environment: [String: String], processID: Int32) -> Duration? {
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 0 else {
            return nil
        }
        if let meant = environment["WATCHDOG_PID"], Int32(meant) != processID { return nil }
        return .microseconds(microseconds / 2)
    }
}
