import Glibc
import Synchronization

/// The door to the thread that libcurl runs on: takes requests and cancellations from any thread.
final class CurlEngine: Sendable {
    /// A request on its way to the thread, and who waits for it.
    struct Submission: Sendable {
        let id: UInt64
        let request: HTTPRequest
        let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    }

    /// What the thread takes over at one time.
    struct Work {
        var submissions: [Submission]
        var cancellations: [UInt64]
        var isClosed: Bool
    }

    /// Where a request is, so that a cancellation finds it, or is forgotten when it comes too late.
    private enum Phase {
        case announced
        /// Cancelled before it was submitted.
        case revoked
        case submitted
    }

    private struct Inbox {
        var lastID: UInt64 = 0
        var phases: [UInt64: Phase] = [:]
        var submissions: [Submission] = []
        var cancellations: [UInt64] = []
        var isClosed = false
        var isDone = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Wakes the thread from its waiting; nil before it waits for the first time and after it has ended.
        var bell: CurlBell?
    }

    let configuration: HTTPClientConfiguration
    private let inbox = Mutex(Inbox())

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
    }

    /// Starts the thread.
    ///
    /// When the system gives none, every request fails as after a shutdown.
    func start() {
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                let engine = unsafe Unmanaged<CurlEngine>.fromOpaque(context).takeRetainedValue()
                CurlLoop.run(engine)
                return nil
            },
            context
        )
        if code == 0 {
            pthread_detach(thread)
        } else {
            unsafe Unmanaged<CurlEngine>.fromOpaque(context).release()
            self.close()
            self.end()
        }
    }

    /// Announces a request, so that a cancellation that comes before the request itself is not lost.
    func nextID() -> UInt64 {
        self.inbox.withLock { inbox in
            inbox.lastID += 1
            inbox.phases[inbox.lastID] = .announced
            return inbox.lastID
        }
    }

    func submit(_ submission: Submission) {
        let refusal: HTTPError? = self.inbox.withLock { inbox in
            if inbox.phases[submission.id] == .revoked {
                inbox.phases[submission.id] = nil
                return .cancelledUnsent
            }
            if inbox.isClosed {
                inbox.phases[submission.id] = nil
                return .closedUnsent
            }
            inbox.phases[submission.id] = .submitted
            inbox.submissions.append(submission)
            inbox.bell?.ring()
            return nil
        }
        if let refusal { submission.continuation.resume(returning: .failure(refusal)) }
    }

    func cancel(_ id: UInt64) {
        self.inbox.withLock { inbox in
            switch inbox.phases[id] {
            case .announced: inbox.phases[id] = .revoked
            case .submitted:
                inbox.cancellations.append(id)
                inbox.bell?.ring()
            case .revoked, nil: break
            }
        }
    }

    /// Lets no further request in and ends the thread.
    func close() {
        self.inbox.withLock { inbox in
            inbox.isClosed = true
            inbox.bell?.ring()
        }
    }

    func closeAndWait() async {
        await withCheckedContinuation { continuation in
            let isDone = self.inbox.withLock { inbox in
                inbox.isClosed = true
                inbox.bell?.ring()
                if !inbox.isDone { inbox.waiters.append(continuation) }
                return inbox.isDone
            }
            if isDone { continuation.resume() }
        }
    }
}

// MARK: - The thread's side

extension CurlEngine {
    /// From now on the bell wakes the thread.
    func ready(_ bell: CurlBell) {
        self.inbox.withLock { $0.bell = bell }
    }

    /// Everything that came in since the last call.
    func take() -> Work {
        self.inbox.withLock { inbox in
            defer {
                inbox.submissions = []
                inbox.cancellations = []
            }
            return Work(
                submissions: inbox.submissions,
                cancellations: inbox.cancellations,
                isClosed: inbox.isClosed
            )
        }
    }

    /// Forgets requests that are answered.
    func finished(_ id: UInt64) {
        self.inbox.withLock { $0.phases[id] = nil }
    }

    /// The thread ends: nothing rings its bell again, and what is left unsent is refused.
    func end() {
        let (submissions, waiters) = self.inbox.withLock { inbox in
            inbox.isClosed = true
            inbox.isDone = true
            inbox.bell = nil
            defer {
                inbox.submissions = []
                inbox.waiters = []
                inbox.phases = inbox.phases.filter { $0.value != .submitted }
            }
            return (inbox.submissions, inbox.waiters)
        }
        for submission in submissions { submission.continuation.resume(returning: .failure(.closedUnsent)) }
        for waiter in waiters { waiter.resume() }
    }
}

extension HTTPError {
    fileprivate static let cancelledUnsent = HTTPError(
        .cancelled,
        message: "Cancelled before sending.",
        bytesSent: false
    )
    static let closedUnsent = HTTPError(.closed, message: "The client is shut down.", bytesSent: false)
}
