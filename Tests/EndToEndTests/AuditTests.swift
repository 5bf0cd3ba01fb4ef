import Foundation
import TestSupport
import Testing

/// The board compared with the ledger and production, and brought back.
@Suite(.serialized, .everyBackend) struct AuditTests {
    private func synced(_ options: [String] = []) async throws -> Workbench {
        let bench = try await Workbench(monday: options)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        // What was written only just now is not judged before the search has caught up.
        try await Task.sleep(for: .milliseconds(300))
        return bench
    }

    private func audit(
        _ bench: Workbench,
        _ options: String...,
        environment: [String: String] = [:]
    ) async throws -> JSONValue {
        let outcome = try await Program.run(
            "ordersyncd",
            ["audit", "--json", "--config", bench.configuration] + options,
            environment: bench.environment.merging(environment) { $1 }
        )
        let report = try JSONValue(outcome.output)
        #expect(outcome.status == (report["counts"].keys.isEmpty ? 0 : 1), "\(outcome)")
        return report
    }

    private func counts(_ report: JSONValue) -> [String: Int] {
        let counts = report["counts"]
        return Dictionary(uniqueKeysWithValues: counts.keys.map { ($0, counts[$0].integer ?? 0) })
    }

    private func findings(_ report: JSONValue, _ kind: String) -> [JSONValue] {
        report["findings"].array.filter { $0["kind"].string == kind }
    }

    @Test("a board that stands as it should is told so, in few requests, and nothing is changed by looking")
    func clean() async throws {
        let bench = try await self.synced()
        let before = try await bench.sandbox.log().count
        let requests = try await bench.sandbox.state()["counts"]["requests"].integer ?? 0
        let report = try await self.audit(bench)
        #expect(self.counts(report).isEmpty)
        #expect(report["orders"].integer == 69 && report["items"].integer == 69 && report["subitems"].integer == 264)
        #expect(try await bench.sandbox.log().count == before)
        #expect(try await bench.sandbox.state()["counts"]["requests"].integer == requests + 3)
        let table = try await bench.run("ordersyncd", "audit")
        #expect(table.status == 0 && table.output.contains("69 orders, 69 items and 264 subitems compared"), "\(table)")
        #expect(try bench.journal("SELECT count(*) FROM run") == ["1"])
    }

