import Orders

/// How many requests one board takes at once: one more while answers are quick, half after a lock or a time-out.
struct BoardPace: Hashable, Sendable {
    /// What an answer says of the board's load.
    enum Answer: Hashable, Sendable {
        case quick
        case slow
        case overloaded

        /// Judges an answer.
        ///
        /// - Parameters:
        ///   - failure: what failed, if anything.
        ///   - took: milliseconds from sending to answer.
        init(_ failure: Failure?, took: Int64) {
            let codes = [
                ErrorCode.locked, "REQUEST_TIMEOUT", "HTTP_504", ErrorCode.transportPrefix + "TIMEOUT",
                "maxConcurrencyExceeded",
                "FIELD_LIMIT_EXCEEDED", "tooManyRequests",
            ]
            if let failure, codes.contains(failure.code) {
                self = .overloaded
            } else {
                // Monday breaks off at 60 s: an answer that took half of it leaves no room for a slower one.
                self = failure == nil && took < 30_000 ? .quick : .slow
            }
        }
    }

    private static let start = 2

    private(set) var limit: Int
    private let isFixed: Bool
    private var inFlight = 0
    /// When the limit was last halved: answers to requests from before say nothing new.
    private var halved: Int64?

    init(_ setting: PaceSettings.BoardConcurrency) {
        switch setting {
        case .automatic:
            self.limit = Self.start
            self.isFixed = false
        case .fixed(let limit):
            self.limit = max(1, limit)
            self.isFixed = true
        }
    }

    var hasRoom: Bool { self.inFlight < self.limit }

    mutating func begin() { self.inFlight += 1 }

    /// Ends a request that was not sent: it says nothing of the board.
    mutating func withdraw() { self.inFlight = max(0, self.inFlight - 1) }

    mutating func end(_ answer: Answer, started: Int64, now: Int64, most: Int) {
        let wasFull = self.inFlight >= self.limit
        self.inFlight = max(0, self.inFlight - 1)
        guard !self.isFixed else { return }
        switch answer {
        case .quick:
            // Room that nobody asked for proves nothing.
            if wasFull { self.limit = min(self.limit + 1, max(1, most)) }
        case .slow: break
        case .overloaded:
            if let halved = self.halved, started < halved { return }
            self.limit = max(1, self.limit / 2)
            self.halved = now
        }
    }
}
