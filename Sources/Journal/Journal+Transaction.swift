internal import SQLite

extension Journal {
    /// Runs a body in one transaction that holds the write lock from its start; anything thrown rolls back.
    @discardableResult
    func write<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        let database = try self.opened()
        do {
            return try database.immediate { try body(database) }
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
