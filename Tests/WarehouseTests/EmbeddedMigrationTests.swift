import Foundation
import Orders
import Testing

@testable import Warehouse

/// Migrations of SQLite files that hold a part of the tables.
@Suite struct EmbeddedMigrationTests {
    @Test("a table of the predecessor keeps its rows and gets only the columns it lacks")
    func handoverShape() async throws {
        let test = try await TestWarehouse(migrated: false)
        try test.run(script: Self.handoverTables)
        try test.execute(
            #"INSERT INTO "MON_CustMasterSchedule" ("Title", "Item ID") VALUES ('OLD', 9218090006)"#,
            #"INSERT INTO "STG_MON_CustMasterSchedule_Subitems" ("Size", "stg_batch_id") VALUES ('XL', 'b')"#
        )
        let steps = try await test.warehouse.migrate()
        func did(_ name: String) -> MigrationStep.Did? { steps.first { $0.name == name }?.did }
        #expect(did("table MON_CustMasterSchedule") == .exists)
        #expect(did("column MON_CustMasterSchedule.order_key") == .added)
        #expect(did("column MON_CustMasterSchedule.Subitems") == .added)
        #expect(did("column MON_CustMasterSchedule.Title") == nil)
        #expect(did("column STG_MON_CustMasterSchedule_Subitems.parent_item_id") == .added)
        #expect(did("column STG_MON_CustMasterSchedule_Subitems.stg_created_date") == .added)
        #expect(did("table MON_BatchProcessing") == .created)
        #expect(
            try test.rows(#"SELECT "Title", "Item ID", order_key FROM "MON_CustMasterSchedule""#) == [
                ["OLD", "9218090006", nil]
            ]
        )
        #expect(try test.column(#"SELECT "Size" FROM "STG_MON_CustMasterSchedule_Subitems""#) == ["XL"])
        #expect(try await test.warehouse.migrate().allSatisfy { $0.did == .exists })
        #expect(try await test.warehouse.missingTables() == [])
    }

    @Test("a table without its key column is refused by name, and nothing is changed")
    func foreignShape() async throws {
        let test = try await TestWarehouse(migrated: false)
        try test.execute(
            #"CREATE TABLE "STG_MON_CustMasterSchedule_Subitems" ("stg_id" INTEGER PRIMARY KEY, "Size" TEXT)"#
        )
        let failure = await #expect(throws: Failure.self) { try await test.warehouse.migrate() }
        #expect(failure?.class == .systemic)
        #expect(failure?.message.contains("stg_subitem_id") == true)
        #expect(try test.column("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'") == ["1"])
    }

    /// Parts of the predecessor's tables, as a first deployment had them.
    private static let handoverTables = """
        CREATE TABLE "MON_CustMasterSchedule" ("Title" TEXT, "Group" TEXT, "CUSTOMER" TEXT, "Item ID" BIGINT);
        CREATE TABLE "STG_MON_CustMasterSchedule" (
            "Title" TEXT, "stg_id" INTEGER PRIMARY KEY, "stg_batch_id" TEXT NOT NULL, "stg_status" TEXT DEFAULT 'PENDING');
        CREATE TABLE "STG_MON_CustMasterSchedule_Subitems" (
            "Size" TEXT, "Order Qty" TEXT, "stg_subitem_id" INTEGER PRIMARY KEY, "stg_batch_id" TEXT NOT NULL);
        """
}
