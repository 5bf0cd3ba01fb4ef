internal import CrashPoints
package import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        static let rechecks = """
            SELECT target.alias, target.kind, target.job_id, target.generation, target.order_key, target.size, target.quantity,
                target.item_id, target.group_title, target.group_id, effect.id, effect.board, target.remote_id,
                recheck.settled_ms
            FROM recheck
            JOIN effect ON effect.id = recheck.effect_id
            JOIN effect_target target ON target.effect_id = recheck.effect_id AND target.alias = recheck.alias
            WHERE recheck.settled_ms <= ?1 ORDER BY recheck.settled_ms LIMIT ?2
            """
        static let rechecked = "DELETE FROM recheck WHERE effect_id = ?1 AND alias = ?2"
        static let isKnown = "SELECT 1 FROM ledger WHERE order_key = ?1"
        static let lookedUp = "UPDATE ledger SET look_up_first = 0 WHERE order_key = ?1"
        static let forgetItem = """
            UPDATE ledger SET item_id = NULL, item_board = NULL, group_id = NULL, archived_ms = NULL
            WHERE order_key = ?1 AND item_id = ?2
            """
        static let forgetSubitems = "DELETE FROM ledger_subitem WHERE order_key = ?1"
        static let forgetSubitem = "DELETE FROM ledger_subitem WHERE order_key = ?1 AND id = ?2"
        /// What the live job had made hung on the item.
        static let restart = """
            UPDATE job SET stage = 'none'
            WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND finished_ms IS NULL AND stage <> 'none'
            """
        static let archived = """
            UPDATE ledger SET archived_ms = coalesce(archived_ms, ?2) WHERE order_key = ?1
            """
        static let restored = "UPDATE ledger SET archived_ms = NULL WHERE order_key = ?1"
        static let addSubitem = "INSERT INTO ledger_subitem (order_key, size, id, quantity) VALUES (?1, ?2, ?3, ?4)"
        static let sizes = "SELECT DISTINCT size FROM (SELECT size FROM ledger_subitem LIMIT 100000)"
        static let groups = "SELECT title, group_id FROM board_group WHERE board = ?1"
        static let remember = """
            INSERT INTO board_group (board, title, group_id) VALUES (?1, ?2, ?3)
            ON CONFLICT (board, title) DO UPDATE SET group_id = ?3
            """
        static let forget = "DELETE FROM board_group WHERE board = ?1 AND title = ?2"
    }

    /// What was in doubt, was settled by then, and has not been looked up once more.
    ///
    /// What is found now though it was absent is recorded by ``settle(effect:outcomes:answer:now:)`` as adopted.
    package func rechecks(settledBefore: Int64, limit: Int) throws(JournalError) -> [Recheck] {
        try self.read { database in
            try database.query(SQL.rechecks, [.integer(settledBefore), .integer(limit)]) { row throws(SQLiteError) in
                Recheck(
                    effectID: try row.whole(10),
                    board: try row.whole(11),
                    target: try EffectTarget(row, from: 0),
                    remoteID: row.integer(12),
                    settledAt: try row.whole(13)
                )
            }
        }
    }

    /// Notes that these were looked up once more.
    package func rechecked(_ rechecks: [Recheck]) throws(JournalError) {
        try self.write(.lookedUpAgain) { database in
            for recheck in rechecks {
                try database.run(SQL.rechecked, [.integer(recheck.effectID), .text(recheck.target.alias)])
            }
        }
    }

    /// Takes items over that were found on the board by their order key, with their subitems.
    ///
    /// - Returns: An alarm for each id that contradicts the ledger; what the ledger holds stays.
    /// - Throws: ``JournalError/Code/notFound`` for an order the ledger doesn't know.
    package func adopt(_ items: [AdoptedItem], now: Int64) throws(JournalError) -> [Alarm] {
        try self.write(.adopt) { database in
            let ledger = LedgerWriter(database: database, now: now)
            var alarms: [Alarm] = []
            for item in items {
                guard try database.exists(SQL.isKnown, [.key(item.orderKey)]) else {
                    throw JournalError(.notFound, "journal \(self.path): the ledger knows no order \(item.orderKey)")
                }
                let alarm = try ledger.addItem(
                    item.orderKey,
                    board: item.board,
                    id: item.itemID,
                    group: item.groupID,
                    effect: nil
                )
                if let alarm {
                    // Its subitems hang under another item than ours.
                    alarms.append(alarm)
                    continue
                }
                for subitem in item.subitems {
                    if let alarm = try ledger.addSubitem(subitem, of: item.orderKey, effect: nil) {
                        alarms.append(alarm)
                    }
                }
            }
            return alarms
        }
    }

    /// Notes that the board was searched for these orders, so that an item may be made for those it doesn't hold.
    package func lookedUp(_ orderKeys: [OrderKey]) throws(JournalError) {
        try self.write(.lookedUp) { database in
            for key in orderKeys { try database.run(SQL.lookedUp, [.key(key)]) }
        }
    }

    /// Forgets items that are no longer on the board, with their subitems: the orders' next claims find or make them anew.
    ///
    /// An item that is not the order's any more is left alone.
    package func forgetItems(_ items: [OrderKey: Int64]) throws(JournalError) {
        try self.write(.itemsSeen) { database in
            for (key, item) in items.sorted(by: { $0.value < $1.value })
            where try database.run(SQL.forgetItem, [.key(key), .integer(item)]) == 1 {
                try LedgerWriter(database: database, now: 0).setSnapshot(nil, of: key)
                try database.run(SQL.forgetSubitems, [.key(key)])
                try database.run(SQL.restart, [.key(key)])
            }
        }
    }

    /// Forgets a subitem that is no longer on the board.
    package func forgetSubitem(_ id: Int64, of orderKey: OrderKey) throws(JournalError) {
        try self.write(.itemsSeen) { try $0.run(SQL.forgetSubitem, [.key(orderKey), .integer(id)]) }
    }

    /// Takes over what a fresh read of the board says of the subitems of orders.
    package func replaceSubitems(_ subitems: [OrderKey: [LedgerSubitem]]) throws(JournalError) {
        try self.write(.itemsSeen) { database in
            for (key, subitems) in subitems {
                try database.run(SQL.forgetSubitems, [.key(key)])
                for subitem in subitems {
                    try database.run(
                        SQL.addSubitem,
                        [.key(key), .text(subitem.size), .integer(subitem.id), .integer(subitem.quantity)]
                    )
                }
            }
        }
    }

    /// Notes that items which were off the board are there again.
    package func noteRestored(_ orderKeys: [OrderKey]) throws(JournalError) {
        try self.write(.itemsSeen) { database in
            for key in orderKeys { try database.run(SQL.restored, [.key(key)]) }
        }
    }

    /// Notes that the items of these orders are off the board, whoever took them off.
    package func noteArchived(_ orderKeys: [OrderKey], now: Int64) throws(JournalError) {
        try self.write(.itemsSeen) { database in
            for key in orderKeys { try database.run(SQL.archived, [.key(key), .integer(now)]) }
        }
    }

    /// The sizes that orders have subitems of; of a large ledger those that a part of it has, which is read in no time.
    package func sizesOnBoard() throws(JournalError) -> Set<String> {
        try self.read { database in
            Set(try database.query(SQL.sizes) { row throws(SQLiteError) in try row.string(0) })
        }
    }

    /// The groups known on a board: id by exact title.
    package func knownGroups(board: Int64) throws(JournalError) -> [String: String] {
        try self.read { database in
            let groups = try database.query(SQL.groups, [.integer(board)]) { row throws(SQLiteError) in
                (try row.string(0), try row.string(1))
            }
            return Dictionary(groups) { first, _ in first }
        }
    }

    /// Takes over what a fresh read of the board says of its groups: one that is no longer there is forgotten, and may be made again.
    ///
    /// - Parameters:
    ///   - groups: The ids of those that stand there, by exact title, in the board's order.
    ///   - board: The board.
    /// - Returns: For each title the group that is ours: the known one while it is there, else the first.
    /// - Throws: What the journal met.
    package func takeGroups(_ groups: [String: [String]], board: Int64) throws(JournalError) -> [String: String] {
        let known = try self.knownGroups(board: board)
        var ours: [String: String] = [:]
        for (title, ids) in groups { ours[title] = ids.first { $0 == known[title] } ?? ids.first }
        guard ours != known else { return ours }
        try self.write(.groups) { database in
            for (title, id) in known where ours[title] != id {
                try database.run(SQL.forget, [.integer(board), .text(title)])
            }
            for (title, id) in ours where known[title] != id {
                try database.run(SQL.remember, [.integer(board), .text(title), .text(id)])
            }
        }
        return ours
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var boardQueries: [String: [String]] { ["recheck_time": [SQL.rechecks]] }
}
