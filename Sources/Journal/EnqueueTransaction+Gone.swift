package import Orders
internal import SQLite

extension EnqueueTransaction {
    private enum SQL {
        static let missing = """
            UPDATE ledger SET missing_since_ms = coalesce(missing_since_ms, ?2) WHERE order_key = ?1
            """
        static let found = "UPDATE ledger SET missing_since_ms = NULL WHERE order_key = ?1"
    }

    /// Notes that orders in scope are in no row of a complete read, from this run's time on unless they were missing before.
    package func missing(_ orderKeys: [OrderKey]) throws(JournalError) {
        try self.step { database in
            for key in orderKeys { try database.run(SQL.missing, [.key(key), .integer(self.now)]) }
        }
    }

    /// Notes that orders which were missing are there again.
    package func found(_ orderKeys: [OrderKey]) throws(JournalError) {
        try self.step { database in
            for key in orderKeys { try database.run(SQL.found, [.key(key)]) }
        }
    }
}
