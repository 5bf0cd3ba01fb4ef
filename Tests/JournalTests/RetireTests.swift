import FoundationEssentials
import Orders
import SQLite
import TestSupport
import Testing

@testable import Journal

@Suite struct RetireTests {
    private func retire(_ test: TestJournal, _ kind: JobKind, now: Int64 = 5000) async throws -> Disposition? {
        let map = try Self.map()
        return try await test.journal.withEnqueueTransaction(run: .test(), now: now) { run in
            try run.retire(.test(1), by: kind, fieldMap: map)
        }
    }

    private static func map() throws -> FieldMap {
        try FieldMap.load(
            yaml: try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8),
            name: "fieldmap.yaml"
        )
    }

    @Test func `an order that is gone gets one job for it, and one that comes back is changed whatever it holds`()
        async throws
    {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.settle(try await test.claimOne(), .done)
        try await test.journal.withEnqueueTransaction(run: .test(), now: 4000) { _ = try $0.missing([.test(1)]) }
        #expect(try await self.retire(test, .archive) == .ready)
        #expect(try await self.retire(test, .archive) == nil)
        var known = try #require(try await test.journal.ledger(uuids: [.test(1)]).first)
        #expect(known.isRetired && known.fingerprint == nil && known.missingSince == 4000)

        let job = try await test.claimOne(now: 6000)
        #expect(job.kind == .archive && job.snapshot == EnqueuedOrder.test(1).snapshot)
        try await test.settle(job, .done, now: 6500)
        #expect(try await self.retire(test, .archive) == nil)

        try await test.enqueue(.test(1), now: 7000)
        known = try #require(try await test.journal.ledger(uuids: [.test(1)]).first)
        #expect(!known.isRetired && known.missingSince == nil)
        let back = try await test.claimOne(now: 8000)
        #expect(back.kind == .sync && back.ledger.syncedSnapshot == EnqueuedOrder.test(1).snapshot)
    }

    @Test func `what was waiting for an order that is gone gives way`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        #expect(try await self.retire(test, .zero) == .superseded(.ready))
        #expect(try await test.claimOne(now: 6000).kind == .zero)
    }

    @Test func `an order of which no snapshot is left can be retired all the same`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.journal.tamper("DELETE FROM snapshot; DELETE FROM job")
        #expect(try await self.retire(test, .archive) == .ready)
        let order = try Order(snapshot: try await test.claimOne(now: 6000).snapshot, fieldMap: try Self.map())
        #expect(order.businessKey.orderNumber == "JOO-1" && order.sizes.isEmpty)
    }

    @Test func `a repair is enqueued for what is done, and for nothing that is still to be done`() async throws {
        let test = try await TestJournal()
        func repair() async throws -> Disposition? {
            try await test.journal.withEnqueueTransaction(run: .test(), now: 5000) { try $0.repair(.test(1)) }
        }
        try await test.enqueue(.test(1))
        #expect(try await repair() == nil)
        try await test.settle(try await test.claimOne(), .done)
        #expect(try await repair() == .ready)
        let job = try await test.claimOne(now: 6000)
        #expect(job.isRepair && job.snapshot == EnqueuedOrder.test(1).snapshot && job.fingerprint == .test(1001))
        try await test.settle(job, .done, now: 6500)
        let known = try #require(try await test.journal.ledger(uuids: [.test(1)]).first)
        #expect(known.fingerprint == .test(1001))
    }
}
