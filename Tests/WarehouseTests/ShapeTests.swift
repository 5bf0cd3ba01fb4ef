import Foundation
import Orders
import TestSupport
import Testing

@testable import Warehouse

/// Databases where the predecessor's tables are already, in either of their shapes: with their rows, to the end of a promotion.
@Suite(.everyBackend) struct ShapeTests {
    let test: TestWarehouse

    init() async throws { self.test = try await TestWarehouse(migrated: false) }

    private func layOut(_ shape: PredecessorShape) throws {
        for statement in try shape.statements(onServer: self.test.dialect == .sqlServer) {
            try self.test.execute(statement)
        }
    }

    private func sync(_ order: StagedOrder, item: Int64) async throws {
        let batch = UUID()
        try await self.test.warehouse.openBatch(self.test.opening(batch))
        let refused = try await self.test.warehouse.stage(batch: batch, customerBatch: "GREYSON", orders: [order])
        #expect(refused == [:])
        try await self.test.warehouse.promote(
            batch: batch,
            orders: [self.test.promoted(order, item: item)],
            claim: TestWarehouse.claim
        )
    }

    private var order: StagedOrder {
        self.test.staged(
            1,
            [
                "CUSTOMER PRICE": .number("28.86"), "HANDLING": .number("1234567.89"), "FREIGHT": .number("-3"),
                "ORDER DATE PO RECEIVED": .date("2025-05-20"), "PO NUMBER": .text("4755"),
                "RANGE / COLLECTION": .text("CORE"),
            ]
        )
    }

    private static let production = """
        SELECT "Title", CAST("CUSTOMER PRICE" AS FLOAT), "HANDLING", "FREIGHT", "ORDER DATE PO RECEIVED", "PO NUMBER",
            "RANGE / COLLECTION", "Item ID" FROM "MON_CustMasterSchedule" ORDER BY "Item ID"
        """

