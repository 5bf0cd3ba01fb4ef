internal import CrashPoints
internal import SQLite

extension Journal {
    /// Runs a body in one transaction that holds the write lock from its start; anything thrown rolls back.
    ///
    /// It is the only way to change the journal: what else tries to commit is refused.
    @discardableResult
    func write<T>(_ point: CrashPoint, _ body: (Database) throws -> T) throws(JournalError) -> T {
        do {
            return try self.opened().commit(point, body)
        } catch {
            throw self.explained(error)
        }
    }

    /// Runs a body that sees one state of the journal throughout.
    func read<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        let database = try self.opened()
        do {
            return try database.deferred { try body(database) }
        } catch {
            throw self.explained(error)
        }
    }

    func opened() throws(JournalError) -> Database {
        guard let database = self.database else {
            throw JournalError(.closed, "journal \(self.path): it is not open")
        }
        return database
    }

    /// The number of this start of the daemon; throws in any other role, and before ``beginEpoch(now:pid:host:)``.
    func currentEpoch() throws(JournalError) -> Int64 {
        guard let epoch = self.epoch else {
            throw JournalError(.role, "journal \(self.path): only the daemon may do that, once its epoch has begun")
        }
        return epoch
    }

    func explained(_ error: any Error) -> JournalError {
        switch error {
        case let error as JournalError: error
        case let error as SQLiteError: JournalError(error, path: self.path)
        default: JournalError(.failed, "journal \(self.path): \(error)")
        }
    }
}

extension Database {
    /// Runs a body in a transaction that holds the write lock, and commits it at a point of its own.
    @discardableResult
    func commit<T>(_ point: CrashPoint, _ body: (Database) throws -> T) throws -> T {
        self.mayCommit = true
        defer { self.mayCommit = false }
        let result = try self.immediate {
            let result = try body(self)
            point.pass(.before)
            return result
        }
        point.pass(.after)
        return result
    }
}
