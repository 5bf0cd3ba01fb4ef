package import Orders

/// What the service is doing, in the words of its status line.
package struct ServiceStatus: Hashable, Sendable, CustomStringConvertible {
    package var running = 0
    package var ready = 0
    package var retrying = 0
    package var inDoubt = 0
    package var dead = 0
    /// Whether another program holds the board.
    package var isStandby = false
    /// How long the first request waits after the board was taken over, in seconds; nil when it does not.
    package var takeover: Int64?
    /// Why nothing moves, and until when (UTC milliseconds).
    package var pause: Failure?

    package init() {}

    package var description: String {
        var parts = ["\(self.running) in work", "\(self.ready) ready"]
        if self.retrying > 0 { parts.append("\(self.retrying) to be tried again") }
        if self.inDoubt > 0 { parts.append("\(self.inDoubt) in doubt") }
        if self.dead > 0 { parts.append("\(self.dead) dead") }
        let counts = parts.joined(separator: ", ")
        if self.isStandby { return "role: standby, another ordersyncd holds the board: \(counts)" }
        if let takeover { return "taking over, first request in \(takeover) s: \(counts)" }
        guard let pause else { return self.running + self.ready == 0 ? "idle: \(counts)" : counts }
        return "paused (\(pause.code): \(pause.message.prefix(160))): \(counts)"
    }
}