    @Test("whatever people did to the board is found, column by column, and repaired but for what is theirs")
    func drift() async throws {
        let bench = try await self.synced()
        let items = try await bench.board().items.sorted { $0.id < $1.id }
        let sized = Array(items.dropFirst(7).filter { $0.subitems["M"] != nil && $0.subitems["L"] != nil })
        func edit(_ json: String) async throws { try await bench.sandbox.edit(json) }
        // Names, cells, the key; a foreign column, which is nobody's business.
        try await edit(
            #"{"do": "set", "item": "\#(items[0].id)", "values": {"name": "renamed", "numeric_mkr5cact": "1.5", "text_mkr61hpz": "MINE"}}"#
        )
        try await edit(#"{"do": "set", "item": "\#(items[1].id)", "values": {"\#(Sandbox.keyColumn)": ""}}"#)
        try await edit(#"{"do": "move", "item": "\#(items[2].id)", "group": "topics"}"#)
        try await edit(#"{"do": "archive", "item": "\#(items[3].id)"}"#)
        try await edit(#"{"do": "copy", "item": "\#(items[4].id)"}"#)
        try await edit(#"{"do": "create", "board": \#(Sandbox.board), "name": "by hand"}"#)
        let medium = try #require(sized[0].subitemIDs["M"])
        try await edit(#"{"do": "set", "item": "\#(medium)", "values": {"numeric_mkra7j8e": "9999"}}"#)
        let large = try #require(sized[1].subitemIDs["L"])
        try await edit(#"{"do": "delete", "item": "\#(large)"}"#)
        try await edit(
            #"{"do": "create_subitem", "parent": "\#(sized[2].id)", "name": "odd", "values": {"dropdown_mkrak7qp": {"labels": ["56"]}, "numeric_mkra7j8e": "3"}}"#
        )
        // Production, behind everybody's back.
        try await bench.change("UPDATE MON_CustMasterSchedule SET [NOTES] = 'odd' WHERE [Item ID] = \(items[5].id)")
        try await bench.change("DELETE FROM MON_CustMasterSchedule WHERE [Item ID] = \(items[6].id)")

        let report = try await self.audit(bench)
        #expect(
            self.counts(report) == [
                "column": 3, "group": 1, "missing": 1, "duplicate": 1, "unexplained": 1, "quantity": 1,
                "subitem_missing": 1, "subitem_extra": 1, "production": 1, "production_missing": 1,
            ]
        )
        let price = try #require(self.findings(report, "column").first { $0["place"].string == "numeric_mkr5cact" })
        #expect(price["found"].string == "1.5" && price["expected"].string == items[0].columns["numeric_mkr5cact"])
        #expect(self.findings(report, "group").first?["expected"].string == "GREYSON CLOTHIERS 2025 FALL")
        #expect(self.findings(report, "quantity").first?["found"].string == "9999")
        // A shared board's own items are no matter.
        let shared = try await self.audit(bench, environment: ["ORDERSYNC_MONDAY_SHARED": "true"])
        #expect(self.counts(shared)["unexplained"] == nil)

        let repair = try await self.audit(bench, "--repair")
        #expect(repair["repairs"].integer == 8)
        let before = try await bench.sandbox.log().count
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        let written = try await bench.sandbox.log().dropFirst(before).map { $0["operation"].string ?? "" }.sorted()
        // A name and a price, a key, a group, an item with its sizes, a quantity, a size.
        let sizes = items[3].subitemCount
        #expect(written.filter { $0 == "change_multiple_column_values" }.count == 3)
        #expect(
            written.filter { $0 == "create_item" }.count == 1
                && written.filter { $0 == "move_item_to_group" }.count == 1
        )
        #expect(written.filter { $0 == "create_subitem" }.count == sizes + 1 && written.count == sizes + 6)
        try await Task.sleep(for: .milliseconds(300))
        let after = try await self.audit(bench)
        #expect(self.counts(after) == ["duplicate": 1, "unexplained": 1, "subitem_extra": 1])
        let first = try #require(try await bench.board().items.first { $0.id == items[0].id })
        #expect(first.columns["text_mkr61hpz"] == "MINE" && first.name == items[0].name)
    }

    @Test("a column in which people have the last word is neither compared nor repaired")
    func keep() async throws {
        let shipped = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        let bench = try await self.synced()
        var lines = shipped.components(separatedBy: "\n")
        let place = try #require(lines.firstIndex { $0.contains("column: numeric_mkr5cact,") })
        lines.insert("    on_board: keep", at: place + 1)
        let path = bench.folder.file("fieldmap.yaml")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        let item = try #require(try await bench.board().items.first)
        try await bench.sandbox.edit(
            #"{"do": "set", "item": "\#(item.id)", "values": {"numeric_mkr5cact": "1.5", "text_mkr5kbc6": "ODD"}}"#
        )
        let map = ["ORDERSYNC_FIELD_MAP": path]
        #expect(self.counts(try await self.audit(bench, "--repair", environment: map)) == ["column": 1])
        #expect(try await bench.run("ordersyncd", "drain", environment: map).status == 0)
        let after = try #require(try await bench.board().items.first { $0.id == item.id })
        #expect(after.columns["numeric_mkr5cact"] == "1.5")
        #expect(after.columns["text_mkr5kbc6"] == item.columns["text_mkr5kbc6"])
    }

    @Test("orders that are in work, or dead, are told apart from a board that differs")
    func work() async throws {
        let bench = try await self.synced()
        try await bench.change("UPDATE ORDERS_UNIFIED SET [NOTES] = 'changed' WHERE [PO NUMBER] = '4755'")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        var report = try await self.audit(bench, "--repair")
        #expect(report["inWork"].integer == 69 && report["orders"].integer == 0 && report["repairs"].integer == 0)
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "change_multiple_column_values", "value": "changed"}}]"#
        )
        #expect(try await bench.run("ordersyncd", "drain").status == 1)
        report = try await self.audit(bench)
        #expect(report["stopped"].integer ?? 0 > 0 && self.counts(report).isEmpty)
    }
}
