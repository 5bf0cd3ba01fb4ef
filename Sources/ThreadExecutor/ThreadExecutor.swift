/// A serial executor with a thread of its own, for actors whose work blocks in C: SQLite, ODBC drivers.
///
/// An actor holds one and returns it as its `unownedExecutor`; everything isolated to the actor then runs on that
/// thread, and a call that blocks for seconds takes no thread from the cooperative pool. A hop there and back costs
/// some ten microseconds, so hop for a job or a batch, never for a row.
///
/// The thread runs what was enqueued before the executor was released, then ends; nobody waits for it.
package final class ThreadExecutor: SerialExecutor {
    private let lane: Lane

    /// Starts the thread.
    ///
    /// - Parameter name: What `top -H` and crash traces show; Linux keeps the first 15 bytes.
    package init(name: String) {
        self.lane = Lane()
        self.lane.start(name: name)
    }

    deinit {
        self.lane.close()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        self.lane.enqueue(job)
    }

    /// Names the lane rather than this object: the lane lives as long as its thread, so the last job may release the
    /// actor and with it this executor while the runtime still holds the unowned reference.
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe self.lane.asUnownedSerialExecutor()
    }

    package func isIsolatingCurrentContext() -> Bool? {
        self.lane.isIsolatingCurrentContext()
    }

    package func checkIsolated() {
        self.lane.checkIsolated()
    }
}
