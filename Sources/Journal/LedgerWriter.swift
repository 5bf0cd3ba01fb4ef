internal import Orders
internal import SQLite

/// Writes in the ledger what is on the board, inside its caller's transaction.
///
/// It never overwrites one id with another.
struct LedgerWriter {
    private enum SQL {
        static let item = "SELECT item_id FROM ledger WHERE order_key = ?1"
        static let setItem = """
            UPDATE ledger SET item_id = ?2, item_board = ?3, group_id = coalesce(?4, group_id), look_up_first = 0,
                archived_ms = NULL
            WHERE order_key = ?1
            """
        static let snapshot = """
            SELECT job_id FROM synced WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?1)
            """
        static let setSnapshot = """
            INSERT INTO synced (order_seq, job_id) SELECT seq, ?2 FROM ledger WHERE order_key = ?1
            ON CONFLICT (order_seq) DO UPDATE SET job_id = ?2
            """
        /// While its job is kept, so is the snapshot.
        static let dropSnapshot =
            "DELETE FROM snapshot WHERE job_id = ?1 AND NOT EXISTS (SELECT 1 FROM job WHERE id = ?1)"
        static let setGroup = "UPDATE ledger SET group_id = coalesce(?2, group_id) WHERE order_key = ?1"
        static let archive = "UPDATE ledger SET archived_ms = ?2 WHERE order_key = ?1"
        static let subitem = "SELECT id FROM ledger_subitem WHERE order_key = ?1 AND size = ?2"
        static let addSubitem = "INSERT INTO ledger_subitem (order_key, size, id, quantity) VALUES (?1, ?2, ?3, ?4)"
        static let setQuantity = "UPDATE ledger_subitem SET quantity = ?3 WHERE order_key = ?1 AND size = ?2"
        static let forgetGroup = "UPDATE ledger SET group_id = NULL WHERE order_key = ?1"
        static let removeSubitem =
            "DELETE FROM ledger_subitem WHERE order_key = ?1 AND size = ?2 AND id = ifnull(?3, id)"
        static let group = "SELECT group_id FROM board_group WHERE board = ?1 AND title = ?2"
        static let addGroup = "INSERT INTO board_group (board, title, group_id) VALUES (?1, ?2, ?3)"
        /// The same contradiction met again is one alarm; it rings again only if a person had put it away.
        static let alarm = """
            INSERT INTO alarm (at_ms, kind, order_key, size, group_title, known_id, other_id, effect_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (kind, order_key, size, group_title, other_id) DO UPDATE SET at_ms = ?1, acknowledged_ms = NULL,
                replay_id = NULL
            RETURNING id
            """
    }

    let database: Database
    let now: Int64

    /// Takes over what a mutation did.
    ///
    /// - Returns: An alarm when it contradicts what is known; that stays as it is.
    func apply(_ target: EffectTarget, board: Int64, id: Int64?, text: String?, effect: Int64?) throws -> Alarm? {
        switch target.kind {
        case .createGroup:
            guard let title = target.groupTitle, let text else { return nil }
            return try self.addGroup(title, board: board, id: text, effect: effect)
        case .createItem:
            guard let key = target.orderKey, let id else { return nil }
            // An answer that comes twice, or late, tells nothing of what was written since.
            if let job = target.job, try self.database.integer(SQL.item, [.key(key)]) == nil {
                try self.setSnapshot(job.id, of: key)
            }
            return try self.addItem(key, board: board, id: id, group: target.groupID, effect: effect)
        case .createSubitem:
            guard let key = target.orderKey, let size = target.size, let id else { return nil }
            let subitem = LedgerSubitem(size: size, id: id, quantity: target.quantity ?? 0)
            return try self.addSubitem(subitem, of: key, effect: effect)
        case .changeColumns:
            guard let key = target.orderKey else { return nil }
            if let size = target.size, let quantity = target.quantity {
                try self.database.run(SQL.setQuantity, [.key(key), .text(size), .integer(quantity)])
            } else if target.size == nil, let job = target.job {
                try self.setSnapshot(job.id, of: key)
            }
        case .moveItem:
            if let key = target.orderKey {
                try self.database.run(SQL.setGroup, [.key(key), .optional(target.groupID)])
            }
        case .archiveItem:
            if let key = target.orderKey { try self.database.run(SQL.archive, [.key(key), .integer(self.now)]) }
        case .deleteSubitem:
            if let key = target.orderKey, let size = target.size {
                try self.database.run(SQL.removeSubitem, [.key(key), .text(size), .optional(target.itemID)])
            }
        }
        return nil
    }

