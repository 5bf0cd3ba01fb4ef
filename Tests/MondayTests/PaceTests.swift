import Orders
import Testing

@testable import Monday

@Suite("Monday's budget")
struct PaceTests {
    private static let settings = PaceSettings(
        pointsPerMinute: 300_010,
        requestsPerMinute: 1000,
        concurrency: 40,
        boardConcurrency: .fixed(40),
        reservePercent: 0
    )

    private func creates(_ count: Int, board: Int64 = 1) -> Call { Call(counts: [.createItem: count], board: board) }

    private func finish(_ pace: inout Pace, _ call: Call, _ points: Int, limits: RateLimits = RateLimits(), now: Int64)
    {
        pace.finish(call, points: points, limits: limits, failure: nil, started: now, now: now)
    }

    @Test("requests go while points are left, and wait until the minute after the first is over")
    func points() {
        var pace = Pace(Self.settings)
        #expect(pace.reserve(self.creates(9), now: 1000) == .send(points: 270_009))
        #expect(pace.reserve(self.creates(1), now: 2000) == .send(points: 30_001))
        #expect(pace.reserve(self.creates(1), now: 3000) == .wait(until: 61_000))
        self.finish(&pace, self.creates(9), 270_009, now: 4000)
        self.finish(&pace, self.creates(1), 30_001, now: 4000)
        #expect(pace.reserve(self.creates(1), now: 60_999) == .wait(until: 61_000))
        #expect(pace.reserve(self.creates(9), now: 61_000) == .send(points: 270_009))
    }

    @Test("what the answers say of the budget counts for more than the own count")
    func headers() {
        var pace = Pace(Self.settings)
        let call = self.creates(1)
        #expect(pace.reserve(call, now: 0) == .send(points: 30_001))
        let told = RateLimits(points: .init(limit: 1_000_000, window: 60, remaining: 20_000, reset: 7))
        self.finish(&pace, call, 30_001, limits: told, now: 100)
        #expect(pace.reserve(call, now: 200) == .wait(until: 7100))
        #expect(pace.reserve(self.creates(33), now: 7100) == .send(points: 990_033))
    }

    @Test("a request for more than the whole budget goes alone rather than never")
    func oversized() {
        var pace = Pace(Self.settings)
        #expect(pace.reserve(self.creates(25), now: 0) == .send(points: 750_025))
        #expect(pace.reserve(self.creates(1), now: 1) == .wait(until: 60_000))
    }

    @Test("what a mutation costs is learnt from answers to requests of one kind")
    func costs() {
        var pace = Pace(Self.settings)
        let call = self.creates(10)
        let limits = RateLimits(complexity: .init(before: 300_010, query: 100_001, after: 200_009, resetSeconds: 60))
        #expect(pace.reserve(self.creates(2), now: 0) == .send(points: 60_002))
        pace.finish(call, points: 60_002, limits: limits, failure: nil, started: 0, now: 10)
        #expect(pace.costs == [.createItem: 10_001])
        #expect(pace.reserve(self.creates(3), now: 20) == .send(points: 30_003))
    }

    @Test("a refusal for the pace stops everything for as long as it says")
    func pause() {
        var pace = Pace(Self.settings)
        let call = self.creates(1)
        _ = pace.reserve(call, now: 0)
        let failure = Failure(.throttled, code: "RATE_LIMIT_EXCEEDED", message: "", retryAfterMilliseconds: 5000)
        pace.finish(call, points: 30_001, limits: RateLimits(), failure: failure, started: 0, now: 100)
        #expect(pace.reserve(.read, now: 5099) == .wait(until: 5100))
        guard case .send = pace.reserve(.read, now: 5100) else {
            Issue.record("still waiting")
            return
        }
    }

    @Test("what was set aside for a request that is not sent is there again")
    func release() {
        var pace = Pace(Self.settings)
        #expect(pace.reserve(self.creates(10), now: 0) == .send(points: 300_010))
        #expect(pace.reserve(self.creates(1), now: 1) == .wait(until: 60_000))
        pace.release(self.creates(10), points: 300_010)
        #expect(pace.reserve(self.creates(10), now: 2) == .send(points: 300_010))
    }

