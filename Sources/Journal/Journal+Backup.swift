internal import CrashPoints
internal import FoundationEssentials
internal import Glibc
internal import SQLite

/// What a backup holds.
package struct JournalBackup: Hashable, Sendable {
    package let path: String
    package let size: Int64
    package let journalID: String
    package let jobs: Int
    package let orders: Int
}

extension Journal {
    /// Copies the journal in one consistent state into a new file, and checks the copy from end to end.
    ///
    /// The copy appears under its name only when it is whole and on the disk. Writers are not held up, and nothing is
    /// checkpointed.
    /// - Throws: ``JournalError/Code/exists`` when there is a file of that name.
    @discardableResult
    package func backup(to path: String) throws(JournalError) -> JournalBackup {
        let database = try self.opened()
        let part = path + ".part"
        try Self.refuseOverwriting(path, part: part)
        do {
            CrashPoint.backupCopy.pass(.before)
            try database.backup(to: part)
            CrashPoint.backupCopy.pass(.after)
            let backup = try Self.check(part, against: self, as: path)
            CrashPoint.backupName.pass(.before)
            try Self.name(part, path)
            CrashPoint.backupName.pass(.after)
            return backup
        } catch {
            for name in [part, part + "-journal", part + "-wal", part + "-shm"] { _ = unsafe unlink(name) }
            if let error = error as? SQLiteError { throw self.explained(error, backup: path) }
            throw self.explained(error)
        }
    }

    /// Neither a file nor somebody else's half-written backup is touched.
    private static func refuseOverwriting(_ path: String, part: String) throws(JournalError) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw JournalError(.folderMissing, "backup \(path): the folder \(folder) is not there")
        }
        // Names, not what they lead to: a dangling link is in the way as well.
        for name in [path, part] where (try? FileManager.default.attributesOfItem(atPath: name)) != nil {
            throw JournalError(
                .exists,
                name == path
                    ? "backup \(path): there is a file of that name, and none is overwritten; choose another"
                    : "backup \(path): \(part) is there, of a backup under way or cut off; wait, or remove it"
            )
        }
    }

    /// Reads a copy whole; it is switched to a rollback journal, so that it is one file that opens anywhere.
    private static func check(
        _ part: String,
        against journal: isolated Journal,
        as path: String
    ) throws -> JournalBackup {
        let copy = try Database(path: part, mode: .readWrite, busyTimeoutMilliseconds: 0)
        try copy.execute("PRAGMA journal_mode = DELETE")
        let lines = try copy.query("PRAGMA integrity_check(20)") { $0.text(0) ?? "" }
        let identity = "SELECT value FROM meta WHERE key = 'journal_id'"
        let ours = try journal.opened().first(identity) { $0.text(0) ?? "" }
        let its = try lines == ["ok"] ? copy.first(identity) { $0.text(0) ?? "" } : nil
        guard lines == ["ok"], let its, its == ours else {
            let problems = lines == ["ok"] ? ["it is another journal"] : lines
            throw JournalError(
                .damaged,
                "backup \(path): the copy was removed, since the journal it was made of is damaged "
                    + "(\(problems.words)); see ordersyncd check --journal"
            )
        }
        let pages = try copy.integer("PRAGMA page_count") ?? 0
        let pageSize = try copy.integer("PRAGMA page_size") ?? 0
        return JournalBackup(
            path: path,
            size: pages * pageSize,
            journalID: its,
            jobs: Int(try copy.integer("SELECT count(*) FROM job") ?? 0),
            orders: Int(try copy.integer("SELECT count(*) FROM ledger") ?? 0)
        )
    }

    /// Gives the copy its name, unless that is taken by now.
    private static func name(_ part: String, _ path: String) throws(JournalError) {
        // A link refuses a name that came into being meanwhile, which a rename would overwrite.
        var result = unsafe link(part, path)
        if result == 0 {
            _ = unsafe unlink(part)
        } else if [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) {
            // Some network shares know no links.
            result = unsafe rename(part, path)
        }
        guard result == 0, Self.syncFolder(of: path) else {
            let reason = errno
            throw JournalError(
                reason == EEXIST ? .exists : .target,
                "backup \(path): \(unsafe String(cString: strerror(reason)))"
            )
        }
    }

    private func explained(_ error: SQLiteError, backup path: String) -> JournalError {
        if error.isFull {
            return JournalError(
                .full,
                "backup \(path): the disk is full; what was written is removed",
                underlying: error
            )
        }
        if error.isCannotOpen || error.isReadOnly {
            return JournalError(.target, "backup \(path): the file can't be made there (\(error))", underlying: error)
        }
        return JournalError(error, path: self.path)
    }

    /// Makes the new name last: a name is on the disk only when its folder is.
    private static func syncFolder(of path: String) -> Bool {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return fsync(descriptor) == 0
    }
}

extension [String] {
    /// The first of many lines of SQLite's, as one.
    fileprivate var words: String {
        self.prefix(3).joined(separator: "; ").split(whereSeparator: \.isNewline).joined(separator: "; ")
            + (self.count > 3 ? "; …" : "")
    }
}
