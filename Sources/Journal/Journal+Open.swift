internal import CrashPoints
internal import FoundationEssentials
internal import Glibc
internal import SQLite

extension Journal {
    /// Opens the file, and makes or upgrades it where the role may.
    ///
    /// What is wrong with the file is found before anything is written to it: a damaged, foreign or newer one is left
    /// as it is.
    package func open(now: Int64) throws(JournalError) {
        guard self.database == nil else { return }
        let exists = try self.findFile()
        if self.role == .daemon {
            guard let lock = try LockFile(path: self.path + ".lock") else {
                throw JournalError(
                    .heldByAnotherDaemon,
                    "journal \(self.path): another ordersyncd works on it; stop that one first"
                )
            }
            self.lock = lock
        }
        if self.role == .enqueue, self.logSize() > self.limits.logSize {
            throw JournalError(
                .logTooLarge,
                "journal \(self.path): its write-ahead log holds more than \(self.limits.logSize >> 20) MB, so the daemon "
                    + "has not run for long; start ordersyncd and try again"
            )
        }
        do {
            self.database = try self.connect(isNew: !exists, now: now)
        } catch {
            self.lock = nil
            throw self.explained(error)
        }
    }

    /// Lets go of the file and of the daemon's lock.
    package func close() {
        self.database = nil
        self.lock = nil
        self.epoch = nil
        self.hasProgressed = false
    }

    /// Bytes in the write-ahead log.
    package nonisolated func logSize() -> Int64 {
        // By name only: opening and closing any file of the journal would drop SQLite's locks.
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.path + "-wal")
        return (attributes?[.size] as? UInt64).map(Int64.init) ?? 0
    }

    /// Whether the file is there; throws when its folder is not, or when this role needs it to be.
    private func findFile() throws(JournalError) -> Bool {
        let folder = URL(filePath: self.path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw JournalError(
                .folderMissing,
                "journal \(self.path): the folder \(folder) is not there; make it, or correct journal.path"
            )
        }
        let exists = FileManager.default.fileExists(atPath: self.path)
        if !exists, self.role == .replay || self.role == .reader {
            throw JournalError(
                .missing,
                "journal \(self.path): there is none yet; run ordersync-enqueue or start ordersyncd, or correct journal.path"
            )
        }
        return exists
    }

    private func connect(isNew: Bool, now: Int64) throws -> Database {
        let mode: OpenMode =
            switch self.role {
            case .daemon, .enqueue: .create
            case .replay: .readWrite
            case .reader: .readOnly
            }
        let database = try Database(path: self.path, mode: mode, busyTimeoutMilliseconds: self.limits.busyTimeout)
        let version = try self.inspect(database)
        if self.role == .daemon, version > 0 {
            let problems = try database.query("PRAGMA quick_check(5)") { $0.text(0) ?? "" }
            guard problems == ["ok"] else {
                throw JournalError(
                    .damaged,
                    "journal \(self.path): \(JournalError.damageAdvice) (\(problems.joined(separator: "; ")))"
                )
            }
        }
        guard self.role != .reader else { return database }
        try self.guardCommits(database, version: version)
        try Migrations.apply(to: database, now: now)
        return database
    }

    /// Reads what kind of file it is, without writing to it.
    ///
    /// - Returns: The version of its schema, 0 for an empty file.
    private func inspect(_ database: Database) throws -> Int64 {
        // In one transaction: another process may be making the journal just now.
        let (version, application, tables) = try database.deferred { () throws(SQLiteError) in
            (
                try database.integer("PRAGMA user_version") ?? 0,
                try database.integer("PRAGMA application_id") ?? 0,
                try database.integer("SELECT count(*) FROM sqlite_schema") ?? 0
            )
        }
        if version == 0, tables == 0, self.role == .daemon || self.role == .enqueue { return 0 }
        guard application == Migrations.applicationID else {
            throw JournalError(
                .notAJournal,
                "journal \(self.path): the file is a database of something else and was left as it is; correct journal.path"
            )
        }
        let newest = Int64(Migrations.all.count)
        guard version <= newest else {
            throw JournalError(
                .newerSchema,
                "journal \(self.path): it was written by a newer ordersync (version \(version), this one knows \(newest)) and "
                    + "was left as it is; install that one"
            )
        }
        guard version == newest || self.role == .daemon else {
            throw JournalError(
                .olderSchema,
                "journal \(self.path): it was written by an older ordersync; start ordersyncd of this version to upgrade it"
            )
        }
        return version
    }

    /// Sets what keeps committed work safe, and reads it back.
    private func guardCommits(_ database: Database, version: Int64) throws {
        if version == 0 {
            // Only takes before the first table, and before the switch to WAL writes the header.
            try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        }
        CrashPoint.journalMode.pass(.before)
        let mode = try self.switchToWAL(database)
        CrashPoint.journalMode.pass(.after)
        try database.execute("PRAGMA synchronous = FULL")
        // Overwriting freed pages with zeros costs writes, and the journal holds no secrets.
        try database.execute("PRAGMA secure_delete = OFF; PRAGMA mmap_size = 0")
        // A run of many thousand orders touches its indexes everywhere: pages that don't fit would be written twice. What a claim
        // takes lies together.
        try database.execute("PRAGMA cache_size = \(self.role == .enqueue ? -12288 : -2048)")
        if let pages = self.limits.pages { try database.execute("PRAGMA max_page_count = \(pages)") }
        let synchronous = try database.integer("PRAGMA synchronous")
        let autocheckpoint = try database.integer("PRAGMA wal_autocheckpoint")
        guard mode == "wal", synchronous == 2, autocheckpoint == 0 else {
            throw JournalError(
                .unguarded,
                "journal \(self.path): SQLite did not take the settings that keep committed work (journal_mode \(mode), "
                    + "synchronous \(synchronous ?? -1), wal_autocheckpoint \(autocheckpoint ?? -1)); is it on a network share?"
            )
        }
        database.mayCommit = false
    }

    /// Switches to write-ahead logging, which the file remembers.
    ///
    /// The switch needs the file alone and does not wait for others, so two processes that make it at once may
    /// collide: who loses tries again and finds it done.
    private func switchToWAL(_ database: Database) throws -> String {
        var tries = 0
        while true {
            do {
                return try database.first("PRAGMA journal_mode = WAL") { $0.text(0) ?? "" } ?? ""
            } catch {
                tries += 1
                guard error.isBusy, tries < 5000 else { throw error }
                usleep(1000)
            }
        }
    }
}