    @Test("requests a minute and requests in flight bound too")
    func requests() {
        var settings = Self.settings
        settings.requestsPerMinute = 2
        settings.concurrency = 3
        settings.pointsPerMinute = 10_000_000
        var pace = Pace(settings)
        #expect(pace.reserve(.read, now: 0) != .waitForAnswer)
        #expect(pace.reserve(.read, now: 0) != .waitForAnswer)
        #expect(pace.reserve(.read, now: 0) == .wait(until: 60_000))
        settings.requestsPerMinute = 100
        pace = Pace(settings)
        for _ in 0..<3 { #expect(pace.reserve(.read, now: 0) != .waitForAnswer) }
        #expect(pace.reserve(.read, now: 0) == .waitForAnswer)
    }

    @Test("a board that is full doesn't hold up another")
    func boards() {
        var settings = Self.settings
        settings.boardConcurrency = .automatic
        settings.pointsPerMinute = 10_000_000
        var pace = Pace(settings)
        for _ in 0..<2 { #expect(pace.reserve(self.creates(1), now: 0) == .send(points: 30_001)) }
        #expect(pace.reserve(self.creates(1), now: 0) == .waitForAnswer)
        #expect(pace.reserve(self.creates(1, board: 2), now: 0) == .send(points: 30_001))
    }

    @Test("never more points are let go in a minute than there are, whatever the order of events")
    func invariant() {
        for seed in 1...40 {
            var random = SplitMix(seed: UInt64(seed))
            var pace = Pace(Self.settings)
            var flying: [(Call, Int)] = []
            var spent: [(at: Int64, points: Int)] = []
            var now: Int64 = 0
            for _ in 0..<2000 {
                now += Int64(random.next() % 500)
                let call = self.creates(Int(random.next() % 5) + 1)
                if case .send(let points) = pace.reserve(call, now: now) {
                    flying.append((call, points))
                    spent.append((now, points))
                }
                if !flying.isEmpty, random.next() % 2 == 0 {
                    let (call, points) = flying.remove(at: Int(random.next() % UInt64(flying.count)))
                    self.finish(&pace, call, points, now: now)
                }
            }
            // Windows begin with their first request, so any two of them lie within two minutes.
            let most = spent.map { start in
                spent.filter { $0.at >= start.at && $0.at < start.at + 60_000 }.reduce(0) { $0 + $1.points }
            }.max()
            #expect((most ?? 0) <= 2 * 300_010, "seed \(seed)")
        }
    }
}

@Suite("Requests at once on a board")
struct BoardPaceTests {
    /// Runs one request that fills the board's room, and lets the others end too.
    private func fill(_ pace: inout BoardPace, _ answer: BoardPace.Answer, started: Int64 = 0, now: Int64) {
        let limit = pace.limit
        for _ in 0..<limit { pace.begin() }
        pace.end(answer, started: started, now: now, most: 10)
        for _ in 1..<max(limit, 2) where limit > 1 { pace.end(.slow, started: started, now: now, most: 10) }
    }

    @Test("grow by one while answers are quick, up to the account's limit")
    func growth() {
        var pace = BoardPace(.automatic)
        #expect(pace.limit == 2)
        for _ in 0..<20 { self.fill(&pace, .quick, now: 1) }
        #expect(pace.limit == 10)
    }

    @Test("do not grow by answers that came while there was room")
    func noGrowth() {
        var pace = BoardPace(.automatic)
        for _ in 0..<5 {
            pace.begin()
            pace.end(.quick, started: 0, now: 1, most: 10)
        }
        #expect(pace.limit == 2)
    }

    @Test("halve after a lock, once for all requests that were under way")
    func halving() {
        var pace = BoardPace(.automatic)
        for _ in 0..<6 { self.fill(&pace, .quick, now: 1) }
        #expect(pace.limit == 8)
        for _ in 0..<8 { pace.begin() }
        for _ in 0..<8 { pace.end(.overloaded, started: 10, now: 20, most: 10) }
        #expect(pace.limit == 4)
        self.fill(&pace, .overloaded, started: 30, now: 40)
        #expect(pace.limit == 2)
        for time in 1...5 { self.fill(&pace, .overloaded, started: Int64(time * 100), now: Int64(time * 100 + 1)) }
        #expect(pace.limit == 1)
    }

    @Test("stay where configuration fixed them")
    func fixed() {
        var pace = BoardPace(.fixed(3))
        self.fill(&pace, .quick, now: 1)
        self.fill(&pace, .overloaded, now: 2)
        #expect(pace.limit == 3)
    }

    @Test("locks, time-outs and slow answers are told apart from other failures")
    func answers() {
        func answer(_ code: String, _ kind: FailureClass) -> BoardPace.Answer {
            BoardPace.Answer(Failure(kind, code: code, message: ""), took: 10)
        }
        #expect(BoardPace.Answer(nil, took: 500) == .quick)
        #expect(BoardPace.Answer(nil, took: 45_000) == .slow)
        #expect(answer(ErrorCode.locked, .throttled) == .overloaded)
        #expect(answer("TRANSPORT_TIMEOUT", .inDoubt) == .overloaded)
        #expect(answer("MISSING_LABEL", .permanent) == .slow)
    }
}
