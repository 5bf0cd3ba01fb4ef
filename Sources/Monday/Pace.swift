package import Orders

/// A request that asks for its share of Monday's budget.
package struct Call: Hashable, Sendable {
    /// How many mutations of each kind the request holds; empty for a read.
    package let counts: [Mutation.Kind: Int]
    /// The board that is changed; nil for a read, which locks none.
    package let board: Int64?

    package init(counts: [Mutation.Kind: Int], board: Int64?) {
        self.counts = counts
        self.board = board
    }

    package init(_ mutations: [Mutation], board: Int64) {
        self.init(counts: mutations.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }, board: board)
    }

    package static let read = Call(counts: [:], board: nil)
}

/// What bounds the pace where Monday's answers don't say, and what is left to others.
package struct PaceSettings: Hashable, Sendable {
    package enum BoardConcurrency: Hashable, Sendable {
        /// As many as the board takes: found out.
        case automatic
        case fixed(Int)
    }

    /// Points a minute; the smallest plan's until an answer says more.
    package var pointsPerMinute: Int
    package var requestsPerMinute: Int
    package var concurrency: Int
    package var boardConcurrency: BoardConcurrency
    /// The share of every budget that is left to other programs, in percent.
    package var reservePercent: Int

    package init(
        pointsPerMinute: Int = 1_000_000,
        requestsPerMinute: Int = 1000,
        concurrency: Int = 40,
        boardConcurrency: BoardConcurrency = .automatic,
        reservePercent: Int = 2
    ) {
        self.pointsPerMinute = pointsPerMinute
        self.requestsPerMinute = requestsPerMinute
        self.concurrency = concurrency
        self.boardConcurrency = boardConcurrency
        self.reservePercent = reservePercent
    }
}

/// Monday's budgets as far as they are known, and what is taken of them: decides when a request may go.
///
/// A value without clock or waiting. Times are milliseconds of one monotonic clock.
package struct Pace: Sendable {
    package enum Decision: Hashable, Sendable {
        /// Go; so many points are set aside.
        case send(points: Int)
        /// Ask again at that time.
        case wait(until: Int64)
        /// Ask again when an answer has come.
        case waitForAnswer
    }

    /// What a request costs before it was measured: the documented price of a create.
    private static let assumedCost = 30_001
    /// What a read is taken to cost: far less than a create, more than nothing.
    private static let readCost = 3000

    private let reservePercent: Int
    private var points: Window
    private var requests: Window
    private var concurrency: Int
    private var inFlight = 0
    private var boards: [Int64: BoardPace] = [:]
    private let boardConcurrency: PaceSettings.BoardConcurrency
    private var pausedUntil: Int64 = 0
    /// Points a mutation of each kind costs, as the last answers told.
    private(set) var costs: [Mutation.Kind: Int] = [:]

    package init(_ settings: PaceSettings = PaceSettings()) {
        self.reservePercent = settings.reservePercent
        self.points = Window(limit: settings.pointsPerMinute)
        self.requests = Window(limit: settings.requestsPerMinute)
        self.concurrency = settings.concurrency
        self.boardConcurrency = settings.boardConcurrency
    }

    /// Sets the request's share aside, or says when to ask again.
    package mutating func reserve(_ call: Call, now: Int64) -> Decision {
        if now < self.pausedUntil { return .wait(until: self.pausedUntil) }
        guard self.inFlight < max(1, self.concurrency * (100 - self.reservePercent) / 100) else {
            return .waitForAnswer
        }
        if let board = call.board, !self.board(board).hasRoom { return .waitForAnswer }
        let cost = self.cost(call)
        if let until = self.points.wait(for: cost, reserve: self.reservePercent, now: now) {
            return .wait(until: until)
        }
        if let until = self.requests.wait(for: 1, reserve: self.reservePercent, now: now) { return .wait(until: until) }
        self.points.take(cost, now: now)
        self.requests.take(1, now: now)
        self.inFlight += 1
        if let board = call.board {
            var pace = self.board(board)
            pace.begin()
            self.boards[board] = pace
        }
        return .send(points: cost)
    }

    /// Learns from the answer of a request that was let go.
    ///
    /// - Parameters:
    ///   - call: the request.
    ///   - points: what ``reserve(_:now:)`` set aside for it.
    ///   - limits: what the answer said of the budgets.
    ///   - failure: what failed the request, or any of its mutations by its pace.
    ///   - started: when the request was let go.
    ///   - now: when the answer came.
    package mutating func finish(
        _ call: Call,
        points: Int,
        limits: RateLimits,
        failure: Failure?,
        started: Int64,
        now: Int64
    ) {
        self.inFlight = max(0, self.inFlight - 1)
        self.points.settle(points, told: limits.points, now: now)
        self.requests.settle(1, told: limits.requests, now: now)
        if let limit = limits.concurrency?.limit, limit > 0 { self.concurrency = limit }
        if let complexity = limits.complexity, call.counts.count == 1, let (kind, count) = call.counts.first, count > 0
        {
            self.costs[kind] = max(1, (complexity.query + count - 1) / count)
        }
        if failure?.class == .throttled, failure?.code != ErrorCode.locked {
            self.pausedUntil = max(self.pausedUntil, now + max(failure?.retryAfterMilliseconds ?? 1000, 100))
        }
        if let board = call.board {
            let answer = BoardPace.Answer(failure, took: now - started)
            var pace = self.board(board)
            pace.end(answer, started: started, now: now, most: self.concurrency)
            self.boards[board] = pace
        }
    }

    /// Gives back what was set aside for a request that was not sent after all.
    package mutating func release(_ call: Call, points: Int) {
        self.inFlight = max(0, self.inFlight - 1)
        self.points.release(points)
        self.requests.release(1)
        if let board = call.board { self.boards[board]?.withdraw() }
    }

    /// How many requests may be in flight on a board now.
    package func boardLimit(_ board: Int64) -> Int { self.board(board).limit }

    private func board(_ board: Int64) -> BoardPace {
        self.boards[board] ?? BoardPace(self.boardConcurrency)
    }

    private func cost(_ call: Call) -> Int {
        call.counts.isEmpty
            ? Self.readCost : call.counts.reduce(0) { $0 + $1.value * (self.costs[$1.key] ?? Self.assumedCost) }
    }
}

