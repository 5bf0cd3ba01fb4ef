import Foundation
import SQLite
import TestSupport

/// What an installation has come to, in lines that tell nothing of times, of ids and of how often it was tried.
enum CrashPicture {
    static func lines(_ bench: Workbench) async throws -> [String] {
        try await self.board(bench) + self.production(bench) + self.errors(bench) + self.journal(bench)
            + self.backup(bench)
    }

    /// Whether a copy of the journal is there, and whole.
    private static func backup(_ bench: Workbench) throws -> [String] {
        let path = bench.folder.file("backup.sqlite")
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let copy = try Database(path: path, mode: .readOnly, busyTimeoutMilliseconds: 0)
        return try copy.query(
            "SELECT 'backup of ' || count(*) || ' orders ' || (SELECT * FROM pragma_integrity_check) FROM ledger"
        ) { row throws(SQLiteError) in row.text(0) ?? "" }
    }

    /// The board, and how often each kind of thing was made on it.
    private static func board(_ bench: Workbench) async throws -> [String] {
        let board = try await bench.board()
        var lines = board.groups.map { "group \($0)" }
        for item in board.items {
            lines.append(
                "item \(item.name) in \(item.group): \(self.words(item.columns)); \(self.words(item.subitems))"
            )
            lines.append("\(item.name) has \(item.subitemCount) subitems")
        }
        let made = try await bench.sandbox.log().map { $0["operation"].string ?? "?" }
        for kind in ["create_group", "create_item", "create_subitem"] {
            lines.append("\(kind) was done \(made.count { $0 == kind }) times")
        }
        return lines.sorted()
    }

    private static func words(_ values: [String: String]) -> String {
        values.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ", ")
    }

    /// Both production tables; instead of ids, whether they are those on the board.
    private static func production(_ bench: Workbench) async throws -> [String] {
        let board = try await bench.board()
        let ids = Dictionary(board.items.map { ($0.id, $0.name) }) { $1 }
        let orders = try bench.rows(
            "MON_CustMasterSchedule",
            without: ["UpdateDate", "Item ID", "batch_id", "synced_at"]
        )
        let items = try bench.warehouse("SELECT [Title] || '|' || [Item ID] FROM MON_CustMasterSchedule")
        let sizes = try bench.rows(
            "MON_CustMasterSchedule_Subitems",
            without: ["parent_item_id", "subitem_id", "subitem_board_id", "Item ID", "synced_at"]
        )
        let parents = try bench.warehouse(
            "SELECT [Size] || '|' || parent_item_id FROM MON_CustMasterSchedule_Subitems WHERE subitem_id IS NOT NULL"
        )
        let named = (items + parents).map { line in
            let parts = line.split(separator: "|").map(String.init)
            return "\(parts[0]) is on \(ids[parts.last ?? ""] ?? "no item")"
        }
        return (orders + sizes + named).sorted()
    }

    private static func errors(_ bench: Workbench) throws -> [String] {
        try bench.warehouse(
            """
            SELECT 'error ' || order_number || ' ' || error_type || ' ' || error_message || ' ' || (original_data <> '') || ' '
                || ifnull(resolved_by, 'open')
            FROM ERR_MON_CustMasterSchedule
            UNION ALL SELECT 'open batch ' || batch_id FROM MON_BatchProcessing WHERE end_time IS NULL
            ORDER BY 1
            """
        )
    }

    private static func journal(_ bench: Workbench) throws -> [String] {
        try bench.journal(
            """
            SELECT 'order ' || order_key || ' ' || (item_id IS NOT NULL)
                || ifnull((SELECT fingerprint = fingerprint_enqueued FROM synced JOIN snapshot USING (job_id)
                    WHERE order_seq = ledger.seq), '?')
                || (SELECT group_concat(' ' || size || '=' || quantity) FROM (
                    SELECT * FROM ledger_subitem s WHERE s.order_key = ledger.order_key ORDER BY size))
                || (SELECT group_concat(' ' || state || ' ' || stage) FROM (
                    SELECT * FROM job WHERE job.order_key = ledger.order_key ORDER BY id))
            FROM ledger
            UNION ALL SELECT 'an effect is open' FROM effect WHERE state <> 'settled'
            UNION ALL SELECT 'a batch is open' FROM batch WHERE closed_ms IS NULL OR reported_ms IS NULL
            UNION ALL SELECT 'an error row is not written' FROM error_row
                WHERE written_ms IS NULL OR resolved_ms IS NOT NULL AND resolution_written_ms IS NULL
            UNION ALL SELECT 'alarm ' || kind || ' ' || (acknowledged_ms IS NOT NULL) FROM alarm
            UNION ALL SELECT 'integrity: ' || integrity_check FROM pragma_integrity_check
            ORDER BY 1
            """
        )
    }
}

extension Workbench {
    /// The rows of a table of the warehouse, each as one line of its columns but for some.
    func rows(_ table: String, without left: Set<String>) throws -> [String] {
        let columns = try self.warehouse("SELECT name FROM pragma_table_info('\(table)')").filter { !left.contains($0) }
        let line = columns.map { "'\($0)=' || [\($0)]" }.map { "ifnull(\($0), '')" }.joined(separator: " || ' ' || ")
        return try self.warehouse("SELECT \(line) FROM \(table)")
    }
}
