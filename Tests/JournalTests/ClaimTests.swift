import FoundationEssentials
import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct ClaimTests {
    @Test func `a claim takes the jobs of one customer, oldest first, up to the limit`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(3), now: 300)
        try await test.enqueue(.test(1), .test(2), .test(9, customer: "OTHER"), now: 400)
        let result = try await test.journal.claim(limit: 2, leaseUntil: 9000, now: 2000, batchID: .test(5))
        let claim = try #require(result.claim)
        #expect(claim.customer == "GREYSON" && claim.batchID == .test(5))
        #expect(claim.batchName == "GREYSON 4755" && claim.batchType == "ORDERS")
        #expect(claim.jobs.map(\.orderKey) == [.test(3), .test(1)])
        #expect(claim.jobs.map(\.generation) == [1, 1])
    }

    @Test func `customers take turns, however many jobs one of them has`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((0..<50).map { .test($0, customer: "A") })
        try await test.journal.enqueue((50..<53).map { .test($0, customer: "B") })
        try await test.journal.enqueue((60..<66).map { .test($0, customer: "C") })
        var served: [String] = []
        while served.count < 12 {
            guard let claim = try await test.journal.claim(limit: 2, leaseUntil: 9000, now: 2000).claim else { break }
            served.append("\(claim.customer)\(claim.jobs.count)")
        }
        #expect(served == ["A2", "B2", "C2", "A2", "B1", "C2", "A2", "C2", "A2", "A2", "A2", "A2"])
    }

    @Test func `a customer whose turn came while it was empty is served first when it has jobs again`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1, customer: "B"))
        #expect(try await test.claim().count == 1)
        try await test.enqueue(.test(2, customer: "A"), .test(3, customer: "A"))
        #expect(try await test.claim(1).first?.orderKey == .test(2))
        try await test.enqueue(.test(4, customer: "B"))
        #expect(try await test.claim(1).first?.orderKey == .test(4))
        #expect(try await test.claim(1).first?.orderKey == .test(3))
        #expect(try await test.claim(1) == [])
    }

    @Test func `a paused customer is left alone and loses nothing`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1, customer: "A"), .test(2, customer: "B"))
        let others = try await test.journal.claim(limit: 9, leaseUntil: 9000, now: 2000, excluding: ["A"])
        #expect(others.claim?.customer == "B")
        #expect(try await test.journal.claim(limit: 9, leaseUntil: 9000, now: 2000, excluding: ["A"]).claim == nil)
        #expect(try await test.claim().map(\.orderKey) == [.test(1)])
    }

    @Test func `a retry that has come due joins the line at its order's place`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), now: 1000)
        try await test.settle(try await test.claimOne(), .retry(at: 4000, .reset, costsAttempt: true))
        try await test.enqueue(.test(2), now: 3500)
        #expect(try await test.claim(now: 4000).map(\.orderKey) == [.test(1), .test(2)])
    }

    @Test func `settling one batch and claiming the next is one commit`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        let first = try await test.claimOne()
        let reader = try await test.open(.reader)
        let before = try await reader.dataVersion()
        let stale = JobReference(id: first.id, generation: 99)
        let result = try await test.journal.claim(
            limit: 1,
            leaseUntil: 9000,
            now: 3000,
            settling: [Settlement(job: first.reference, result: .done), Settlement(job: stale, result: .done)]
        )
        #expect(result.claim?.jobs.map(\.orderKey) == [.test(2)])
        #expect(result.stale == [stale])
        #expect(try await test.states(1) == [.done])
        // The number changes once a commit of another connection.
        #expect(try await reader.dataVersion() == before + 1)
    }

    @Test func `a claim brings what the ledger knows of the order`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        #expect(job.ledger.itemID == nil && job.ledger.subitems == [] && !job.ledger.lookUpFirst)
        #expect(job.ledger.recordUUID == .test(1) && job.ledger.keyDigest == .test(1))
        let item = try await test.send(job)
        _ = try await test.journal.settle(effect: item, outcomes: ["m0": .done(remoteID: 501)], now: 2600)
        let subitem = try await test.journal.begin(
            .subitem(job, size: "XL", quantity: 7, parent: 501, key: "s"),
            now: 2700
        )
        _ = try await test.journal.settle(effect: subitem, outcomes: ["m0": .done(remoteID: 601)], now: 2800)
        try await test.settle(job, .release)
        let again = try await test.claimOne()
        #expect(again.stage == .subitems)
        #expect(again.ledger.itemID == 501 && again.ledger.itemBoard == 77 && again.ledger.groupID == "group_1")
        #expect(again.ledger.subitems == [LedgerSubitem(size: "XL", id: 601, quantity: 7)])
    }

    @Test func `nobody but a daemon whose epoch has begun may claim`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let other = try await test.open(.replay)
        await #expect(throws: JournalError.self) { try await other.claim(limit: 1, leaseUntil: 1, now: 1) }
        await #expect(throws: JournalError.self) { try await other.checkpoint() }
    }
}