    @Test("the predecessor's first tables keep their rows, get what they lack, and take orders")
    func handover() async throws {
        try self.layOut(.handover)
        try self.test.execute(
            #"INSERT INTO "MON_CustMasterSchedule" ("Title", "Item ID", "FREIGHT") VALUES ('OLD', 7, 2.5)"#,
            #"INSERT INTO "STG_MON_CustMasterSchedule" ("Title") VALUES ('OLD')"#
                .replacing(") VALUES", with: self.test.dialect == .sqlite ? ", stg_batch_id) VALUES" : ") VALUES")
                .replacing("('OLD')", with: self.test.dialect == .sqlite ? "('OLD', 'b')" : "('OLD')")
        )
        let steps = try await self.test.warehouse.migrate()
        #expect(steps.filter { $0.did == .renamed } == [])
        #expect(steps.filter { $0.name.hasPrefix("table") && $0.did == .created }.count == 2, "its own two")
        #expect(steps.filter { $0.did == .added }.allSatisfy { $0.name.hasPrefix("column") })
        #expect(try await self.test.warehouse.missingTables() == [])
        try await self.sync(self.order, item: 8)
        #expect(
            try self.test.rows(Self.production) == [
                ["OLD", nil, nil, "2.5", nil, nil, nil, "7"],
                ["MSP NAVY GRE-1", "28.86", "1234567.89", "-3.0", "2025-05-20", "4755", "CORE", "8"],
            ]
        )
        #expect(
            try self.test.column(#"SELECT "Title" FROM "STG_MON_CustMasterSchedule" ORDER BY stg_id"#).first == "OLD"
        )
        #expect(try await self.test.warehouse.migrate().filter { $0.did != .exists } == [])
    }

    @Test("a later deployment's subitem staging is refused by name, and nothing is changed")
    func refused() async throws {
        try self.layOut(.deployed)
        let before = try self.test.tables()
        let failure = await #expect(throws: Failure.self) { try await self.test.warehouse.migrate() }
        #expect(failure?.class == .systemic)
        #expect(failure?.message.contains("STG_MON_CustMasterSchedule_Subitems") == true)
        #expect(failure?.message.contains("--replace-staging") == true)
        #expect(try self.test.tables() == before)
        #expect(try self.test.columnCount("MON_CustMasterSchedule") == 86)
    }

    @Test("staging that came without its primary key gets an index that the subitems can refer to")
    func withoutKey() async throws {
        try self.layOut(.deployed)
        if self.test.dialect == .sqlServer {
            let table = "STG_MON_CustMasterSchedule"
            try self.test.execute("ALTER TABLE \(table) DROP CONSTRAINT PK_\(table)")
        }
        _ = try await self.test.warehouse.migrate(replacingStaging: true)
        try await self.sync(self.order, item: 8)
        #expect(try self.test.column(#"SELECT COUNT(*) FROM "MON_CustMasterSchedule""#) == ["1"])
        #expect(try await self.test.warehouse.migrate().filter { $0.did != .exists } == [])
    }

    @Test("with leave that staging is renamed with its rows and made anew, and production takes orders as it is")
    func deployed() async throws {
        try self.layOut(.deployed)
        try self.test.execute(
            #"INSERT INTO "MON_CustMasterSchedule" ("Title", "Item ID", "FREIGHT") VALUES ('OLD', 7, 'collect')"#,
            #"INSERT INTO "STG_MON_CustMasterSchedule_Subitems" (stg_id, stg_batch_id, "Size", "ORDER_QTY") VALUES (1, 'b', 'XL', 2)"#
        )
        let dry = try await self.test.warehouse.migrate(dryRun: true, replacingStaging: true)
        #expect(dry.contains { $0.did == .renamed })
        let renamed = try await self.test.warehouse.migrate(replacingStaging: true).filter { $0.did == .renamed }
        #expect(
            renamed.map(\.name) == [
                "table STG_MON_CustMasterSchedule_Subitems to STG_MON_CustMasterSchedule_Subitems_before_ordersync"
            ]
        )
        #expect(
            try self.test.rows(
                #"SELECT "Size", stg_batch_id FROM "STG_MON_CustMasterSchedule_Subitems_before_ordersync""#
            )
                == [["XL", "b"]]
        )
        #expect(try await self.test.warehouse.missingTables() == [])
        try await self.sync(self.order, item: 8)
        let isServer = self.test.dialect == .sqlServer
        let rows = try self.test.rows(Self.production)
        #expect(rows.first == ["OLD", nil, nil, "collect", nil, nil, nil, "7"])
        #expect(
            rows.last == [
                "MSP NAVY GRE-1", "28.86", "1234567.89", isServer ? "-3" : "-3.0", "2025-05-20", "4755", "CORE", "8",
            ]
        )
        #expect(try self.test.column("SELECT COUNT(*) FROM MON_CustMasterSchedule_Subitems") == ["2"])
        // Every index is there, though the old table had some of the names.
        #expect(try await self.test.warehouse.migrate().filter { $0.did != .exists } == [])
    }

    @Test("an order that a narrow production column can't take is refused before anything is made of it")
    func narrow() async throws {
        try self.layOut(.deployed)
        _ = try await self.test.warehouse.migrate(replacingStaging: true)
        let long = self.test.staged(1, ["NOTES": .text(String(repeating: "n", count: 256))])
        let fits = self.test.staged(2, ["NOTES": .text(String(repeating: "n", count: 255))])
        let batch = UUID()
        try await self.test.warehouse.openBatch(self.test.opening(batch))
        let refused = try await self.test.warehouse.stage(batch: batch, customerBatch: "c", orders: [long, fits])
        guard self.test.dialect == .sqlServer else { return #expect(refused == [:], "SQLite's columns have no bound") }
        #expect(refused.keys.map(\.self) == [long.orderKey])
        #expect(refused[long.orderKey]?.class == .permanent)
        #expect(refused[long.orderKey]?.message.contains("NOTES: 256 characters") == true)
        #expect(try self.test.column("SELECT \"AAG ORDER NUMBER\" FROM STG_MON_CustMasterSchedule") == ["GRE-2"])
    }
}
