import Foundation
import Orders
import TestSupport
import Testing

/// The whole way of a purchase order through the three programs, over the predecessor's tables in either of their shapes, with
/// the rows that it left in them.
@Suite(.serialized, .everyBackend) struct TableShapeTests {
    private static let production = "MON_CustMasterSchedule"
    private static let productionSizes = "MON_CustMasterSchedule_Subitems"
    private static let errors = "ERR_MON_CustMasterSchedule"
    private static let stagedSizes = "STG_MON_CustMasterSchedule_Subitems"
    private static let source =
        "SELECT * FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' AND [CUSTOMER NAME] LIKE 'GREYSON%'"
    private typealias Rows = [[String: String]]

    /// An installation over the predecessor's tables, and the rows that are in them.
    private func bench(_ shape: PredecessorShape) async throws -> (Workbench, [String: Rows]) {
        let bench = try await Workbench(
            data: ["--rows", "80"],
            on: try await Sandbox(),
            database: try Backend.current.makeDatabase()
        )
        for statement in try shape.statements(onServer: Backend.current.isServer) + shape.rows {
            try await bench.change(statement)
        }
        var rows: [String: Rows] = [:]
        for table in PredecessorShape.tables { rows[table] = try bench.rows(#"SELECT * FROM "\#(table)""#) }
        #expect(rows.values.allSatisfy { !$0.isEmpty })
        return (bench, rows)
    }

    /// Tables and their columns, as the database tells them.
    private func schema(_ bench: Workbench) throws -> Rows {
        try bench.rows(
            Backend.current.isServer
                ? "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS ORDER BY 1, 2"
                : "SELECT name, sql FROM sqlite_master ORDER BY name"
        )
    }

    /// Brings the tables up to date: what can't be completed only with a person's leave.
    private func migrate(_ shape: PredecessorShape, _ bench: Workbench) async throws {
        let before = try self.schema(bench)
        if shape == .deployed {
            for options in [[], ["--dry-run"]] {
                expect(
                    69,
                    Self.stagedSizes,
                    "--replace-staging",
                    of: try await bench.run("ordersyncd", ["migrate"] + options)
                )
            }
            let words = ["would be renamed: table \(Self.stagedSizes) to \(Self.stagedSizes)_before_ordersync"]
            let dry = try await bench.run("ordersyncd", "migrate", "--replace-staging", "--dry-run")
            #expect(dry.status == 0 && words.allSatisfy { dry.output.contains($0) }, "\(dry)")
            #expect(try self.schema(bench) == before, "to refuse and to look changes nothing")
        }
        let migrated = try await bench.run(
            "ordersyncd",
            ["migrate"] + (shape == .deployed ? ["--replace-staging"] : [])
        )
        #expect(migrated.status == 0, "\(migrated)")
        let renamed = migrated.output.split(separator: "\n").filter { $0.hasPrefix("renamed: ") }
        #expect(renamed.count == (shape == .deployed ? 1 : 0), "\(migrated)")
        expect(0, "nothing to do", of: try await bench.run("ordersyncd", "migrate"))
    }

    /// Expects that each row of the predecessor's is what it was; columns that came later are NULL in it.
    private func expectKept(_ rows: [String: Rows], _ shape: PredecessorShape, _ bench: Workbench) throws {
        for (table, before) in rows {
            let name = shape == .deployed && table == Self.stagedSizes ? table + "_before_ordersync" : table
            let after = try bench.rows(#"SELECT * FROM "\#(name)""#)
            for row in before { #expect(after.contains(row), "\(name): \(row), not among \(after.prefix(3))") }
        }
    }

    /// Expects that production holds of these orders what source and board say, column by column, and of no others.
    private func expectProduction(
        _ shape: PredecessorShape,
        _ bench: Workbench,
        except missing: Set<String> = [],
        changed: Set<String> = []
    ) async throws {
        let yaml = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        let boards = try await bench.sandbox.state()["boards"].array
        let expected = ExpectedProduction(
            shape: shape,
            onServer: Backend.current.isServer,
            fields: try FieldMap.load(yaml: yaml, name: "fieldmap.yaml").fields,
            subitemBoard: boards.first { $0["id"].integer != Int(Sandbox.board) }?["id"].string ?? ""
        )
        let source = try bench.rows(Self.source).filter { !missing.contains($0["AAG ORDER NUMBER"] ?? "") }
        let items = Dictionary(try await bench.board().items.map { ($0.columns["text_mkr5wya6"] ?? "", $0) }) { $1 }
        let ours = "WHERE order_key IS NOT NULL"
        var orders: [String: [String: String]] = [:]
        for row in try bench.rows("SELECT * FROM \(Self.production) \(ours)") {
            orders[row["AAG ORDER NUMBER"] ?? ""] = row
        }
        #expect(orders.count == source.count)
        let sizes = Dictionary(grouping: try bench.rows("SELECT * FROM \(Self.productionSizes) \(ours)")) {
            $0["parent_item_id"] ?? ""
        }
        for row in source {
            let number = row["AAG ORDER NUMBER"] ?? ""
            guard let item = items[number], var found = orders[number] else {
                Issue.record("\(number) is not on the board, or not in production")
                continue
            }
            var wanted = expected.order(row, item)
            if changed.contains(number) { wanted["change_type"] = "CHANGED" }
            for stamp in ExpectedProduction.stamps { #expect(found.removeValue(forKey: stamp) != nil, "\(stamp)") }
            found = found.mapValues { $0.hasPrefix(".") ? "0\($0)" : $0.hasPrefix("-.") ? "-0\($0.dropFirst())" : $0 }
            found["source_uuid"] = found["source_uuid"]?.lowercased()
            let differing = Set(wanted.keys).union(found.keys).filter { wanted[$0] != found[$0] }.sorted()
            #expect(
                differing.isEmpty,
                "\(number): \(differing.map { "\($0): \(found[$0] ?? "NULL"), not \(wanted[$0] ?? "NULL")" })"
            )
            var subitems = sizes[item.id] ?? []
            for index in subitems.indices { #expect(subitems[index].removeValue(forKey: "synced_at") != nil) }
            subitems.sort { ($0["subitem_id"] ?? "") < ($1["subitem_id"] ?? "") }
            #expect(subitems == expected.sizes(item))
            #expect(item.subitems.allSatisfy { row[$0.key] == $0.value }, "\(number): \(item.subitems)")
        }
        #expect(
            try bench.rows("SELECT * FROM \(Self.productionSizes) \(ours)").count
                == items.values.reduce(0) { $0 + $1.subitemCount }
        )
    }

    /// The error rows of ours, as order and who resolved it.
    private func errorRows(_ bench: Workbench) throws -> [[String?]] {
        try bench.rows("SELECT * FROM \(Self.errors) WHERE error_key IS NOT NULL").map {
            [$0["order_number"], $0["error_type"], $0["resolved_by"]]
        }
    }

    private func counts(_ outcome: Program.Outcome) throws -> [Int?] {
        #expect(outcome.status == 0, "\(outcome)")
        let report = try JSONValue(outcome.output)
        return ["new", "changed", "unchanged", "gone"].map { report[$0].integer }
    }

    @Test(
        "a purchase order goes its whole way over the predecessor's tables in either shape, whose rows stay as they are",
        arguments: PredecessorShape.allCases
    )
    func wholeWay(shape: PredecessorShape) async throws {
        let (bench, before) = try await self.bench(shape)
        try await self.migrate(shape, bench)
        try self.expectKept(before, shape, bench)
        let checked = try await bench.run("ordersyncd", "check")
        #expect(checked.status == 0, "\(checked)")

        // One of the orders is refused: it is in the error table, and not in production.
        let refused = "GRE-04803"
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "create_item", "value": "\#(refused)"}}]"#
        )
        let enqueue = Workbench.knownOrder + ["--json"]
        #expect(try self.counts(try await bench.run("ordersync-enqueue", enqueue)) == [69, 0, 0, 0])
        expect(1, "68 orders done, 1 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 68)
        try await self.expectProduction(shape, bench, except: [refused])
        #expect(try self.errorRows(bench) == [[refused, "ITEM_CREATION_ERROR", nil]])
        try self.expectKept(before, shape, bench)

        // Its cause is removed, and a person brings it back.
        try await bench.sandbox.faults("[]")
        let list = try await bench.run("ordersync-replay", "list", "--json")
        let job = try #require(try JSONValue(list.output)["jobs"][0]["id"].integer)
        let retried = try await bench.run(
            "ordersync-replay",
            ["retry", "\(job)", "--reason", "the label is there"],
            environment: ["USER": "anna"]
        )
        expect(0, "1 job ready again", of: retried)
        expect(0, "1 order done, 0 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        try await self.expectProduction(shape, bench)
        #expect(try self.errorRows(bench) == [[refused, "ITEM_CREATION_ERROR", "anna"]])
        #expect(try self.counts(try await bench.run("ordersync-enqueue", enqueue)) == [0, 0, 69, 0])

        // An order that changes in the source has its row changed, and no other, by the daemon that runs.
        let service = try Service(bench)
        try await service.expectReady()
        let changed = "GRE-04801"
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '$1,031.5', [NOTES] = 'later', [FREIGHT] = '1234567.89',
                [EX FACTORY DATE] = '2027-02-28', [HANDLING] = NULL, [M] = 5 WHERE [AAG ORDER NUMBER] = '\(changed)'
            """
        )
        #expect(try self.counts(try await bench.run("ordersync-enqueue", enqueue)) == [0, 1, 68, 0])
        let isThere = "SELECT COUNT(*) FROM \(Self.production) WHERE [NOTES] = 'later'"
        _ = try await eventually { try bench.warehouse(isThere) == ["1"] }
        try await service.stop()
        try await self.expectProduction(shape, bench, changed: [changed])
        #expect(try self.counts(try await bench.run("ordersync-enqueue", enqueue)) == [0, 0, 69, 0])
        try await Task.sleep(for: .milliseconds(300))
        let audited = try await bench.run("ordersyncd", "audit")
        #expect(audited.status == 0, "\(audited)")
        try self.expectKept(before, shape, bench)
    }
}
