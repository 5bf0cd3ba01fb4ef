internal import SQLite

/// What a full look at a journal found.
package struct Examination: Hashable, Sendable {
    /// The version of SQLite in use.
    package let library: String
    /// Whether that version can lose committed work when several connections checkpoint.
    package let isLibraryAffected: Bool
    /// Whether connections of ours checkpoint neither after commits nor when they close.
    package let isGuardInForce: Bool
    /// Whether the file is in WAL mode, as every program expects.
    package let isWAL: Bool
    package let journalID: String
    package let version: Int64
    package let orders: Int
    package let jobs: Int
    /// Bytes of the file, and of the log beside it.
    package let size: Int64
    package let logSize: Int64
    /// What is wrong with the file's pages, indexes and references, a line each.
    package let damage: [String]
    /// What contradicts the rules of the queue, a line each.
    package let contradictions: [String]
    /// Second items and subitems that the board holds, and nobody has put away.
    package let alarms: [Alarm]
}

extension Journal {
    /// Reads the journal from end to end; nothing is changed.
    package func examine() throws(JournalError) -> Examination {
        let damage = try self.integrityCheck()
        // What a damaged file says of its rows means nothing.
        let contradictions = try damage.isEmpty ? self.brokenInvariants() + self.brokenSnapshots() : []
        let alarms = try damage.isEmpty ? self.alarms() : []
        let logSize = self.logSize()
        return try self.read { database in
            Examination(
                library: Database.libraryVersion.string,
                isLibraryAffected: Database.losesCommitsWhenCheckpointsRace,
                isGuardInForce: try database.isCheckpointGuardInForce(),
                isWAL: try database.first("PRAGMA journal_mode") { $0.text(0) == "wal" } ?? false,
                journalID: try database.first("SELECT value FROM meta WHERE key = 'journal_id'") { $0.text(0) ?? "" }
                    ?? "",
                version: try database.integer("PRAGMA user_version") ?? 0,
                orders: Int(try database.integer("SELECT count(*) FROM ledger") ?? 0),
                jobs: Int(try database.integer("SELECT count(*) FROM job") ?? 0),
                size: (try database.integer("PRAGMA page_count") ?? 0)
                    * (try database.integer("PRAGMA page_size") ?? 0),
                logSize: logSize,
                damage: damage,
                contradictions: contradictions,
                alarms: alarms
            )
        }
    }
}
