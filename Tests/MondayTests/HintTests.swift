import HTTPClient
import Testing

@testable import Monday

@Suite("Hints in answers")
struct HintTests {
    @Test(
        "dates of all three HTTP forms are read",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ]
    )
    func dates(text: String) {
        #expect(HTTPDate.milliseconds(text) == 784_111_777_000)
    }

    @Test("dates at the edges of months and years are right")
    func edges() {
        #expect(HTTPDate.milliseconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.milliseconds("Tue, 29 Feb 2028 23:59:59 GMT") == 1_835_481_599_000)
        #expect(HTTPDate.milliseconds("Wed, 31 Dec 2025 23:59:59 GMT") == 1_767_225_599_000)
    }

    @Test("what is no date is none", arguments: ["", "soon", "06 Nov", "Sun, 99 Nov 1994 08:49:37 GMT", "1 2 3 4:5:6"])
    func noDates(text: String) {
        #expect(HTTPDate.milliseconds(text) == nil)
    }

    @Test("Retry-After is seconds or a date, never negative, at most a day")
    func retryAfter() {
        #expect(RetryHint.header("7", now: 0) == 7000)
        #expect(RetryHint.header("0.5", now: 0) == 500)
        #expect(RetryHint.header("1e300", now: 0) == RetryHint.maximum)
        #expect(RetryHint.header("-7", now: 0) == nil)
        #expect(RetryHint.header("nan", now: 0) == nil)
        #expect(RetryHint.header("Thu, 01 Jan 1970 00:01:00 GMT", now: 15_000) == 45_000)
        #expect(RetryHint.header("Thu, 01 Jan 1970 00:01:00 GMT", now: 90_000) == 0)
    }

    @Test("midnight is never more than a day away and never now")
    func midnight() {
        #expect(RetryHint.untilMidnight(now: 0) == 86_400_000)
        #expect(RetryHint.untilMidnight(now: 86_399_999) == 1)
        #expect(RetryHint.untilMidnight(now: Fixture.now) == 3_600_000)
    }

    @Test("the budgets' headers are read, whichever are there")
    func budgets() {
        let limits = RateLimits(headers: [
            ("ratelimit-policy", #""minuteRate";q=5000;w=60, "concurrency";q=250;qu="concurrent-requests""#),
            ("ratelimit", #""minuteRate";r=0;t=38, "concurrency";r=249, "complexityMinute";r=-5;t=45, "newOne";r=1"#),
        ])
        #expect(limits.requests == .init(limit: 5000, window: 60, remaining: 0, reset: 38))
        #expect(limits.concurrency == .init(limit: 250, remaining: 249))
        #expect(limits.points == .init(remaining: 0, reset: 45))
        #expect(RateLimits(headers: []) == RateLimits())
    }
}
