import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

/// What is of SQLite alone: cells of any type in any column, locks on the whole file, and the file itself.
@Suite struct EmbeddedSourceTests {
    let test: TestWarehouse

    init() async throws {
        self.test = try await TestWarehouse(migrated: false)
        try self.test.run(script: Migration.sourceScript(.sqlite))
    }

    @Test("a size that holds no number rejects the row, though the driver would read 0")
    func oddSize() async throws {
        try self.test.insert(1, ["XL": .text("twelve"), "S": .integer(1)])
        try self.test.insert(2, ["XL": .text("12")])
        try self.test.insert(3, ["XL": .double(1.5)])
        let readings = try await self.test.read()
        #expect(readings.orders.map(\.sizes) == [[SizeQuantity(label: "XL", quantity: 12)]])
        #expect(readings.rejects.map { $0.reasons.map(\.value) } == [["twelve"], ["1.5"]])
    }

    @Test("a reading on SQLite keeps no lock between its portions, so that others write meanwhile")
    func noLock() async throws {
        for number in 1...50 { try self.test.insert(number) }
        let source = self.test.source()
        let plan = try self.test.fieldMap.plan(for: try await source.layout())
        try await source.open(plan: plan, fieldMap: self.test.fieldMap, filter: SourceFilter())
        #expect(try await source.next(1000).count == 50)
        let writer = try Connection(
            connectionString: "Driver=SQLite3;Database=\(self.test.folder.file("warehouse.db"));Timeout=1"
        )
        try writer.execute(#"DELETE FROM ORDERS_UNIFIED"#, timeout: 60)
        #expect(try await source.next(1000).isEmpty)
    }

    @Test("a missing table, and a file that isn't there, are failures that name the matter and create nothing")
    func missing() async throws {
        let path = self.test.folder.file("warehouse.db")
        let table = OrderSource(settings: TestWarehouse.settings(path), table: "dbo.NOWHERE")
        let failure = await #expect(throws: Failure.self) { try await table.layout() }
        #expect(failure?.class == .systemic)
        #expect(failure?.message.contains("NOWHERE") == true)

        let nowhere = self.test.folder.file("nowhere.db")
        let file = OrderSource(settings: TestWarehouse.settings(nowhere), table: "ORDERS_UNIFIED")
        let unreachable = await #expect(throws: Failure.self) { try await file.layout() }
        #expect(unreachable?.class == .systemic)
        #expect(!FileManager.default.fileExists(atPath: nowhere))
    }
}
