internal import Orders
internal import SQLite

extension EnqueueTransaction {
    private enum SQL {
        static let known = """
            SELECT id, resolved_ms FROM reject WHERE key_digest = ?1 AND column_name = ?2 AND value_hash = ?3
            """
        static let insert = """
            INSERT INTO reject (key_digest, column_name, value_hash, value, reason, record_uuid, order_key, order_number,
                source_customer, po_number, aag_season, customer_season, row_json, first_seen_ms, last_seen_ms, last_run_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15) RETURNING id
            """
        static let seen = """
            UPDATE reject SET reason = ?2, record_uuid = ?3, order_key = ?4, row_json = ?5, last_seen_ms = ?6, last_run_id = ?7,
                po_number = ?8, aag_season = ?9, customer_season = ?10, resolved_ms = NULL
            WHERE id = ?1
            """
        static let error = """
            INSERT INTO error_row (error_key, source, order_key, reject_id, class, code, message, occurred_ms)
            VALUES ('reject:' || ?1 || ':' || ?2, 'reject', ?3, ?1, 'permanent', 'rejected_row', ?4, ?5)
            ON CONFLICT (error_key) DO NOTHING
            """
        static let resolve = "UPDATE reject SET resolved_ms = ?2 WHERE resolved_ms IS NULL AND last_run_id <> ?1"
        static let resolveError = """
            UPDATE error_row SET resolved_ms = ?2, resolved_by = 'source corrected'
            WHERE reject_id = ?1 AND resolved_ms IS NULL
            """
    }

    /// Keeps a rejected cell; an error row is due in the warehouse when it is new.
    package func record(_ reject: RejectRecord) throws(JournalError) {
        try self.step { database in
            let identity: [SQLiteValue] = [
                .digest(reject.keyDigest), .text(reject.column), .digest(reject.valueDigest),
            ]
            let known = try database.first(SQL.known, identity) { row throws(SQLiteError) in
                (id: try row.whole(0), isOpen: row.isNull(1))
            }
            if let known {
                try database.run(
                    SQL.seen,
                    [
                        .integer(known.id), .text(reject.reason), .uuid(reject.recordUUID), .key(reject.orderKey),
                        .optional(reject.row), .integer(self.now), .integer(self.run), .optional(reject.poNumber),
                        .optional(reject.aagSeason), .optional(reject.customerSeason),
                    ]
                )
                if !known.isOpen { try self.demandErrorRow(reject, id: known.id, database) }
                return
            }
            let id = try database.integer(
                SQL.insert,
                identity + [
                    .optional(reject.value), .text(reject.reason), .uuid(reject.recordUUID), .key(reject.orderKey),
                    .optional(reject.orderNumber), .optional(reject.sourceCustomer), .optional(reject.poNumber),
                    .optional(reject.aagSeason), .optional(reject.customerSeason), .optional(reject.row),
                    .integer(self.now), .integer(self.run),
                ]
            )
            if let id { try self.demandErrorRow(reject, id: id, database) }
        }
    }

    /// Resolves the rejects in a scope that this run did not meet again: their rows pass now, or have vanished.
    ///
    /// Only right after a complete read of that scope.
    /// - Returns: How many there were.
    package func resolveRejects(notSeenIn scope: LedgerScope) throws(JournalError) -> Int {
        try self.step { database in
            let condition = scope.condition
            let ids = try database.integers(
                SQL.resolve + condition.sql + " RETURNING id",
                [.integer(self.run), .integer(self.now)] + condition.values
            )
            for id in ids {
                try database.run(SQL.resolveError, [.integer(id), .integer(self.now)])
            }
            return ids.count
        }
    }

    private func demandErrorRow(_ reject: RejectRecord, id: Int64, _ database: Database) throws {
        try database.run(
            SQL.error,
            [
                .integer(id), .integer(self.run), .key(reject.orderKey), .text("\(reject.column): \(reject.reason)"),
                .integer(self.now),
            ]
        )
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var rejectQueries: [String: [String]] {
        ["reject_open": [SQL.resolve], "error_row_reject": [SQL.resolveError]]
    }
}
