internal import SQLite

extension JournalError {
    /// Turns what SQLite said into what a person is to do.
    init(_ error: SQLiteError, path: String) {
        let (code, advice): (Code, String) =
            if error.isFull {
                (.full, "the disk is full: nothing of this step was written; make room and it goes on by itself")
            } else if error.isCorrupt || error.isNotADatabase {
                (.damaged, Self.damageAdvice)
            } else if error.isBusy {
                (.busy, "another process kept it locked for too long; try again")
            } else if error.isReadOnly || error.isCannotOpen {
                (.notWritable, "the file or its folder can't be written; check owner, permissions and mount")
            } else {
                (.failed, "SQLite failed")
            }
        self.init(code, "journal \(path): \(advice) (\(error))", underlying: error)
    }

    /// What a damaged journal asks for; it is never repaired in place.
    static let damageAdvice =
        "the file is damaged and was left as it is: move it away, with the -wal and -shm beside it, put a backup in its place "
        + "or none, and run ordersync-enqueue --rebuild-ledger"
}
