package import Orders
internal import SQLite

extension EnqueueTransaction {
    private enum SQL {
        static let order = """
            SELECT record_uuid, key_digest, occurrence, order_number, source_customer, customer, style, colour, po_number,
                aag_season, customer_season, fingerprint_enqueued,
                (SELECT job_id FROM synced WHERE order_seq = ledger.seq), retired, missing_since_ms
            FROM ledger WHERE order_key = ?1
            """
        /// The newest snapshot tells best what the order was.
        static let live = """
            SELECT snapshot.sha256, snapshot.bytes FROM job JOIN snapshot ON snapshot.job_id = job.id
            WHERE job.order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND job.finished_ms IS NULL
            ORDER BY job.waits DESC LIMIT 1
            """
        static let synced = "SELECT sha256, bytes FROM snapshot WHERE job_id = ?1"
        /// Without a fingerprint an order that comes back looks changed, whatever it holds.
        ///
        /// It has been missing for as long as before.
        static let retire = """
            UPDATE ledger SET retired = ?2, fingerprint_enqueued = NULL, row_digest = NULL, missing_since_ms = ?3
            WHERE order_key = ?1
            """
        static let isUnfinished = """
            SELECT 1 FROM job WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND finished_ms IS NULL LIMIT 1
            """
        static let verify = """
            UPDATE job SET verify = 1
            WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND finished_ms IS NULL AND waits = 0
            """
    }

    /// What the ledger holds of an order that no source row brings along.
    private struct Known {
        let identity: OrderIdentity
        let fingerprint: Digest?
        let syncedJob: Int64?
        let retired: JobKind?
        let missingSince: Int64?
    }

    /// Enqueues what is to become of an order that is gone: its item archived, or its quantities set to zero.
    ///
    /// An order that comes back in the source is changed, whatever it holds.
    /// - Returns: Nil when the same was asked for before, or the ledger knows no such order.
    package func retire(
        _ orderKey: OrderKey,
        by kind: JobKind,
        fieldMap: FieldMap
    ) throws(JournalError) -> Disposition? {
        guard let known = try self.known(orderKey), known.retired != kind, kind != .sync else { return nil }
        let snapshot = try self.snapshot(of: orderKey, known) ?? Self.blank(known.identity, fieldMap)
        let disposition = try self.enqueue(
            EnqueuedOrder(
                orderKey: orderKey,
                kind: kind,
                snapshot: snapshot.bytes,
                snapshotDigest: snapshot.digest,
                fingerprint: snapshot.digest,
                identity: known.identity
            )
        )
        try self.step { database in
            try database.run(
                SQL.retire,
                [.key(orderKey), .text(kind.rawValue), .optional(known.missingSince)]
            )
        }
        return disposition
    }

    /// Enqueues an order once more as it was last brought to the board, to be compared with the board itself.
    ///
    /// - Returns: Nil when a job of the order is unfinished, which will bring it there, or when nothing is known of what
    ///   it was.
    package func repair(_ orderKey: OrderKey) throws(JournalError) -> Disposition? {
        guard let known = try self.known(orderKey) else { return nil }
        guard try !self.step({ try $0.exists(SQL.isUnfinished, [.key(orderKey)]) }) else { return nil }
        guard let snapshot = try self.snapshot(of: orderKey, known) else { return nil }
        let disposition = try self.enqueue(
            EnqueuedOrder(
                orderKey: orderKey,
                kind: known.retired ?? .sync,
                snapshot: snapshot.bytes,
                snapshotDigest: snapshot.digest,
                fingerprint: known.fingerprint ?? snapshot.digest,
                identity: known.identity
            )
        )
        try self.step { database in
            try database.run(SQL.verify, [.key(orderKey)])
            guard let retired = known.retired else { return }
            try database.run(SQL.retire, [.key(orderKey), .text(retired.rawValue), .optional(known.missingSince)])
        }
        return disposition
    }

    private func known(_ orderKey: OrderKey) throws(JournalError) -> Known? {
        try self.step { database in
            try database.first(SQL.order, [.key(orderKey)]) { row throws(SQLiteError) in
                Known(
                    identity: OrderIdentity(
                        recordUUID: try row.optionalUUID(0),
                        keyDigest: try row.digest(1),
                        occurrence: try row.count(2),
                        orderNumber: try row.string(3),
                        sourceCustomer: try row.string(4),
                        customer: try row.string(5),
                        style: row.text(6),
                        colour: row.text(7),
                        poNumber: row.text(8),
                        aagSeason: row.text(9),
                        customerSeason: row.text(10)
                    ),
                    fingerprint: try row.optionalDigest(11),
                    syncedJob: row.integer(12),
                    retired: row.text(13).flatMap(JobKind.init),
                    missingSince: row.integer(14)
                )
            }
        }
    }

    private func snapshot(
        of orderKey: OrderKey,
        _ known: Known
    ) throws(JournalError) -> (digest: Digest, bytes: [UInt8])? {
        try self.step { database in
            func read(_ sql: String, _ value: SQLiteValue) throws -> (digest: Digest, bytes: [UInt8])? {
                try database.first(sql, [value]) { row throws(SQLiteError) in (try row.digest(0), try row.bytes(1)) }
            }
            if let live = try read(SQL.live, .key(orderKey)) { return live }
            return try known.syncedJob.flatMap { try read(SQL.synced, .integer($0)) }
        }
    }

    /// A snapshot of an order of which nothing but its names is known.
    private static func blank(_ identity: OrderIdentity, _ fieldMap: FieldMap) -> (digest: Digest, bytes: [UInt8]) {
        let order = Order(
            businessKey: BusinessKey(
                orderNumber: identity.orderNumber,
                customer: identity.sourceCustomer,
                style: identity.style,
                colour: identity.colour
            ),
            recordUUID: identity.recordUUID,
            group: "",
            title: "",
            customer: identity.customer,
            poNumber: identity.poNumber,
            aagSeason: identity.aagSeason,
            customerSeason: identity.customerSeason,
            values: [],
            sizes: []
        )
        let bytes = order.snapshot(fieldMap)
        return (Digest.sha256(bytes), bytes)
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var retireQueries: [String: [String]] {
        ["job_unfinished": [SQL.live, SQL.isUnfinished, SQL.verify]]
    }
}
