internal import CSQLite

/// Decides at each commit of a connection whether it may happen: what may not is rolled back.
///
/// SQLite itself asks, so no statement gets past it, not even one outside of a transaction.
final class CommitGate {
    var isOpen = true

    /// Makes this object the connection's commit hook; it must live as long as the connection.
    func install(on database: OpaquePointer) {
        let callback: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
            guard let context = unsafe context else { return 0 }
            return unsafe Unmanaged<CommitGate>.fromOpaque(context).takeUnretainedValue().isOpen ? 0 : 1
        }
        _ = unsafe sqlite3_commit_hook(database, callback, Unmanaged.passUnretained(self).toOpaque())
    }
}
