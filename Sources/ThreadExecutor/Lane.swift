internal import CThread
internal import Glibc
internal import Synchronization

/// The thread of a ``ThreadExecutor`` and the jobs that wait for it; kept alive by the thread itself.
///
/// A mutex and a condition of the C library rather than `Mutex`: ThreadSanitizer knows them, and takes what the slow path
/// of `Mutex` orders for races. `@unchecked` because the compiler can't see that ``whileLocked(_:)`` guards the queue.
@safe final class Lane: SerialExecutor, @unchecked Sendable {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isClosed = false
        var hasEnded = false
    }

    private var queue = Queue()
    // Behind pointers, because neither may move.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    /// Signalled when the queue stops being empty or is closed.
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    /// The `pthread_t` of the thread, 0 until it runs.
    private let thread = Atomic<UInt>(0)

    init() {
        unsafe self.mutex = .allocate(capacity: 1)
        unsafe self.condition = .allocate(capacity: 1)
        let failed = unsafe pthread_mutex_init(self.mutex, nil) | pthread_cond_init(self.condition, nil)
        precondition(failed == 0, "no lock for a thread")
    }

    deinit {
        _ = unsafe pthread_cond_destroy(self.condition)
        _ = unsafe pthread_mutex_destroy(self.mutex)
        unsafe self.condition.deallocate()
        unsafe self.mutex.deallocate()
    }

    /// One arena serves a handful of threads that mostly wait; one each would keep megabytes that nobody uses.
    private static let arenas: Void = cthread_limit_arenas(1)

    /// Starts the thread, which holds this object until it ends.
    func start(name: String) {
        Self.arenas
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
        self.whileLocked {
            precondition(!self.queue.hasEnded, "a job was enqueued after its executor had ended")
            self.queue.jobs.append(job)
            if self.queue.jobs.count == 1 { _ = unsafe pthread_cond_signal(self.condition) }
        }
    }

    /// Lets the thread end once the queue is empty.
    func close() {
        self.whileLocked {
            self.queue.isClosed = true
            _ = unsafe pthread_cond_signal(self.condition)
        }
    }

    func isIsolatingCurrentContext() -> Bool? {
        self.thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(self.isIsolatingCurrentContext() == true, "called off the actor's thread")
    }

    private func whileLocked<T>(_ body: () -> T) -> T {
        _ = unsafe pthread_mutex_lock(self.mutex)
        defer { _ = unsafe pthread_mutex_unlock(self.mutex) }
        return body()
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
        self.whileLocked {
            while self.queue.jobs.isEmpty && !self.queue.isClosed {
                _ = unsafe pthread_cond_wait(self.condition, self.mutex)
            }
            swap(&self.queue.jobs, &batch)
            self.queue.hasEnded = batch.isEmpty
            return !batch.isEmpty
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
