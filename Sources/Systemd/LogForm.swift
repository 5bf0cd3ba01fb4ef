internal import Glibc

/// The form of log lines.
package enum LogForm: Hashable, Sendable {
    /// One JSON object a line after the `<priority>` that journald takes off, see `sd-daemon(3)`; without a time, as
    /// journald adds its own.
    case journal
    /// For people: time in UTC, level, message, metadata.
    case text

    /// Text when standard error is a terminal, else for journald.
    package static func automatic() -> LogForm { isatty(STDERR_FILENO) == 1 ? .text : .journal }
}
