import Journal
import Orders
import Testing

@testable import SyncEngine

@Suite struct LanePauseTests {
    @Test("the pause grows with each failure in a row, to a minute, and ends when something goes through")
    func grows() {
        var pause = LanePause()
        let failure = Failure(.systemic, code: "X", message: "")
        var lengths: [Int64] = []
        for _ in 0..<10 {
            pause.strike(failure, now: 0)
            lengths.append(pause.until)
        }
        #expect(lengths == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000])
        #expect(pause.isActive(now: 59_999))
        #expect(!pause.isActive(now: 60_000))
        pause.clear()
        #expect(!pause.isActive(now: 0))
    }

    @Test("what the server asks to wait is waited")
    func asked() {
        var pause = LanePause()
        pause.strike(Failure(.throttled, code: "X", message: "", retryAfterMilliseconds: 3_600_000), now: 7)
        #expect(pause.until == 3_600_007)
    }

    @Test("the board's answer to a look-up ends the row, a look-up that fails does not")
    func heard() {
        var pause = LanePause()
        let failure = Failure(.transient, code: "HTTP_504", message: "")
        pause.strike(failure, now: 0)
        pause.hear(Tending(), now: 1_000)
        pause.hear(Tending(settled: 1, failure: failure), now: 1_000)
        #expect(pause.standing != nil)
        pause.hear(Tending(settled: 1), now: 1_000)
        #expect(pause.standing == nil)
        pause.strike(failure, now: 30_000)
        #expect(pause.standing?.since == 30_000)
    }

    @Test("an answer to a look-up from before a pause does not end what the server asked for, and begins a new row")
    func heardLate() {
        var pause = LanePause()
        pause.strike(Failure(.throttled, code: "X", message: "", retryAfterMilliseconds: 3_600_000), now: 5_000)
        pause.hear(Tending(settled: 1), now: 5_001)
        #expect(pause.isActive(now: 3_600_000))
        #expect(pause.standing?.since == 5_001)
    }
}
