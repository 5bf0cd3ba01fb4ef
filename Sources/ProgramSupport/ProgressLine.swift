package import SyncEngine
import Synchronization

/// The progress of a run on a terminal's last line, redrawn in place; draws nothing where there is no terminal.
package final class ProgressLine: Sendable {
    private struct State {
        var phase = ""
        var phaseStarted: ContinuousClock.Instant
        var drawn: ContinuousClock.Instant?
    }

    /// Redrawing more often than the eye can follow costs time and says nothing.
    private static let pause: Duration = .milliseconds(100)
    private static let erase = "\r\u{1B}[K"

    private let width: Int?
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// Makes a line.
    ///
    /// - Parameters:
    ///   - width: The cells of the terminal; nil to draw nothing.
    ///   - now: The clock.
    ///   - write: Takes what is to be written.
    package init(
        width: Int? = Terminal.showsProgress ? Terminal.errorWidth : nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        write: @escaping @Sendable (String) -> Void = Terminal.complain
    ) {
        self.width = width
        self.now = now
        self.write = write
        self.state = Mutex(State(phaseStarted: now()))
    }

    /// Whether somebody sees it.
    package var isShown: Bool { self.width != nil }

    /// Draws, unless it has drawn a moment ago.
    package func show(_ progress: RunProgress) {
        guard let width else { return }
        let now = self.now()
        let elapsed = self.state.withLock { state -> Int64? in
            if state.phase != progress.phase {
                state.phase = progress.phase
                state.phaseStarted = now
            } else if let drawn = state.drawn, now - drawn < Self.pause {
                return nil
            }
            state.drawn = now
            return (now - state.phaseStarted).milliseconds
        }
        guard let elapsed else { return }
        self.write(Self.erase + ProgressBar().line(progress, elapsed: elapsed, width: width))
    }

    /// Wipes the line, so that what follows starts on an empty one.
    package func clear() {
        let wasDrawn = self.state.withLock { state in
            defer { state.drawn = nil }
            return state.drawn != nil
        }
        if wasDrawn { self.write(Self.erase) }
    }
}
