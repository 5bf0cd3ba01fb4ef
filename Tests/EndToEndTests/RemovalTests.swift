import Foundation
import Journal
import Orders
import TestSupport
import Testing

/// Orders that are gone from the source, and items that people took off the board.
@Suite(.serialized) struct RemovalTests {
    private func sync(_ bench: Workbench, _ environment: [String: String] = [:]) async throws -> Program.Outcome {
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", environment: environment)
        #expect(run.status == 0, "\(run)")
        return try await bench.run("ordersyncd", "drain", environment: environment)
    }

    private func synced(_ options: [String] = []) async throws -> Workbench {
        let bench = try await Workbench(monday: options)
        let drained = try await self.sync(bench)
        #expect(drained.status == 0, "\(drained)")
        return bench
    }

    /// Asks for the end of orders, as a run would that missed them.
    private func retire(_ bench: Workbench, _ items: [BoardPicture.Item], by kind: JobKind) async throws {
        let map = try FieldMap.load(
            yaml: try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8),
            name: "fieldmap.yaml"
        )
        let keys = items.compactMap { $0.key.flatMap { OrderKey($0) } }
        let journal = Journal(path: bench.journal, role: .enqueue)
        try await journal.open(now: 0)
        let run = RunRecord(
            startedAt: 0,
            who: "test",
            host: "here",
            batchName: "GONE",
            batchType: "FULL_BATCH",
            scope: "all orders",
            fieldMapDigest: map.digest,
            isComplete: true
        )
        let count = try await journal.withEnqueueTransaction(run: run, now: 1) { run in
            try keys.count { try run.retire($0, by: kind, fieldMap: map) != nil }
        }
        await journal.close()
        #expect(count == items.count)
    }

    private func edit(_ bench: Workbench, _ what: String, _ item: String) async throws {
        try await bench.sandbox.edit(#"{"do": "\#(what)", "item": "\#(item)"}"#)
    }

    private func first(_ bench: Workbench) async throws -> BoardPicture.Item {
        try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "GRE-04801" })
    }

    private func subitem(_ bench: Workbench, of item: String, size: String) async throws -> String {
        for board in try await bench.sandbox.state()["boards"].array {
            for group in board["groups"].array {
                for found in group["items"].array where found["id"].string == item {
                    for sub in found["subitems"].array where sub["columns"]["dropdown_mkrak7qp"].string == size {
                        return sub["id"].string ?? ""
                    }
                }
            }
        }
        return ""
    }

    @Test("an archived order's item leaves the board, its row stays and says so, and doing it again does nothing")
    func archive() async throws {
        let bench = try await self.synced()
        let items = try await bench.board().items
        let gone = Array(items.prefix(3))
        // One of them a person has archived before us, another is deleted.
        try await self.edit(bench, "archive", gone[1].id)
        try await self.edit(bench, "delete", gone[2].id)
        try await self.retire(bench, gone, by: .archive)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        #expect(try await bench.board().items.count == 66)
        #expect(
            try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule WHERE change_type = 'ARCHIVED'") == ["3"]
        )
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
        #expect(try bench.journal("SELECT count(*) FROM ledger WHERE archived_ms IS NOT NULL") == ["3"])

        // They are still in the source: the next run finds them again, and they come back as new items under their old keys.
        let back = try await self.sync(bench)
        #expect(back.status == 0, "\(back)")
        let board = try await bench.board()
        #expect(board.items.count == 69)
        #expect(Set(board.items.compactMap(\.key)) == Set(items.compactMap(\.key)))
        #expect(board.subitemCount == 264)
        #expect(
            try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule WHERE change_type = 'ARCHIVED'") == ["0"]
        )
        #expect(try bench.warehouse("SELECT count(DISTINCT [Item ID]) FROM MON_CustMasterSchedule") == ["69"])
    }

    @Test("an archived order whose item a person restored is taken up again as it is")
    func restored() async throws {
        let bench = try await self.synced()
        let item = try await self.first(bench)
        try await self.retire(bench, [item], by: .archive)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await self.edit(bench, "restore", item.id)
        #expect(try await self.sync(bench).status == 0)
        let board = try await bench.board()
        #expect(board.items.count == 69 && board.duplicateKeys.isEmpty)
        #expect(try await self.first(bench).id == item.id)
        #expect(try bench.journal("SELECT count(*) FROM ledger WHERE archived_ms IS NOT NULL") == ["0"])
    }

    @Test("a zeroed order has nothing left to make, on the board and in production, until it is back")
    func zero() async throws {
        let bench = try await self.synced()
        let item = try await self.first(bench)
        try await self.edit(bench, "delete", try await self.subitem(bench, of: item.id, size: "S"))
        try await self.retire(bench, [item], by: .zero)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        let zeroed = try await self.first(bench)
        #expect(Set(zeroed.subitems.values) == ["0"] && zeroed.subitemCount == item.subitemCount - 1)
        let rows = "FROM MON_CustMasterSchedule_Subitems WHERE order_key = '\(item.key ?? "")'"
        #expect(try bench.warehouse("SELECT DISTINCT [Order Qty] \(rows)") == ["0"])
        #expect(
            try bench.warehouse("SELECT order_key FROM MON_CustMasterSchedule WHERE change_type = 'ZEROED'") == [
                item.key
            ]
        )
        #expect(try await self.sync(bench).status == 0)
        #expect(try await self.first(bench).subitems == item.subitems)
        #expect(try bench.warehouse("SELECT count(*) \(rows) AND [Order Qty] <> '0'") == ["\(item.subitemCount)"])
    }

    @Test(
        "an archiving whose answer is lost is looked up, and done once",
        arguments: ["lose_answer", "reset_before", "internal_error"]
    )
    func doubtfulArchive(action: String) async throws {
        let bench = try await self.synced()
        let gone = Array(try await bench.board().items.prefix(30))
        try await self.retire(bench, gone, by: .archive)
        try await bench.sandbox.faults(
            #"[{"action": "\#(action)", "match": {"operation": "archive_item"}, "times": 1}]"#
        )
        var drained = try await bench.run("ordersyncd", "drain")
        for _ in 0..<4 where drained.status == 75 { drained = try await bench.run("ordersyncd", "drain") }
        #expect(drained.status == 0, "\(drained)")
        #expect(try await bench.board().items.count == 39)
        let archived = try await bench.sandbox.log().filter { $0["operation"].string == "archive_item" }
        #expect(archived.count == 30)
    }

    @Test(
        "an update that finds its item taken off the board kills its job alone, once, and says what to do",
        arguments: ["archive", "delete"]
    )
    func dead(how: String) async throws {
        let bench = try await self.synced()
        let item = try await self.first(bench)
        try await self.edit(bench, how, item.id)
        try await bench.change("UPDATE ORDERS_UNIFIED SET [NOTES] = 'changed' WHERE [PO NUMBER] = '4755'")
        let drained = try await self.sync(bench)
        #expect(drained.status == 1 && drained.output.contains("68 orders done, 1 died, 0 left"), "\(drained)")
        #expect(try bench.journal("SELECT last_code FROM job WHERE state = 'dead'") == ["ITEM_REMOVED"])
        #expect(try await bench.board().items.count == 68)
        // Put back by its person, it goes through.
        guard how == "archive" else { return }
        try await self.edit(bench, "restore", item.id)
        #expect(
            try await bench.run("ordersync-replay", "retry", "--customer", "GREYSON CLOTHIERS", "--yes").status == 0
        )
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await self.first(bench).columns["long_text_mkr5hass"] == "changed")
    }

    @Test(
        "with recreate, an item or subitem that was taken off the board is made anew under the same key",
        arguments: ["archive", "delete"]
    )
    func recreate(how: String) async throws {
        let bench = try await self.synced(["removed_items: recreate"])
        let items = try await bench.board().items
        let item = try await self.first(bench)
        let other = try #require(items.last { $0.subitems["M"] != nil })
        try await self.edit(bench, how, item.id)
        try await self.edit(bench, how, try await self.subitem(bench, of: other.id, size: "M"))
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET [NOTES] = 'changed', [M] = [M] + 1 WHERE [PO NUMBER] = '4755' AND [M] > 0"
        )
        let drained = try await self.sync(bench)
        #expect(drained.status == 0, "\(drained)")
        let board = try await bench.board()
        #expect(board.items.count == 69 && board.duplicateKeys.isEmpty && board.subitemCount == 264)
        let again = try await self.first(bench)
        #expect(again.key == item.key && again.id != item.id && again.columns["long_text_mkr5hass"] == "changed")
        #expect(
            board.items.first { $0.id == other.id }?.subitems["M"] == String((Int(other.subitems["M"] ?? "") ?? 0) + 1)
        )
        #expect(
            try bench.warehouse("SELECT [Item ID] FROM MON_CustMasterSchedule WHERE order_key = '\(item.key ?? "")'")
                == [again.id]
        )
        #expect(
            try bench.warehouse(
                "SELECT count(*) FROM MON_CustMasterSchedule_Subitems WHERE order_key = '\(item.key ?? "")'"
            )
                == ["\(item.subitemCount)"]
        )
    }

    @Test("a word that an item is not there is not believed while reading shows it")
    func contradiction() async throws {
        let bench = try await self.synced(["removed_items: recreate"])
        try await bench.sandbox.faults(
            """
            [{"action": "alias_error", "code": "InvalidItemIdException", "message": "Item not found", "status_code": 200,
              "match": {"operation": "change_multiple_column_values"}, "times": 1}]
            """
        )
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET [NOTES] = 'changed' WHERE [AAG ORDER NUMBER] = 'GRE-04801'"
        )
        let drained = try await self.sync(bench)
        #expect(drained.status == 0, "\(drained)")
        #expect(try await bench.board().items.count == 69)
        #expect(try await self.first(bench).columns["long_text_mkr5hass"] == "changed")
    }

    @Test("a board that takes changes of archived items for well is not believed either")
    func archivedButWilling() async throws {
        let bench = try await Workbench(sandbox: ["--set", "archived_takes_changes=true"])
        #expect(try await self.sync(bench).status == 0)
        try await self.edit(bench, "archive", try await self.first(bench).id)
        try await bench.change("UPDATE ORDERS_UNIFIED SET [NOTES] = 'changed' WHERE [PO NUMBER] = '4755'")
        let drained = try await self.sync(bench)
        #expect(drained.status == 1 && drained.output.contains("68 orders done, 1 died, 0 left"), "\(drained)")
    }
}
