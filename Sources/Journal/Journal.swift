internal import SQLite
internal import ThreadExecutor

/// The durable queue: jobs, the ledger of orders, and the log of what was asked of Monday.com, in one SQLite file.
///
/// Every mutating function is one transaction that holds the write lock from its start to its commit, and a commit is on
/// the disk when the function returns. Results depend on the file and on the arguments alone: times come from outside.
/// All of it runs on a thread of its own, since any call may wait for a lock or for the disk.
package actor Journal {
    /// What the process opens the journal for.
    package enum Role: Hashable, Sendable {
        /// The one process that drains it: holds the lock, upgrades the schema, checkpoints.
        case daemon
        /// Adds jobs; makes the journal when it is missing.
        case enqueue
        /// A person's commands on jobs.
        case replay
        /// Looks, and changes nothing.
        case reader
    }

    /// Numbers that tests make small.
    package struct Limits: Hashable, Sendable {
        /// How long any call may wait for another process's lock, in milliseconds.
        package var busyTimeout = 30_000
        /// Bytes of the write-ahead log above which enqueue refuses.
        package var logSize: Int64 = 1 << 30
        /// Pages the file may grow to; nil for SQLite's own limit.
        package var pages: Int64?

        package init() {}
    }

    private let executor = ThreadExecutor(name: "journal")
    package nonisolated let path: String
    package nonisolated let role: Role
    package nonisolated let limits: Limits
    var database: Database?
    /// The number of this start of the daemon, once it has begun.
    var epoch: Int64?
    /// Whether the epoch's row says that it made progress.
    var hasProgressed = false
    /// When ``tendLog(now:)`` emptied the log last, in milliseconds.
    var lastCheckpoint: Int64?
    /// Held by the daemon from opening to closing.
    var lock: LockFile?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe self.executor.asUnownedSerialExecutor()
    }

    /// Names the file; nothing is touched before ``open(now:)``.
    package init(path: String, role: Role, limits: Limits = Limits()) {
        self.path = path
        self.role = role
        self.limits = limits
    }
}
