import SyncEngine
import Synchronization
import Testing

@testable import ProgramSupport

@Suite struct ProgressLineTests {
    /// What was written, and a clock that the test moves.
    private final class Screen: Sendable {
        let written = Mutex<[String]>([])
        let time = Mutex(ContinuousClock.now)

        func line(width: Int?) -> ProgressLine {
            ProgressLine(width: width, now: { self.time.withLock { $0 } }) { text in
                self.written.withLock { $0.append(text) }
            }
        }

        func wait(_ duration: Duration) { self.time.withLock { $0 += duration } }
        var texts: [String] { self.written.withLock { $0 } }
    }

    @Test("without a terminal nothing is drawn")
    func pipe() {
        let screen = Screen()
        let line = screen.line(width: nil)
        line.show(RunProgress(phase: "reading", done: 1))
        line.clear()
        #expect(screen.texts.isEmpty)
    }

    @Test("the line is redrawn in place, no more than ten times a second, and wiped at the end")
    func terminal() {
        let screen = Screen()
        let line = screen.line(width: 80)
        for done in 1...1000 {
            line.show(RunProgress(phase: "reading", done: done))
            screen.wait(.milliseconds(1))
        }
        line.clear()
        line.clear()
        #expect(screen.texts.count == 11)
        #expect(screen.texts.first == "\r\u{1B}[Kreading  1")
        #expect(screen.texts.last == "\r\u{1B}[K")
        #expect(screen.texts.allSatisfy { !$0.contains("\n") })
    }
}
