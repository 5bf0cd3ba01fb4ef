import Journal
import Orders

/// When the lane stands still after a failure that every job would meet: a pure value.
struct LanePause {
    private(set) var failure: Failure?
    private(set) var until: Int64 = 0
    /// When the first of an unbroken row of failures came.
    private(set) var since: Int64 = 0
    private var strikes = 0

    /// Whether nothing is to be begun now.
    func isActive(now: Int64) -> Bool { self.failure != nil && now < self.until }

    /// Takes note of a failure: the pause grows with each in a row, from 1 s to 1 min, or as long as the server asks.
    mutating func strike(_ failure: Failure, now: Int64) {
        if self.failure == nil { self.since = now }
        self.failure = failure
        self.until = now + max(failure.retryAfterMilliseconds ?? 0, min(60_000, 1_000 << Int64(min(self.strikes, 6))))
        self.strikes += 1
    }

    /// What there is to tell of it: of an unbroken row of failures, until something goes through.
    var standing: DaemonStanding.Pause? {
        self.failure.map { DaemonStanding.Pause(failure: $0, since: self.since, until: self.until) }
    }

    /// Takes note of what came of the work beside the batches: the board's answer to a look-up ends the row as well.
    ///
    /// A pause that is under way began after that look-up, as nothing is looked up during one. It may be what the server asked for, so it
    /// goes on, as the first of a new row.
    mutating func hear(_ tending: Tending, now: Int64) {
        guard tending.settled > 0, tending.failure == nil, tending.error == nil else { return }
        if self.isActive(now: now) { self.since = now } else { self.clear() }
    }

    /// Ends the row: something went through.
    mutating func clear() { self = LanePause() }
}