/// A budget that fills up again a minute after its first use.
private struct Window: Sendable {
    private static let length: Int64 = 60_000

    private var limit: Int
    private var remaining: Int
    /// When the budget is full again; nil while nothing is taken.
    private var reset: Int64?
    /// Set aside for requests in flight: the last answer may or may not have counted them.
    private var reserved = 0

    init(limit: Int) {
        self.limit = max(1, limit)
        self.remaining = self.limit
    }

    /// Until when to wait for that much; nil when there is enough.
    mutating func wait(for amount: Int, reserve percent: Int, now: Int64) -> Int64? {
        self.refill(now: now)
        let available = self.remaining - self.limit * percent / 100 - self.reserved
        // What is more than the whole budget would wait for ever: it goes when nothing else is taken.
        if available >= amount || (self.reserved == 0 && self.remaining >= self.limit) { return nil }
        return self.reset ?? now + 1000
    }

    mutating func take(_ amount: Int, now: Int64) {
        self.reserved += amount
        self.reset = self.reset ?? now + Self.length
    }

    /// Ends a reservation that was not used.
    mutating func release(_ amount: Int) {
        self.reserved = max(0, self.reserved - amount)
    }

    /// Ends a reservation; the answer's own figures count for more than ours.
    mutating func settle(_ amount: Int, told: RateLimits.Budget?, now: Int64) {
        self.refill(now: now)
        self.reserved = max(0, self.reserved - amount)
        if let limit = told?.limit, limit > 0 {
            if told?.remaining == nil { self.remaining += limit - self.limit }
            self.limit = limit
        }
        self.remaining = told?.remaining ?? self.remaining - amount
        if let seconds = told?.reset { self.reset = now + Int64(min(seconds, 86_400)) * 1000 }
    }

    private mutating func refill(now: Int64) {
        guard let reset = self.reset, now >= reset else { return }
        self.remaining = self.limit
        self.reset = self.reserved > 0 ? now + Self.length : nil
    }
}
