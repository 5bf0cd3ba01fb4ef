internal import CLogFile
internal import CSQLite

extension Database {
    /// Runs a body in a transaction that holds the write lock from its start, and commits it.
    ///
    /// Taking the lock first is what keeps a transaction from failing half way with a busy error that no waiting can
    /// mend. Anything thrown rolls back, a failed commit too.
    @discardableResult
    package func immediate<T, E: Error>(_ body: () throws(E) -> T) throws -> T {
        try self.transaction("BEGIN IMMEDIATE") { () throws(E) in
            // The write lock is held: what goes into the log is gathered until it must be there.
            unsafe clogfile_gather(self.connection.raw)
            return try body()
        }
    }

    /// Runs a body in a transaction that sees one state of the database throughout; it is meant for reading.
    @discardableResult
    package func deferred<T, E: Error>(_ body: () throws(E) -> T) throws -> T {
        try self.transaction("BEGIN DEFERRED", body)
    }

    /// Whether what changes the database is committed; while it isn't, each commit fails and is rolled back.
    package var mayCommit: Bool {
        get { self.connection.commitGate.isOpen }
        set { self.connection.commitGate.isOpen = newValue }
    }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(self.connection.raw) == 0 }

    private func transaction<T, E: Error>(_ begin: String, _ body: () throws(E) -> T) throws -> T {
        try self.run(begin)
        do {
            let result = try body()
            try self.run("COMMIT")
            unsafe clogfile_end(self.connection.raw)
            return result
        } catch {
            // A full disk or an I/O error may have rolled back already. The first error is the one to report: when
            // rolling back fails too, closing the connection does it.
            if self.isInTransaction { _ = try? self.run("ROLLBACK") }
            throw error
        }
    }
}
