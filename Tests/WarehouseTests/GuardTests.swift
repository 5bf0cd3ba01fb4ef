import Foundation
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite struct GuardTests {
    let test: TestWarehouse
    private static let board: Int64 = 9_200_517_329

    init() async throws {
        self.test = try await TestWarehouse()
    }

    private func row(_ journal: String, _ effect: Int64, stamp: String) -> GuardRow {
        GuardRow(
            board: Self.board,
            journalID: journal,
            epoch: 1,
            lastEffect: effect,
            token: "token-\(journal)",
            stamp: stamp
        )
    }

    /// A claim that goes through only when that row stands there.
    private func claim(_ row: GuardRow, after expected: GuardRow?) -> GuardClaim {
        GuardClaim(board: Self.board) { current in
            guard current == expected else { throw Failure(.systemic, code: "refused", message: "\(current as Any)") }
            return row
        }
    }

    @Test("a claim sees what stands there, and what it says is written")
    func claims() async throws {
        let warehouse = self.test.warehouse
        let first = self.row("a", 1, stamp: "1")
        let second = self.row("a", 2, stamp: "2")
        #expect(try await warehouse.guardRow(board: Self.board) == nil)
        try await warehouse.claim(self.claim(first, after: nil))
        #expect(try await warehouse.guardRow(board: Self.board) == first)
        try await warehouse.claim(self.claim(second, after: first))
        #expect(try await warehouse.guardRow(board: Self.board) == second)
        #expect(try await warehouse.guardRow(board: 1) == nil)
    }

    @Test(
        "the second of two journals is refused in the transaction that opens its batch, and nothing of that is written"
    )
    func secondOpens() async throws {
        let warehouse = self.test.warehouse
        let ours = self.row("a", 1, stamp: "1")
        try await warehouse.openBatch(self.test.opening(UUID()), claim: self.claim(ours, after: nil))
        let other = self.claim(self.row("b", 1, stamp: "2"), after: nil)
        let failure = await #expect(throws: Failure.self) {
            try await warehouse.openBatch(self.test.opening(UUID()), claim: other)
        }
        #expect(failure?.code == "refused")
        #expect(try self.test.column("SELECT count(*) FROM MON_BatchProcessing") == ["1"])
        #expect(try await warehouse.guardRow(board: Self.board) == ours)
    }

    @Test("the second of two journals is refused in the transaction of its promotion, and nothing of that is promoted")
    func secondPromotes() async throws {
        let warehouse = self.test.warehouse
        let batch = UUID()
        let order = self.test.staged(1)
        try await warehouse.openBatch(self.test.opening(batch))
        _ = try await warehouse.stage(batch: batch, customerBatch: "GREYSON", orders: [order])
        try await warehouse.claim(self.claim(self.row("b", 9, stamp: "9"), after: nil))
        let failure = await #expect(throws: Failure.self) {
            try await warehouse.promote(
                batch: batch,
                orders: [self.test.promoted(order, item: 1)],
                claim: self.claim(self.row("a", 1, stamp: "1"), after: nil)
            )
        }
        #expect(failure?.code == "refused")
        #expect(failure?.mayBeOneRow == false)
        #expect(try self.test.column("SELECT count(*) FROM MON_CustMasterSchedule") == ["0"])
        #expect(try self.test.column("SELECT stg_status FROM STG_MON_CustMasterSchedule") == ["PENDING"])
    }

    @Test("of two warehouses that claim one board at once, one alone finds it free")
    func race() async throws {
        let path = self.test.folder.file("warehouse.db")
        let others = (0..<4).map { _ in
            Warehouse(settings: TestWarehouse.settings(path), fieldMap: self.test.fieldMap, now: { 0 })
        }
        let winners = await withTaskGroup(of: Bool.self) { tasks in
            for (number, warehouse) in others.enumerated() {
                let claim = self.claim(self.row("journal-\(number)", 1, stamp: "\(number)"), after: nil)
                tasks.addTask {
                    while true {
                        do {
                            try await warehouse.claim(claim)
                            return true
                        } catch {
                            // A lock that is held is waited for by the caller.
                            guard (error as? Failure)?.class == .throttled else { return false }
                        }
                    }
                }
            }
            var count = 0
            for await isWinner in tasks where isWinner { count += 1 }
            return count
        }
        #expect(winners == 1)
    }

    @Test("a guard table of before the tokens gets the new columns, and its row is read")
    func olderTable() async throws {
        let test = try await TestWarehouse(migrated: false)
        try test.execute(
            """
            CREATE TABLE "ordersync_guard" ("board_id" INTEGER PRIMARY KEY, "journal_id" TEXT NOT NULL,
                "epoch" INTEGER NOT NULL, "last_effect" INTEGER NOT NULL, "updated_at" TEXT NOT NULL)
            """,
            #"INSERT INTO "ordersync_guard" VALUES (1, 'a', 2, 3, '2025-11-23')"#
        )
        _ = try await test.warehouse.migrate()
        #expect(
            try await test.warehouse.guardRow(board: 1)
                == GuardRow(board: 1, journalID: "a", epoch: 2, lastEffect: 3)
        )
    }
}
