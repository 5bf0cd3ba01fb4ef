internal import CrashPoints
internal import Glibc
internal import SQLite

extension Journal {
    /// Copies the journal in one consistent state into a new file, and checks the copy from end to end.
    ///
    /// The copy appears under its name only when it is whole and on the disk. Writers are not held up.
    /// - Throws: ``JournalError/Code/exists`` when there is a file of that name.
    package func backup(to path: String) throws(JournalError) {
        let database = try self.opened()
        guard unsafe access(path, F_OK) != 0 else {
            throw JournalError(.exists, "backup \(path): there is a file of that name; choose another")
        }
        let part = path + ".part"
        _ = unsafe unlink(part)
        do {
            CrashPoint.backupCopy.pass(.before)
            try database.backup(to: part)
            CrashPoint.backupCopy.pass(.after)
            let problems = try Self.check(part, against: self)
            guard problems.isEmpty else {
                throw JournalError(
                    .damaged,
                    "backup \(path): the copy is not whole: \(problems.joined(separator: "; "))"
                )
            }
            CrashPoint.backupName.pass(.before)
            guard unsafe rename(part, path) == 0, Self.syncFolder(of: path) else {
                throw JournalError(.notWritable, "backup \(path): \(unsafe String(cString: strerror(errno)))")
            }
            CrashPoint.backupName.pass(.after)
        } catch {
            for name in [part, part + "-journal", part + "-wal", part + "-shm"] { _ = unsafe unlink(name) }
            if let error = error as? SQLiteError { throw JournalError(error, path: path) }
            throw self.explained(error)
        }
    }

    /// Reads a copy whole; it is switched to a rollback journal, so that it is one file that opens anywhere.
    private static func check(_ path: String, against journal: isolated Journal) throws -> [String] {
        let copy = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 0)
        try copy.execute("PRAGMA journal_mode = DELETE")
        let lines = try copy.query("PRAGMA integrity_check(20)") { $0.text(0) ?? "" }
        guard lines == ["ok"] else { return lines }
        let identity = "SELECT value FROM meta WHERE key = 'journal_id'"
        let ours = try journal.opened().first(identity) { $0.text(0) ?? "" }
        let its = try copy.first(identity) { $0.text(0) ?? "" }
        return ours == its ? [] : ["it is another journal"]
    }

    /// Makes the new name last: a rename is on the disk only when its folder is.
    private static func syncFolder(of path: String) -> Bool {
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return fsync(descriptor) == 0
    }
}
