/// One word to the service manager; see `sd_notify(3)`.
package struct Notification: Hashable, Sendable {
    let line: String

    /// The service is up.
    package static let ready = Notification(line: "READY=1")
    /// The service is on its way out.
    package static let stopping = Notification(line: "STOPPING=1")
    /// The loop that does the work is alive.
    package static let watchdog = Notification(line: "WATCHDOG=1")

    /// One line for `systemctl status`; line breaks become spaces, as each line is a word of its own.
    package static func status(_ text: String) -> Notification {
        let line = text.map { $0.isNewline || $0 == "\0" ? " " : $0 }
        return Notification(line: "STATUS=" + String(line.prefix(500)))
    }

    /// How much longer than configured the current start or stop will take from now, in microseconds.
    package static func extendTimeout(microseconds: Int64) -> Notification {
        Notification(line: "EXTEND_TIMEOUT_USEC=\(microseconds)")
    }
}
