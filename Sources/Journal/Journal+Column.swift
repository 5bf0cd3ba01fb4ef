internal import CrashPoints
internal import FoundationEssentials
internal import SQLite

extension Journal {
    private enum SQL {
        static let read = "SELECT value FROM meta WHERE key = 'column_intent'"
        static let write = """
            INSERT INTO meta VALUES ('column_intent', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """
        static let delete = "DELETE FROM meta WHERE key = 'column_intent'"
    }

    /// The request for the column of the order keys that has no known outcome; nil when there is none.
    package func columnIntent() throws(JournalError) -> ColumnIntent? {
        try self.read { database in
            let text = try database.first(SQL.read) { $0.text(0) ?? "" }
            return try text.map { try JSONDecoder().decode(ColumnIntent.self, from: Data($0.utf8)) }
        }
    }

    /// Writes down that request before its first byte leaves; nil once its outcome is known.
    package func setColumnIntent(_ intent: ColumnIntent?) throws(JournalError) {
        try self.write(.columnIntent) { database in
            guard let intent else {
                try database.run(SQL.delete)
                return
            }
            let text = String(decoding: try JSONEncoder().encode(intent), as: UTF8.self)
            try database.run(SQL.write, [.text(text)])
        }
    }
}
