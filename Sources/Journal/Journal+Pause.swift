internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let tell = """
            INSERT INTO meta VALUES ('pause', json_object('class', ?1, 'code', ?2, 'message', ?3, 'http', ?4, 'since', ?5,
                'until', ?6)) ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """
        static let clear = "DELETE FROM meta WHERE key = 'pause'"
        static let pause = """
            SELECT value ->> 'class', value ->> 'code', value ->> 'message', value ->> 'http', value ->> 'since',
                value ->> 'until'
            FROM meta WHERE key = 'pause'
            """
    }

    /// Says for who asks, or takes back, why nothing is begun: the daemon alone knows.
    package func tell(pause: DaemonStanding.Pause?) throws(JournalError) {
        _ = try self.currentEpoch()
        try self.write(.pause) { database in
            guard let pause else { return _ = try database.run(SQL.clear) }
            let failure = pause.failure
            try database.run(
                SQL.tell,
                [
                    .text(failure.class.rawValue), .text(failure.code), .text(failure.message),
                    .optional(failure.httpStatus.map(Int64.init)), .integer(pause.since), .integer(pause.until),
                ]
            )
        }
    }

    static func pause(_ database: Database) throws -> DaemonStanding.Pause? {
        try database.first(SQL.pause) { row throws(SQLiteError) in
            row.failure(0).map { failure in
                DaemonStanding.Pause(failure: failure, since: row.integer(4) ?? 0, until: row.integer(5) ?? 0)
            }
        } ?? nil
    }

    /// Forgets what an earlier start of the daemon said.
    static func forgetPause(_ database: Database) throws {
        try database.run(SQL.clear)
    }
}
