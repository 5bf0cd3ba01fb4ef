internal import CrashPoints
internal import SQLite

/// The scripts of `queue-schema`, in order: applying the first n makes a journal of version n.
enum Migrations {
    static let all: [[UInt8]] = [PackageResources.V0001_journal_sql]

    /// What `PRAGMA application_id` of every journal says.
    static let applicationID: Int64 = 0x4F53_594E

    /// Brings the journal to the newest version, in one transaction however many processes try at once.
    ///
    /// The version is read inside the transaction: whoever comes second finds the work done.
    static func apply(to database: Database, now: Int64) throws {
        try database.commit(.journalSchema) { database in
            let version = try database.integer("PRAGMA user_version") ?? 0
            guard version < Self.all.count else { return }
            for script in Self.all.dropFirst(Int(version)) {
                try database.execute(String(decoding: script, as: UTF8.self))
            }
            try database.execute("PRAGMA user_version = \(Self.all.count)")
            // Tells this file from every other one, a copy of yesterday included: see `guardNumbers`.
            try database.run("INSERT OR IGNORE INTO meta VALUES ('journal_id', lower(hex(randomblob(16))))")
            try database.run("INSERT OR IGNORE INTO meta VALUES ('created_ms', ?)", [.text("\(now)")])
        }
    }
}
