internal import Glibc

/// A file of its own that is locked by `flock` for as long as this object lives; a dead process holds nothing.
///
/// Never the journal's own file: closing any descriptor of that one would drop SQLite's locks.
final class LockFile: Sendable {
    private let descriptor: Int32

    /// Takes the lock at once, making the file if need be.
    ///
    /// - Returns: Nil when somebody else holds it.
    /// - Throws: ``JournalError/Code/notWritable`` when the file can't be made or opened.
    init?(path: String) throws(JournalError) {
        // Read-only is enough for flock, so that whoever may read the folder can wait for its owner.
        let descriptor = unsafe open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let reason = errno
            throw JournalError(
                .notWritable,
                "\(path): the lock file can't be opened (\(unsafe String(cString: strerror(reason)))); "
                    + "check owner and permissions of its folder"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit {
        Glibc.close(self.descriptor)
    }
}

/// Held by an enqueue run from before its first read of the source until after its commit.
package final class RunLock: Sendable {
    private let file: LockFile

    init(_ file: LockFile) {
        self.file = file
    }
}

extension Journal {
    /// Waits until no other enqueue run is under way, and keeps others out until the lock is let go.
    ///
    /// - Parameter waiting: How long to wait at most.
    /// - Returns: The lock.
    /// - Returns: The lock, which is let go when nobody holds it any more.
    /// - Throws: ``JournalError/Code/heldByAnotherRun`` when the time is up.
    package nonisolated func runLock(waiting: Duration) async throws(JournalError) -> RunLock {
        let clock = ContinuousClock()
        let deadline = clock.now + waiting
        while true {
            if let file = try LockFile(path: self.path + ".run") { return RunLock(file) }
            guard clock.now < deadline, (try? await clock.sleep(for: .milliseconds(50))) != nil else {
                throw JournalError(
                    .heldByAnotherRun,
                    "journal \(self.path): another ordersync-enqueue is running; try again when it has ended"
                )
            }
        }
    }
}
