internal import CrashPoints
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let count = "SELECT count(*) FROM ledger"
        static let unsettled = "SELECT id FROM effect WHERE state <> 'settled' AND board = ?1 ORDER BY id"
        static let targets = """
            SELECT alias, kind, job_id, generation, order_key, size, quantity, item_id, group_title, group_id
            FROM effect_target WHERE effect_id = ?1 AND outcome IS NULL
            """
        /// Dead and held jobs stay: they never run by themselves, and a newer snapshot takes their place.
        static let drop = """
            UPDATE job SET state = 'superseded', waits = 0, finished_ms = ?1, updated_ms = ?1, run_at_ms = NULL, owner_epoch = NULL,
                lease_until_ms = NULL, hold = 0, solo = 0
            WHERE state = 'ready' OR state = 'retry' OR state = 'waiting' OR state = 'in_doubt' OR state = 'running'
            """
        /// What the journal believed of the board is forgotten; what it knows the orders by is kept.
        static let forget = """
            UPDATE ledger SET item_id = NULL, item_board = NULL, group_id = NULL, fingerprint_enqueued = NULL,
                row_digest = NULL, look_up_first = 1
            WHERE ifnull(item_board, ?1) = ?1
            """
        static let forgetSynced = "DELETE FROM synced WHERE order_seq IN (SELECT seq FROM ledger WHERE item_id IS NULL)"
        static let forgetSubitems = """
            DELETE FROM ledger_subitem WHERE order_key IN (SELECT order_key FROM ledger WHERE item_id IS NULL)
            """
        static let forgetSnapshots = """
            DELETE FROM snapshot WHERE job_id NOT IN (SELECT id FROM job)
                AND job_id NOT IN (SELECT job_id FROM synced WHERE job_id IS NOT NULL)
            """
        static let forgetGroups = "DELETE FROM board_group WHERE board = ?1"
        static let addGroup = "INSERT OR IGNORE INTO board_group (board, title, group_id) VALUES (?1, ?2, ?3)"
        /// An order of which nobody kept what it is known by gets an empty digest: see ``Journal/ledger(uuids:keys:)``.
        static let restore = """
            INSERT INTO ledger (order_key, key_digest, occurrence, record_uuid, fingerprint_enqueued, order_number,
                source_customer, customer, style, colour, po_number, aag_season, customer_season, look_up_first, first_minted)
            VALUES (?1, ifnull(?2, zeroblob(32)), ifnull(?3, 1), ?4, ?5, ifnull(?6, ''), ifnull(?7, ''), ifnull(?8, ''),
                ?9, ?10, ?11, ?12, ?13, 1, ?14)
            ON CONFLICT (order_key) DO UPDATE SET key_digest = ifnull(?2, key_digest), record_uuid = ifnull(?4, record_uuid),
                fingerprint_enqueued = ?5, row_digest = NULL, order_number = ifnull(?6, order_number),
                source_customer = ifnull(?7, source_customer), customer = ifnull(?8, customer), style = coalesce(?9, style),
                colour = coalesce(?10, colour), po_number = coalesce(?11, po_number), aag_season = coalesce(?12, aag_season),
                customer_season = coalesce(?13, customer_season),
                first_minted = CASE WHEN ?2 IS NULL THEN first_minted ELSE ?14 END
            """
        static let synced = """
            INSERT INTO synced (order_seq, complete, synced_ms) SELECT seq, 1, ?2 FROM ledger WHERE order_key = ?1
            ON CONFLICT (order_seq) DO UPDATE SET complete = 1, synced_ms = ?2
            """
        static let retire = """
            UPDATE ledger SET retired = ?2, archived_ms = CASE WHEN ?2 = 'archive' THEN ifnull(archived_ms, ?3) END
            WHERE order_key = ?1
            """
        static let identity = """
            INSERT INTO meta VALUES ('journal_id', lower(hex(randomblob(16))))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING value
            """
    }

    /// Puts what board and warehouse tell in the place of what the journal knew of a board, in one transaction.
    ///
    /// No order key is forgotten, and no job runs on: a snapshot from before could take the board back. The journal gets a new id, so
    /// that of two copies the other one stays refused.
    ///
    /// - Parameters:
    ///   - orders: Every order that the board or the warehouse knows, once.
    ///   - groups: The board's groups: id by exact title.
    ///   - board: The board.
    ///   - now: The time, in milliseconds.
    /// - Returns: What came of it.
    /// - Throws: What the journal met; nothing is changed then.
    package func restoreLedger(
        _ orders: [RestoredOrder],
        groups: [String: String],
        board: Int64,
        now: Int64
    ) throws(JournalError) -> LedgerRestoration {
        guard self.role == .daemon else {
            throw JournalError(.role, "journal \(self.path): only who holds the daemon's lock may do that")
        }
        return try self.write(.restoreLedger) { database in
            var result = LedgerRestoration()
            result.before = Int(try database.integer(SQL.count) ?? 0)
            let picture = BoardRecord(orders, groups: groups)
            for effect in try database.integers(SQL.unsettled, [.integer(board)]) {
                var recorder = OutcomeRecorder(database: database, now: now, path: self.path)
                let targets = try database.query(SQL.targets, [.integer(effect)]) { row throws(SQLiteError) in
                    try EffectTarget(row, from: 0)
                }
                let outcomes = Dictionary(targets.map { ($0.alias, picture.outcome(of: $0)) }) { first, _ in first }
                try recorder.record(outcomes, effect: effect, answer: "settled when the ledger was rebuilt")
                result.settled += 1
            }
            result.dropped = try database.run(SQL.drop, [.integer(now)])
            try database.run(SQL.forget, [.integer(board)])
            try database.run(SQL.forgetSynced)
            try database.run(SQL.forgetSubitems)
            try database.run(SQL.forgetSnapshots)
            try database.run(SQL.forgetGroups, [.integer(board)])
            for (title, id) in groups {
                try database.run(SQL.addGroup, [.integer(board), .text(title), .text(id)])
            }
            let ledger = LedgerWriter(database: database, now: now)
            for order in orders { result.alarms += try Self.restore(order, board: board, ledger) }
            result.after = Int(try database.integer(SQL.count) ?? 0)
            result.journalID = try database.first(SQL.identity) { $0.text(0) ?? "" } ?? ""
            return result
        }
    }

    private static func restore(_ order: RestoredOrder, board: Int64, _ ledger: LedgerWriter) throws -> [Alarm] {
        let database = ledger.database
        let firstKey = order.keyDigest.map { OrderKey.mint(businessKey: $0, occurrence: 1) }
        try database.run(
            SQL.restore,
            [
                .key(order.orderKey), order.keyDigest.map { .digest($0) } ?? .null,
                .optional(order.occurrence.map(Int64.init)), .uuid(order.recordUUID),
                order.fingerprint.map { .digest($0) } ?? .null, .optional(order.orderNumber),
                .optional(order.sourceCustomer), .optional(order.customer), .optional(order.style),
                .optional(order.colour), .optional(order.poNumber), .optional(order.aagSeason),
                .optional(order.customerSeason), .integer(firstKey == order.orderKey ? 1 : 0),
            ]
        )
        if order.fingerprint != nil {
            try database.run(SQL.synced, [.key(order.orderKey), .integer(ledger.now)])
        }
        try database.run(
            SQL.retire,
            [.key(order.orderKey), .optional(order.retired?.rawValue), .integer(ledger.now)]
        )
        guard let item = order.item else { return [] }
        var alarms: [Alarm] = []
        for id in [item.id] + item.others {
            let alarm = try ledger.addItem(order.orderKey, board: board, id: id, group: item.group, effect: nil)
            if let alarm { alarms.append(alarm) }
        }
        for subitem in item.subitems {
            if let alarm = try ledger.addSubitem(subitem, of: order.orderKey, effect: nil) { alarms.append(alarm) }
        }
        return alarms
    }
}

/// What a whole read of the board says of things that were sent.
private struct BoardRecord {
    private let items: [OrderKey: RestoredOrder.Item]
    private let groups: [String: String]

    init(_ orders: [RestoredOrder], groups: [String: String]) {
        var items: [OrderKey: RestoredOrder.Item] = [:]
        for order in orders { items[order.orderKey] = order.item }
        self.items = items
        self.groups = groups
    }

    /// A change of something that is there is written again by the next snapshot, whether it was made or not.
    func outcome(of target: EffectTarget) -> EffectOutcome {
        switch target.kind {
        case .createGroup: target.groupTitle.flatMap { self.groups[$0] }.map { .adopted(text: $0) } ?? .absent
        case .createItem: target.orderKey.flatMap { self.items[$0] }.map { .adopted(remoteID: $0.id) } ?? .absent
        case .createSubitem:
            target.orderKey.flatMap { self.items[$0] }?.subitems.first { $0.size == target.size }
                .map { .adopted(remoteID: $0.id) } ?? .absent
        case .changeColumns, .moveItem, .archiveItem, .deleteSubitem: .absent
        }
    }
}
