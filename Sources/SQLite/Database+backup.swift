internal import CSQLite
internal import Glibc

extension Database {
    /// Copies the database, with what is in its log, into a new file in one consistent state.
    ///
    /// Writers of a database in WAL mode are not held up. The copy is synced to the disk before this returns; a copy
    /// that fails is removed.
    ///
    /// - Parameter path: The new file; nothing may be there yet. It is made readable by its owner only.
    /// - Throws: ``SQLiteError``: ``SQLiteError/isCannotOpen`` with the reason when the file can't be made.
    package func backup(to path: String) throws(SQLiteError) {
        // O_EXCL, so that neither a database in use is overwritten nor a file descriptor to it opened and closed, which
        // would drop the locks this process holds on it.
        let descriptor = unsafe path.withCString { unsafe open($0, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else {
            throw SQLiteError(code: SQLITE_CANTOPEN, message: "unable to make the backup's file", systemError: errno)
        }
        close(descriptor)
        do {
            let target = try Connection(path: path, mode: .readWrite, busyTimeout: 0)
            try self.copy(to: target)
        } catch {
            _ = unsafe path.withCString { unsafe unlink($0) }
            throw error
        }
    }

    private func copy(to target: Connection) throws(SQLiteError) {
        guard let backup = unsafe sqlite3_backup_init(target.raw, "main", self.connection.raw, "main") else {
            throw target.error(unsafe sqlite3_extended_errcode(target.raw))
        }
        // All pages in one step: a copy in several starts anew whenever another connection commits in between.
        let code = unsafe sqlite3_backup_step(backup, -1)
        let finished = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else {
            throw target.error(finished == SQLITE_OK ? code : finished)
        }
    }
}
