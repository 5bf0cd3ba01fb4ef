internal import CODBC
internal import Dispatch
internal import Synchronization

/// Ends what a connection is doing, from any thread: on request, or because a deadline has passed.
///
/// A deadline of our own stands beside the driver's query time-out, because some drivers take that one and ignore it, and because it
/// covers only the execution, while with others the work is done by the fetches. A call that a cancel does not end, as one that waits
/// for a silent server, loses its connection, see ``NetworkSocket``.
@safe package final class Canceller: Sendable {
    /// Why a call was ended.
    enum Verdict: Hashable {
        case none, cancelled, expired

        /// What is said of it before what the driver says.
        func record(timeout: Int) -> DiagnosticRecord? {
            switch self {
            case .none: nil
            case .cancelled: DiagnosticRecord(state: "HY008", native: 0, message: "The call was cancelled.")
            case .expired:
                DiagnosticRecord(
                    state: "HYT00",
                    native: 0,
                    message: "The call was ended after its deadline of \(timeout) s."
                )
            }
        }
    }

    private struct State {
        /// Whether a call is under way.
        var isCalling = false
        /// Its statement; nil when it is the connection's own.
        var statement: Address?
        /// When the call must have ended, in nanoseconds of the monotonic clock.
        var deadline: UInt64 = .max
        /// When the timer rings; it is left alone while that is soon enough, so that a call costs no system call.
        var ring: UInt64 = .max
        var verdict: Verdict = .none
        /// The verdict of a call that succeeded all the same: SQLite may keep it for the next one.
        var leftover: Verdict = .none
        /// The most seconds that a call may still take, whatever it asks for.
        var limit: Int?
        /// The statement to cancel in place of the running one, for drivers that need it.
        var proxy: Address?
        /// What to cut when a cancel does not help.
        var socket: NetworkSocket?
        /// How often the call under way is cancelled before its connection is cut.
        var patience = 2
        /// How often it was.
        var cancels = 0
    }

    /// A statement's address, to pass between threads: what is done with it there is `SQLCancel` alone, which the standard allows.
    @safe private struct Address: @unchecked Sendable {
        let raw: SQLHSTMT
    }

    /// A timer of Dispatch, which any thread may set; only its declaration fails to say so.
    private struct Timer: @unchecked Sendable {
        let source: any DispatchSourceTimer
    }

    /// How long the driver's own time-out has precedence.
    static let grace: UInt64 = 1_000_000_000

    private let state = Mutex(State())
    private let timer: Timer

    init() {
        // A serial queue of its own, for which Dispatch makes a thread at need: a concurrent one shares the threads of Swift's tasks,
        // and would wait until one of them is free.
        let queue = DispatchQueue(label: "odbc-deadline")
        self.timer = Timer(source: DispatchSource.makeTimerSource(queue: queue))
        self.timer.source.setEventHandler { [weak self] in self?.ring() }
        self.timer.source.activate()
    }

    deinit { self.timer.source.cancel() }

    /// Cancels the call under way, which then fails with ``ODBCError/isCancelled``; does nothing between calls.
    ///
    /// - Returns: whether a call was under way.
    @discardableResult
    package func cancel() -> Bool {
        self.state.withLock { state in
            guard state.isCalling else { return false }
            self.end(&state, .cancelled)
            return true
        }
    }

    /// Cancels the call under way, and gives every later one that many seconds at most: for a program that is about to end.
    package func hurry(seconds: Int) {
        self.state.withLock { $0.limit = max(1, seconds) }
        self.cancel()
    }

    /// Names the statement to cancel in place of any other.
    func cancel(through proxy: Handle) {
        let address = unsafe Address(raw: proxy.raw)
        self.state.withLock { $0.proxy = address }
    }

    /// The connection that would be cut.
    var socket: NetworkSocket? { self.state.withLock { $0.socket } }

    /// Names the connection to cut when a call does not end by its cancel, or in place of that.
    func sever(_ socket: NetworkSocket, atOnce: Bool) {
        self.state.withLock { state in
            state.socket = socket
            if atOnce { state.patience = 0 }
        }
    }

    /// Runs a call that may take until `timeout` seconds from now, 0 meaning without end, and says whether it was ended before.
    func watch(_ statement: Handle?, timeout: Int, _ call: () -> SQLRETURN) -> (code: SQLRETURN, verdict: Verdict) {
        let address = statement.map { unsafe Address(raw: $0.raw) }
        self.state.withLock { state in
            let timeout = min(timeout > 0 ? timeout : .max, state.limit ?? .max)
            state.isCalling = true
            state.statement = address
            state.verdict = .none
            state.cancels = 0
            state.deadline = timeout < .max ? Self.now + UInt64(timeout) * 1_000_000_000 + Self.grace : .max
            self.arm(&state)
        }
        let code = call()
        // Waits for a cancel that is under way, so that the statement can't be freed under it.
        return self.state.withLock { state in
            state.isCalling = false
            state.statement = nil
            state.deadline = .max
            if succeeded(code), state.verdict != .none { state.leftover = state.verdict }
            return (code, state.verdict)
        }
    }

    /// The verdict of an earlier call that ended in success, and is forgotten by this.
    func takeLeftover() -> Verdict {
        self.state.withLock { state in
            defer { state.leftover = .none }
            return state.leftover
        }
    }

    private func arm(_ state: inout State) {
        guard state.deadline < state.ring else { return }
        state.ring = state.deadline
        self.timer.source.schedule(deadline: DispatchTime(uptimeNanoseconds: state.ring))
    }

    private func ring() {
        self.state.withLock { state in
            state.ring = .max
            guard state.isCalling else { return }
            guard state.deadline <= Self.now else { return self.arm(&state) }
            self.end(&state, .expired)
        }
    }

    /// Cancels the call under way, and again until it has ended: a cancel that comes before the database has begun is forgotten.
    private func end(_ state: inout State, _ verdict: Verdict) {
        if state.verdict == .none { state.verdict = verdict }
        let target = state.statement == nil ? nil : state.proxy ?? state.statement
        if let socket = state.socket, target == nil || state.cancels >= state.patience {
            socket.sever()
        } else if let target {
            _ = unsafe SQLCancel(target.raw)
        }
        state.cancels += 1
        // Gently with servers, which answer each one.
        state.deadline = Self.now + (state.proxy == nil ? Self.grace : Self.grace / 50)
        self.arm(&state)
    }

    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
