import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        /// What waits behind a dead or held job changes nothing before a person has spoken.
        static let records = """
            SELECT ledger.seq, ledger.order_key, ledger.order_number, ledger.customer, ledger.item_id,
                ledger.archived_ms IS NOT NULL, ledger.retired, synced.synced_ms, synced.complete = 1, snapshot.bytes,
                snapshot.fingerprint,
                EXISTS (SELECT 1 FROM job WHERE job.order_seq = ledger.seq AND job.finished_ms IS NULL AND job.waits = 0
                    AND job.state <> 'dead' AND job.state <> 'held'),
                EXISTS (SELECT 1 FROM job WHERE job.order_seq = ledger.seq AND job.finished_ms IS NULL AND job.waits = 0
                    AND (job.state = 'dead' OR job.state = 'held')),
                ledger.record_uuid, ledger.key_digest, ledger.occurrence
            FROM ledger
            LEFT JOIN synced ON synced.order_seq = ledger.seq
            LEFT JOIN snapshot ON snapshot.job_id = synced.job_id
            WHERE ledger.seq > ?1 ORDER BY ledger.seq LIMIT ?2
            """
        static let subitems = "SELECT size, id, quantity FROM ledger_subitem WHERE order_key = ?1 ORDER BY size"
        /// Asked only while a board holds items without a key, so that no index is kept for it.
        static let items = "SELECT item_id FROM ledger WHERE item_id IS NOT NULL"
    }

    /// The orders of the ledger as they stand on the board, in the order in which they became known.
    ///
    /// - Parameters:
    ///   - after: `next` of the part before; 0 for the first part.
    ///   - limit: How many at most.
    /// - Returns: Those orders, and where to go on; nil at the end.
    /// - Throws: What reading met.
    package func records(
        after: Int64 = 0,
        limit: Int
    ) throws(JournalError) -> (records: [LedgerRecord], next: Int64?) {
        try self.read { database in
            var last: Int64 = 0
            let records = try database.query(SQL.records, [.integer(after), .integer(limit)]) {
                row throws(SQLiteError) in
                last = try row.whole(0)
                let key = try row.string(1)
                let item = row.integer(4)
                let subitems: [LedgerSubitem] =
                    try item == nil
                    ? []
                    : database.query(SQL.subitems, [.text(key)]) { row throws(SQLiteError) in
                        LedgerSubitem(size: try row.string(0), id: try row.whole(1), quantity: try row.whole(2))
                    }
                return LedgerRecord(
                    orderKey: try row.orderKey(1),
                    recordUUID: try row.optionalUUID(13),
                    keyDigest: try row.digest(14),
                    occurrence: try row.count(15),
                    orderNumber: try row.string(2),
                    customer: try row.string(3),
                    itemID: item,
                    isArchived: row.flag(5),
                    retired: row.text(6).flatMap(JobKind.init),
                    syncedAt: row.integer(7),
                    isComplete: row.flag(8),
                    snapshot: row.blob(9),
                    fingerprint: try row.optionalDigest(10),
                    subitems: subitems,
                    isInWork: row.flag(11),
                    isStopped: row.flag(12)
                )
            }
            return (records, records.count < limit ? nil : last)
        }
    }

    /// Those of the items that are orders' own.
    package func knownItems(_ items: Set<Int64>) throws(JournalError) -> Set<Int64> {
        try self.read { database in items.intersection(try database.integers(SQL.items)) }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var recordQueries: [String: [String]] { ["job_unfinished": [SQL.records]] }
}
