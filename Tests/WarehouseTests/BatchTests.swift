import Foundation
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite(.everyBackend) struct BatchTests {
    let test: TestWarehouse
    let batch = UUID()

    init() async throws { self.test = try await TestWarehouse() }

    @Test("names too long for their columns are cut, and opening a batch twice gives one row")
    func opening() async throws {
        let name = String(repeating: "x", count: 99) + "😀 and more"
        let opening = BatchOpening(
            id: self.batch,
            customerName: name,
            type: "TARGETED_CUSTOMER_PO_AAG_2025_FALL_CUST_SPRING_SUMMER_2026",
            startTime: self.test.clock.now,
            totalRecords: 69,
            startedBy: "ordersyncd",
            configSnapshot: "{}"
        )
        try await self.test.warehouse.openBatch(opening)
        try await self.test.warehouse.openBatch(opening)
        #expect(
            try self.test.rows(
                "SELECT customer_name, batch_type, status, total_records, start_time, end_time FROM MON_BatchProcessing"
            )
                == [
                    [
                        String(repeating: "x", count: 99), "TARGETED_CUSTOMER_PO_AAG_2025_FALL_CUST_SPRING_SUM",
                        "STARTED", "69",
                        "2025-11-23 00:00:00.000", nil,
                    ]
                ]
        )
    }

    @Test("a completed batch has every time, and its success never exceeds 100 %")
    func completed() async throws {
        try await self.test.warehouse.openBatch(self.test.opening(self.batch, total: 69))
        _ = try await self.test.warehouse.stage(batch: self.batch, customerBatch: "c", orders: [self.test.staged(1)])
        try await self.test.warehouse.progress(batch: self.batch, .itemsCreated)
        try await self.test.warehouse.progress(batch: self.batch, .subitemsCreated)
        var closing = BatchClosing(
            id: self.batch,
            status: .completed,
            totalRecords: 69,
            successful: 69 + 264,
            failed: 0,
            endTime: self.test.clock.now + 90_000,
            completedBy: "ordersyncd"
        )
        closing.subitemsProcessed = 264
        closing.promotionCompleted = self.test.clock.now + 80_000
        #expect(try await self.test.warehouse.closeBatch(closing))
        let (start, end) = ("2025-11-23 00:00:00.000", "2025-11-23 00:01:30.000")
        let stored = try self.test.rows(
            """
            SELECT status, end_time, duration_seconds, successful_records, orders_processed, subitems_processed,
                staging_load_completed, items_creation_completed, subitems_creation_completed, promotion_completed,
                cleanup_completed, completed_by, CAST(successful_records * 100.0 / total_records AS FLOAT)
            FROM MON_BatchProcessing
            """
        )
        #expect(
            stored == [
                [
                    "COMPLETED", end, "90", "69", "69", "264", start, start, start, "2025-11-23 00:01:20.000", end,
                    "ordersyncd", "100.0",
                ]
            ]
        )
    }

    @Test(
        "every way to end a batch sets end_time, and a late step doesn't undo it",
        arguments: ["COMPLETED_WITH_ERRORS", "NO_RECORDS", "FAILED"]
    )
    func ended(status: String) async throws {
        try await self.test.warehouse.openBatch(self.test.opening(self.batch))
        var closing = BatchClosing(
            id: self.batch,
            status: try #require(BatchClosing.Status(rawValue: status)),
            totalRecords: 1,
            successful: 0,
            failed: 1,
            endTime: self.test.clock.now,
            completedBy: "ordersyncd"
        )
        closing.errorSummary = "1 dead"
        try await self.test.warehouse.closeBatch(closing)
        try await self.test.warehouse.progress(batch: self.batch, .promoted)
        #expect(
            try self.test.rows("SELECT status, end_time, error_summary FROM MON_BatchProcessing")
                == [[status, "2025-11-23 00:00:00.000", "1 dead"]]
        )
    }

    @Test("closing a batch that has no row says so")
    func unknown() async throws {
        let closing = BatchClosing(
            id: self.batch,
            status: .failed,
            totalRecords: 0,
            successful: 0,
            failed: 0,
            endTime: 0,
            completedBy: "x"
        )
        #expect(try await self.test.warehouse.closeBatch(closing) == false)
    }

    @Test("cleanup takes what is older than its retention, and nothing that is still needed")
    func cleanup() async throws {
        let day: Int64 = 86_400_000
        let (old, open) = (self.test.staged(1), self.test.staged(2))
        try await self.test.warehouse.openBatch(self.test.opening(self.batch))
        _ = try await self.test.warehouse.stage(batch: self.batch, customerBatch: "c", orders: [old])
        try await self.test.warehouse.promote(
            batch: self.batch,
            orders: [self.test.promoted(old, item: 1)],
            claim: TestWarehouse.claim
        )
        try await self.test.warehouse.closeBatch(
            BatchClosing(
                id: self.batch,
                status: .completed,
                totalRecords: 1,
                successful: 1,
                failed: 0,
                endTime: self.test.clock.now,
                completedBy: "x"
            )
        )
        let running = UUID()
        try await self.test.warehouse.openBatch(self.test.opening(running))
        _ = try await self.test.warehouse.stage(batch: running, customerBatch: "c", orders: [open])
        let failure = Failure(.permanent, code: "x", message: "y")
        try await self.test.warehouse.writeErrors(
            ["solved", "open"].map {
                ErrorRow(
                    errorKey: $0,
                    errorType: "ITEM_CREATION_ERROR",
                    failure: failure,
                    createdAt: self.test.clock.now
                )
            }
        )
        try await self.test.warehouse.resolveErrors(errorKeys: ["solved"], by: "me", at: self.test.clock.now)

        func cleaned(after days: Int64) async throws -> CleanupCounts {
            try await self.test.warehouse.cleanup(
                staging: 7 * day,
                errors: 30 * day,
                batches: 90 * day,
                now: self.test.clock.now + days * day
            )
        }
        #expect(try await cleaned(after: 6) == CleanupCounts())
        #expect(try await cleaned(after: 8) == CleanupCounts(stagedSubitems: 2, stagedOrders: 1, errors: 0, batches: 0))
        #expect(
            try await cleaned(after: 31) == CleanupCounts(stagedSubitems: 0, stagedOrders: 0, errors: 1, batches: 0)
        )
        #expect(
            try await cleaned(after: 91) == CleanupCounts(stagedSubitems: 0, stagedOrders: 0, errors: 0, batches: 1)
        )
        #expect(try self.test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == ["1"])
        #expect(try self.test.column("SELECT error_key FROM ERR_MON_CustMasterSchedule") == ["open"])
        #expect(try self.test.column("SELECT COUNT(*) FROM MON_CustMasterSchedule") == ["1"])
    }

    @Test("staging rows whose batch somebody has deleted go by their own age")
    func orphans() async throws {
        let day: Int64 = 86_400_000
        try await self.test.warehouse.openBatch(self.test.opening(self.batch))
        _ = try await self.test.warehouse.stage(batch: self.batch, customerBatch: "c", orders: [self.test.staged(1)])
        try self.test.execute("DELETE FROM MON_BatchProcessing")
        func cleaned(after days: Int64) async throws -> CleanupCounts {
            let now = self.test.clock.now + days * day
            return try await self.test.warehouse.cleanup(staging: 7 * day, errors: day, batches: day, now: now)
        }
        #expect(try await cleaned(after: 6) == CleanupCounts())
        #expect(try await cleaned(after: 8) == CleanupCounts(stagedSubitems: 2, stagedOrders: 1, errors: 0, batches: 0))
    }
}
