internal import CSQLite
internal import Glibc

/// What SQLite said when a call failed: never the SQL, never a bound value.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code, as in <https://www.sqlite.org/rescode.html>.
    package let code: Int32
    /// SQLite's words; they can name a table, a column or a token of the statement.
    package let message: String
    /// The `errno` behind a failed file operation, 0 when there was none.
    package let systemError: Int32

    package init(code: Int32, message: String, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemError = systemError
    }

    /// The kind of failure: the low byte of the extended code.
    package var primaryCode: Int32 { self.code & 0xff }

    /// Another connection held the lock for the whole busy time-out, or ours could not be upgraded: try again later.
    package var isBusy: Bool { self.primaryCode == SQLITE_BUSY || self.primaryCode == SQLITE_LOCKED }

    /// The disk, the quota or the largest allowed size is used up.
    ///
    /// The unix layer reports only `ENOSPC` on a write as `SQLITE_FULL`; a quota, a size limit and a full disk under
    /// the `-shm` file come as I/O errors.
    package var isFull: Bool {
        self.primaryCode == SQLITE_FULL
            || self.primaryCode == SQLITE_IOERR && [ENOSPC, EDQUOT, EFBIG].contains(self.systemError)
    }

    /// The file, its folder or its file system does not let itself be written.
    package var isReadOnly: Bool {
        self.primaryCode == SQLITE_READONLY || self.systemError == EROFS
    }

    /// The file, its folder or a file beside it is missing or may not be opened.
    package var isCannotOpen: Bool { self.primaryCode == SQLITE_CANTOPEN || self.primaryCode == SQLITE_PERM }

    /// The file is damaged.
    package var isCorrupt: Bool { self.primaryCode == SQLITE_CORRUPT }

    /// The file is something else than a database of SQLite.
    package var isNotADatabase: Bool { self.primaryCode == SQLITE_NOTADB }

    /// A CHECK, UNIQUE, NOT NULL, foreign key or STRICT type was violated.
    package var isConstraint: Bool { self.primaryCode == SQLITE_CONSTRAINT }

    /// ``InterruptHandle/interrupt()`` ended the statement.
    package var isInterrupted: Bool { self.primaryCode == SQLITE_INTERRUPT }

    /// The statement itself can't be run: it is malformed, names what is not there, or asks for what may not be.
    package var isMistake: Bool {
        [SQLITE_ERROR, SQLITE_AUTH, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_TOOBIG]
            .contains(self.primaryCode)
    }

    /// The code and SQLite's standing words for it, without anything from the database: safe for metrics.
    package var shortDescription: String {
        let words = unsafe sqlite3_errstr(self.code).map { unsafe String(cString: $0) } ?? "unknown error"
        return "SQLite \(self.code): \(words)"
    }

    package var description: String {
        var text = "SQLite \(self.code): \(self.message)"
        if self.systemError != 0 {
            let reason = unsafe strerror(self.systemError).map { unsafe String(cString: $0) }
            text += " (\(reason ?? "errno \(self.systemError)"))"
        }
        return text
    }
}
