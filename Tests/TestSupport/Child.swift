internal import CSpawn
import Foundation
import Synchronization

/// A process started with the three files that it is given and nothing else of this one's.
///
/// Foundation's `Process` learns of an end from a socket that other children, started at the same moment by another test, may hold open;
/// and to wait for it takes a thread that Swift's tasks need.
final class Child: Sendable {
    /// How a process ended: its exit code, or 128 and the signal's number.
    typealias Status = Int32

    struct StartError: Error, CustomStringConvertible {
        let executable: String
        let code: Int32

        var description: String {
            "\(self.executable) could not be started: \(unsafe String(cString: strerror(self.code)))"
        }
    }

    private struct State {
        var status: Status?
        var waiters: [CheckedContinuation<Status, Never>] = []
    }

    let pid: pid_t
    private let state: SharedState

    /// Held by the waiting thread as well, which outlives whoever started the process.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// Of the files, the input is read, and those of output and error are made or emptied.
    init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String],
        files: (input: String, output: String, error: String)
    ) throws {
        var started = pid_t()
        let code = unsafe withCStrings([executable] + arguments) { arguments in
            unsafe withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                unsafe withCStrings([files.input, files.output, files.error]) { files in
                    unsafe cspawn_start(&started, executable, arguments, environment, files)
                }
            }
        }
        guard code == 0 else { throw StartError(executable: executable, code: code) }

        let pid = started
        self.pid = pid
        let state = SharedState()
        self.state = state
        Thread.detachNewThread {
            // Waits without reaping first: as long as no status is known, the number is this process's.
            var info = unsafe siginfo_t()
            while unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
            let (status, waiters) = state.value.withLock { state in
                var raw: Int32 = 0
                _ = unsafe waitpid(pid, &raw, 0)
                let status = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
                state.status = status
                defer { state.waiters = [] }
                return (status, state.waiters)
            }
            for waiter in waiters { waiter.resume(returning: status) }
        }
    }

    /// Nil while it runs.
    var status: Status? { self.state.value.withLock { $0.status } }

    /// Does nothing once the process has ended.
    func send(signal: Int32) {
        self.state.value.withLock { state in
            if state.status == nil { kill(self.pid, signal) }
        }
    }

    func wait() async -> Status {
        await withCheckedContinuation { continuation in
            let status = self.state.value.withLock { state in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }
}

/// Copies of the texts as C has them, with a null pointer at their end.
private func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var copies = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeMutableBufferPointer { buffer in
        // An array that holds the null pointer has an address.
        unsafe body(buffer.baseAddress.unsafelyUnwrapped)
    }
}
