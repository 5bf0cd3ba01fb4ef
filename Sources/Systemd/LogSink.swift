internal import Glibc
internal import Synchronization

/// Writes whole lines to a file descriptor, from any thread, and never waits long for its reader.
///
/// A pipe or socket whose reader has stopped is waited for once, at most for `patience`. After that, lines are dropped
/// until it takes one again; how many is then said in a line of its own.
package final class LogSink: Sendable {
    /// The standard error of the process.
    package static let standardError = LogSink(descriptor: STDERR_FILENO)

    private struct State {
        /// Whether the reader has stopped, so that waiting for it is no use.
        var isStalled = false
        var dropped = 0
        /// Whether the last line was cut off in its middle.
        var isMidLine = false
    }

    /// What a pipe surely takes at once when it takes anything: `PIPE_BUF`.
    private static let chunk = 4096

    private let descriptor: Int32
    private let patience: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptor: Where to write; stays the caller's.
    ///   - patience: How long to wait for a reader that has stopped, in milliseconds.
    package init(descriptor: Int32, patience: Int32 = 1000) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// Writes a line or drops it.
    func write(_ line: LogLine, _ form: LogForm) {
        let line = line.bytes(form)
        self.state.withLock { state in
            if state.dropped > 0 {
                let note = (state.isMidLine ? [UInt8(ascii: "\n")] : []) + LogLine.dropped(state.dropped).bytes(form)
                guard self.write(note, &state) else {
                    state.dropped += 1
                    return
                }
                state.dropped = 0
            }
            if !self.write(line, &state) { state.dropped += 1 }
        }
    }

    /// Writes all of the bytes; false when the reader did not take them.
    private func write(_ bytes: [UInt8], _ state: inout State) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard self.isWritable(waiting: state.isStalled ? 0 : self.patience) else {
                state.isStalled = true
                state.isMidLine = state.isMidLine || rest.count < bytes.count
                return false
            }
            let count = unsafe rest.prefix(Self.chunk).withUnsafeBytes { bytes in
                unsafe Glibc.write(self.descriptor, bytes.baseAddress, bytes.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                // Nobody will ever read it: the other end is closed.
                return false
            }
        }
        state.isStalled = false
        state.isMidLine = false
        return true
    }

    private func isWritable(waiting milliseconds: Int32) -> Bool {
        var wait = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = unsafe poll(&wait, 1, milliseconds)
            if count >= 0 { return count > 0 }
            if errno != EINTR { return false }
        }
    }
}