    /// Forgets what a mutation may have changed, when nobody can tell whether it did.
    ///
    /// So the next snapshot writes its own value, even when that is the one the ledger knew.
    func forget(_ target: EffectTarget) throws {
        guard let key = target.orderKey else { return }
        switch target.kind {
        case .changeColumns:
            guard let size = target.size else { return try self.setSnapshot(nil, of: key) }
            try self.database.run(SQL.setQuantity, [.key(key), .text(size), .integer(LedgerSubitem.unknownQuantity)])
        case .moveItem: try self.database.run(SQL.forgetGroup, [.key(key)])
        case .createGroup, .createItem, .createSubitem, .archiveItem, .deleteSubitem: break
        }
    }

    /// Notes whose snapshot the columns of the order's item carry; nil when nobody can tell.
    func setSnapshot(_ job: Int64?, of key: OrderKey) throws {
        let old = try self.database.integer(SQL.snapshot, [.key(key)])
        guard old != job else { return }
        try self.database.run(SQL.setSnapshot, [.key(key), .optional(job)])
        if let old { try self.dropSnapshot(of: old) }
    }

    /// Drops the snapshot of a job that is kept no longer.
    func dropSnapshot(of job: Int64) throws {
        try self.database.run(SQL.dropSnapshot, [.integer(job)])
    }

    func addItem(_ key: OrderKey, board: Int64, id: Int64, group: String?, effect: Int64?) throws -> Alarm? {
        guard let known = try self.database.integer(SQL.item, [.key(key)]) else {
            try self.database.run(SQL.setItem, [.key(key), .integer(id), .integer(board), .optional(group)])
            return nil
        }
        if known == id { return nil }
        return try self.raise(.secondItem, key: key, known: "\(known)", other: "\(id)", effect: effect)
    }

    func addSubitem(_ subitem: LedgerSubitem, of key: OrderKey, effect: Int64?) throws -> Alarm? {
        guard let known = try self.database.integer(SQL.subitem, [.key(key), .text(subitem.size)]) else {
            try self.database.run(
                SQL.addSubitem,
                [.key(key), .text(subitem.size), .integer(subitem.id), .integer(subitem.quantity)]
            )
            return nil
        }
        if known == subitem.id { return nil }
        return try self.raise(
            .secondSubitem,
            key: key,
            size: subitem.size,
            known: "\(known)",
            other: "\(subitem.id)",
            effect: effect
        )
    }

    func addGroup(_ title: String, board: Int64, id: String, effect: Int64?) throws -> Alarm? {
        let known = try self.database.first(SQL.group, [.integer(board), .text(title)]) { $0.text(0) ?? "" }
        guard let known else {
            try self.database.run(SQL.addGroup, [.integer(board), .text(title), .text(id)])
            return nil
        }
        if known == id { return nil }
        return try self.raise(.secondGroup, group: title, known: known, other: id, effect: effect)
    }

    private func raise(
        _ kind: Alarm.Kind,
        key: OrderKey? = nil,
        size: String? = nil,
        group: String? = nil,
        known: String,
        other: String,
        effect: Int64?
    ) throws -> Alarm {
        let id = try self.database.integer(
            SQL.alarm,
            [
                .integer(self.now), .text(kind.rawValue), .text(key?.description ?? ""), .text(size ?? ""),
                .text(group ?? ""), .text(known), .text(other), .optional(effect),
            ]
        )
        return Alarm(
            id: id ?? 0,
            at: self.now,
            kind: kind,
            orderKey: key,
            size: size,
            groupTitle: group,
            knownID: known,
            otherID: other,
            effectID: effect
        )
    }
}
