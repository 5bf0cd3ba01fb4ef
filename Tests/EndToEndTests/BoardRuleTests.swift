import Foundation
import TestSupport
import Testing

/// What the field map's choices and later changes of an order come to on the board.
@Suite(.serialized) struct BoardRuleTests {
    /// The shipped field map with a line more in the field of a board column.
    private func map(_ bench: Workbench, column: String, _ line: String) throws -> [String: String] {
        let shipped = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        var lines = shipped.components(separatedBy: "\n")
        let place = try #require(lines.firstIndex { $0.contains("column: \(column),") })
        lines.insert("    \(line)", at: place + 1)
        let path = bench.folder.file("fieldmap.yaml")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        return ["ORDERSYNC_FIELD_MAP": path]
    }

    private func sync(_ bench: Workbench, _ environment: [String: String] = [:]) async throws -> Program.Outcome {
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", environment: environment)
        #expect(run.status == 0, "\(run)")
        return try await bench.run("ordersyncd", "drain", environment: environment)
    }

    @Test("a cell that was emptied is emptied on the board, and a size that fell away has nothing left to make")
    func cleared() async throws {
        let bench = try await Workbench()
        try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'ROTTERDAM' WHERE [PO NUMBER] = '4755'")
        #expect(try await self.sync(bench).status == 0)
        let before = try await bench.board()
        #expect(before.items.allSatisfy { $0.columns["text_mkr5kbc6"] == "ROTTERDAM" })

        try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = ' ', [M] = NULL WHERE [PO NUMBER] = '4755'")
        #expect(try await self.sync(bench).status == 0)
        let after = try await bench.board()
        #expect(after.items.allSatisfy { ($0.columns["text_mkr5kbc6"] ?? "").isEmpty })
        #expect(after.subitemCount == before.subitemCount)
        let medium = after.items.compactMap { $0.subitems["M"] }
        #expect(!medium.isEmpty)
        #expect(Set(medium) == ["0"])
        #expect(
            try bench.warehouse("SELECT DISTINCT [Order Qty] FROM MON_CustMasterSchedule_Subitems WHERE [Size] = 'M'")
                == ["0"]
        )
        #expect(
            try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule WHERE [DESTINATION] IS NOT NULL") == ["0"]
        )
    }

    @Test(
        "a column in which people may have the last word (on_board: keep) is written until one of them has changed it"
    )
    func keep() async throws {
        let bench = try await Workbench()
        let map = try self.map(bench, column: "text_mkr5kbc6", "on_board: keep")
        try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'ROTTERDAM' WHERE [PO NUMBER] = '4755'")
        #expect(try await self.sync(bench, map).status == 0)
        let touched = try #require(try await bench.board().items.first)
        try await bench.sandbox.edit(
            #"{"do": "set", "item": "\#(touched.id)", "values": {"text_mkr5kbc6": "BY A PERSON"}}"#
        )
        for (destination, po) in [("HAMBURG", "ALT 1"), ("BREMEN", "ALT 2")] {
            try await bench.change(
                """
                UPDATE ORDERS_UNIFIED SET [DESTINATION] = '\(destination)', [CUSTOMER ALT PO] = '\(po)'
                WHERE [PO NUMBER] = '4755'
                """
            )
            #expect(try await self.sync(bench, map).status == 0)
            let items = try await bench.board().items
            #expect(items.allSatisfy { $0.columns["text_mkrh94rx"] == po })
            for item in items {
                #expect(item.columns["text_mkr5kbc6"] == (item.id == touched.id ? "BY A PERSON" : destination))
            }
        }
    }

    @Test("a label that only people may make (create_labels: false) is not made on the way, and its order says so")
    func labels() async throws {
        let bench = try await Workbench()
        let map = try self.map(bench, column: "dropdown_mkr5677f", "create_labels: false")
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [CUSTOMER COLOUR DESCRIPTION] = CASE
                WHEN rowid = (SELECT min(rowid) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755') THEN 'A NEW ONE' ELSE 'NAVY' END
            WHERE [PO NUMBER] = '4755'
            """
        )
        let drained = try await self.sync(bench, map)
        #expect(drained.status == 1, "\(drained)")
        #expect(drained.output.contains("68 orders done, 1 died"))
        let board = try await bench.board()
        #expect(board.items.count == 68)
        #expect(Set(board.items.map { $0.columns["dropdown_mkr5677f"] ?? "" }) == ["NAVY"])
        let message = try bench.warehouse("SELECT error_message FROM ERR_MON_CustMasterSchedule")
        #expect(message.count == 1)
        #expect(message.first?.contains("A NEW ONE") == true)
    }

    @Test("an order that needed a second batch to come through is still a new one in the production table")
    func changeType() async throws {
        let bench = try await Workbench()
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "match": {"operation": "create_subitem"}, "times": 2}]"#
        )
        let drained = try await self.sync(bench)
        #expect(drained.status == 0, "\(drained)")
        #expect(try bench.warehouse("SELECT count(*) FROM MON_BatchProcessing").first != "1")
        #expect(try bench.warehouse("SELECT DISTINCT change_type FROM MON_CustMasterSchedule") == ["NEW"])
    }

    @Test("a batch's row goes through every status on its way")
    func batchStatuses() async throws {
        let bench = try await Workbench()
        try await bench.change(
            """
            CREATE TABLE seen (status TEXT);
            CREATE TRIGGER look_on AFTER UPDATE OF status ON MON_BatchProcessing
            BEGIN INSERT INTO seen VALUES (NEW.status); END
            """
        )
        #expect(try await self.sync(bench).status == 0)
        #expect(
            try bench.warehouse("SELECT status FROM seen ORDER BY rowid") == [
                "STAGING_LOADED", "ITEMS_CREATED", "SUBITEMS_CREATED", "PROMOTED", "COMPLETED",
            ]
        )
    }

    @Test("a drain whose lost answers nobody can look up says how many died of that")
    func doubt() async throws {
        let bench = try await Workbench()
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        let lines = text.components(separatedBy: "\n").filter { !$0.contains("external_key_column") }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: bench.configuration))
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "match": {"operation": "create_item"}, "times": 1}]"#
        )
        let drained = try await self.sync(bench)
        #expect(drained.status == 1, "\(drained)")
        #expect(drained.output.contains("44 orders done, 25 died, 0 left"))
    }
}
