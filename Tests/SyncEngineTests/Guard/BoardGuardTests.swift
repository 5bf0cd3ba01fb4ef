import Foundation
import Journal
import Orders
import TestSupport
import Testing
import Warehouse

@testable import SyncEngine

@Suite struct BoardGuardTests {
    private static let board: Int64 = 9_200_517_329
    private let folder: TemporaryFolder
    private let journal: Journal
    private let warehouse: Warehouse

    init() async throws {
        self.folder = try TemporaryFolder()
        self.journal = Journal(path: self.folder.file("journal.sqlite"), role: .daemon)
        try await self.journal.open(now: 1)
        _ = try await self.journal.beginEpoch(now: 1, pid: 1, host: "here")
        let yaml = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        self.warehouse = Warehouse(
            settings: WarehouseSettings(
                connection: Secret("Driver=SQLite3;Database=\(self.folder.file("warehouse.sqlite"))")
            ),
            fieldMap: try FieldMap.load(yaml: yaml, name: "fieldmap.yaml"),
            now: { 1 }
        )
        _ = try await self.warehouse.migrate()
    }

    private func process() -> BoardGuard {
        BoardGuard(journal: self.journal, warehouse: self.warehouse, board: Self.board)
    }

    @Test("a process writes as often as it likes")
    func again() async throws {
        let process = self.process()
        try await process.verify()
        for _ in 0..<5 { try await self.warehouse.claim(try await process.claim()) }
        #expect(process.isVerified)
        #expect(try await self.warehouse.guardRow(board: Self.board)?.token?.count == 32)
    }

    @Test("a write that failed, or of which the process can't know, is no other journal's")
    func unknownCommits() async throws {
        let process = self.process()
        try await process.verify()
        try await self.warehouse.claim(try await process.claim())
        for _ in 0..<5 {
            // The claim is made, and rolled back with the promotion, whose order is not staged.
            let order = PromotedOrder(orderKey: OrderKey(uuid: UUID()), itemID: 1, subitems: [])
            let failure = await #expect(throws: Failure.self) {
                try await self.warehouse.promote(batch: UUID(), orders: [order], claim: try await process.claim())
            }
            #expect(failure?.code == "staging_rows_missing")
        }
        try await self.warehouse.claim(try await process.claim())
        #expect(process.isVerified)
    }

    @Test("a machine that was copied while the daemon ran is noticed by the first write of the other")
    func copiedInFlight() async throws {
        let (one, other) = (self.process(), self.process())
        try await one.verify()
        try await other.verify()
        try await self.warehouse.claim(try await one.claim())
        let failure = await #expect(throws: Failure.self) {
            try await self.warehouse.claim(try await other.claim())
        }
        #expect(failure?.code == "JOURNAL_COPIED")
        #expect(!other.isVerified)
        await #expect(throws: Failure.self) { try await other.verify() }
        try await self.warehouse.claim(try await one.claim())
        #expect(one.isVerified)
    }

    @Test("the next start takes over what the last one wrote, even what it wrote without knowing it")
    func nextStart() async throws {
        let first = self.process()
        try await first.verify()
        let late = try await first.claim()
        _ = try await self.journal.beginEpoch(now: 2, pid: 2, host: "here")
        let next = self.process()
        try await next.verify()
        try await self.warehouse.claim(late)
        try await self.warehouse.claim(try await next.claim())
        #expect(try await self.warehouse.guardRow(board: Self.board)?.epoch == 2)
    }
}
