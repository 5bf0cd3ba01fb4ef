internal import CThread
internal import Glibc
internal import Synchronization

/// The thread of a ``ThreadExecutor`` and the jobs that wait for it; kept alive by the thread itself.
@safe final class Lane: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isClosed = false
        var hasEnded = false
    }

    private let queue = Mutex(Queue())
    /// Posted when the queue stops being empty or is closed; behind a pointer, because a `sem_t` must not move.
    private nonisolated(unsafe) let signal: UnsafeMutablePointer<sem_t>
    /// The `pthread_t` of the thread, 0 until it runs.
    private let thread = Atomic<UInt>(0)

    init() {
        unsafe self.signal = .allocate(capacity: 1)
        let failed = unsafe sem_init(self.signal, 0, 0)
        precondition(failed == 0, "no semaphore for a thread")
    }

    deinit {
        _ = unsafe sem_destroy(self.signal)
        unsafe self.signal.deallocate()
    }

    /// Starts the thread, which holds this object until it ends.
    func start(name: String) {
        let start = ThreadStart(lane: self, name: name)
        let argument = unsafe Unmanaged.passRetained(start).toOpaque()
        var thread = pthread_t()
        let failed = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
                unsafe start.name.withCString { unsafe cthread_set_name($0) }
                start.lane.run()
                return nil
            },
            argument
        )
        precondition(failed == 0, "no thread for \(name): error \(failed)")
        pthread_detach(thread)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = self.queue.withLock { queue in
            precondition(!queue.hasEnded, "a job was enqueued after its executor had ended")
            queue.jobs.append(job)
            return queue.jobs.count == 1
        }
        if wasEmpty { self.post() }
    }

    /// Lets the thread end once the queue is empty.
    func close() {
        self.queue.withLock { $0.isClosed = true }
        self.post()
    }

    func isIsolatingCurrentContext() -> Bool? {
        self.thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(self.isIsolatingCurrentContext() == true, "called off the actor's thread")
    }

    private func post() {
        _ = unsafe sem_post(self.signal)
    }

    private func run() {
        self.thread.store(UInt(pthread_self()), ordering: .releasing)
        let executor = unsafe self.asUnownedSerialExecutor()
        // One array serves the queue while the other is run, so that a busy executor allocates nothing.
        var batch: [UnownedJob] = []
        while self.take(&batch) {
            for job in batch {
                unsafe job.runSynchronously(on: executor)
            }
            batch.removeAll(keepingCapacity: true)
        }
    }

    /// Waits for jobs and moves them all into `batch`; false when the executor is closed and nothing is left.
    private func take(_ batch: inout [UnownedJob]) -> Bool {
        while true {
            let isOpen = self.queue.withLock { queue in
                swap(&queue.jobs, &batch)
                queue.hasEnded = queue.isClosed && batch.isEmpty
                return !queue.hasEnded
            }
            guard isOpen else { return false }
            if !batch.isEmpty { return true }
            // A signal handler may interrupt the wait: the loop looks again, which does no harm.
            _ = unsafe sem_wait(self.signal)
        }
    }
}

/// What a new thread is given.
private final class ThreadStart: Sendable {
    let lane: Lane
    let name: String

    init(lane: Lane, name: String) {
        self.lane = lane
        self.name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
    }
}
