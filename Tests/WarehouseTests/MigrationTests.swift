import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite(.everyBackend) struct MigrationTests {
    @Test("a new warehouse gets every table, and migrating again changes nothing")
    func twice() async throws {
        let test = try await TestWarehouse(migrated: false)
        let first = try await test.warehouse.migrate()
        #expect(first.allSatisfy { $0.did != .exists })
        #expect(try await test.warehouse.missingTables() == [])
        #expect(try await test.warehouse.shortcomings() == [])
        let second = try await test.warehouse.migrate()
        #expect(second.count == first.count)
        #expect(second.filter { $0.did != .exists } == [])
        #expect(try test.column("SELECT version FROM ordersync_migration ORDER BY version") == ["1", "2", "3"])
    }

    @Test("the tables have the predecessor's columns and ordersync's")
    func columns() async throws {
        let test = try await TestWarehouse()
        for (table, columns) in [
            ("STG_MON_CustMasterSchedule", 93 + 5), ("STG_MON_CustMasterSchedule_Subitems", 30 + 1),
            ("MON_CustMasterSchedule", 81 + 10), ("MON_CustMasterSchedule_Subitems", 13 + 3),
            ("ERR_MON_CustMasterSchedule", 18 + 3), ("ERR_MON_CustMasterSchedule_Subitems", 20 + 3),
            ("MON_BatchProcessing", 25), ("MON_Boards_Groups", 7), ("ORDERS_UNIFIED_SNAPSHOT", 14),
            ("VW_MON_ActiveBatches", 11),
        ] {
            #expect(try test.columnCount(table) == columns, "\(table)")
        }
    }

    @Test("a dry run says what it would do, and does nothing")
    func dryRun() async throws {
        let test = try await TestWarehouse(migrated: false)
        let steps = try await test.warehouse.migrate(dryRun: true)
        #expect(steps.contains { $0.name == "column MON_CustMasterSchedule.order_key" && $0.did == .added })
        #expect(try test.tables() == [])
        #expect(try await test.warehouse.missingTables().count == 8)
    }

    @Test("a warehouse that a newer program migrated is left alone")
    func newer() async throws {
        let test = try await TestWarehouse()
        try test.execute("INSERT INTO ordersync_migration VALUES (99, 'V0099', '2030-01-01')")
        let failure = await #expect(throws: Failure.self) { try await test.warehouse.migrate() }
        #expect(failure?.code == "warehouse_newer")
    }

    @Test("the programs carry every file of sql/", arguments: Dialect.allCases)
    func complete(dialect: Dialect) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Project.path("sql/\(dialect.rawValue)"))
        #expect(files.filter { $0.hasPrefix("V") }.sorted() == Migration.all(dialect).map { $0.name + ".sql" })
        for migration in Migration.all(dialect) {
            #expect(migration.statements.allSatisfy { $0.change != .other }, "\(migration.name)")
        }
    }

    @Test("both dialects make the same tables, with the same columns in the same order")
    func sameShape() {
        #expect(Self.shape(.sqlite) == Self.shape(.sqlServer))
    }

    @Test("the printed script makes an empty database whole without the program")
    func printed() async throws {
        let test = try await TestWarehouse(migrated: false)
        try test.run(script: Warehouse.script(test.dialect))
        #expect(try await test.warehouse.missingTables() == [])
    }

    @Test("a batch is active until it has ended, and for a day after")
    func activeBatches() async throws {
        let test = try await TestWarehouse()
        let prefix = "00000000-0000-0000-0000-00000000000"
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        for (id, status, start) in [
            (1, "COMPLETED_WITH_ERRORS", Int64(0)), (2, "STAGING_LOADED", 0), (3, "COMPLETED", now),
        ] {
            try test.execute(
                """
                INSERT INTO MON_BatchProcessing
                (batch_id, customer_name, batch_type, status, start_time, total_records, successful_records)
                VALUES ('\(prefix)\(id)', 'c', 't', '\(status)', '\(SQLTime.text(start))', 8, 2)
                """
            )
        }
        let rows = try test.rows("SELECT batch_id, success_percentage FROM VW_MON_ActiveBatches ORDER BY batch_id")
        #expect(rows == [[prefix + "2", "25.0"], [prefix + "3", "25.0"]])
    }

    private static func shape(_ dialect: Dialect) -> [String: [String]] {
        var shape: [String: [String]] = [:]
        for statement in Migration.all(dialect).flatMap(\.statements) {
            switch statement.change {
            case .table(let name, let columns): shape[name] = columns.map(\.name)
            case .column(let table, let column): shape[table, default: []].append(column.name)
            case .index, .view, .procedure, .other: break
            }
        }
        return shape
    }
}
