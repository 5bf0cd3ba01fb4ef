import FoundationEssentials
import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct LedgerTests {
    @Test func `orders are found by uuid or business key, each once`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...5).map { .test($0) })
        let found = try await test.journal.ledger(
            uuids: [.test(1), .test(2), .test(99)],
            keys: [.test(2), .test(3), .test(98)]
        )
        #expect(found.map(\.orderKey) == [.test(1), .test(2), .test(3)])
        let first = try #require(found.first)
        #expect(first.recordUUID == .test(1) && first.keyDigest == .test(1) && first.occurrence == 1)
        #expect(
            first.fingerprint == .test(1001) && first.orderNumber == "JOO-1" && first.customer == "GREYSON CLOTHIERS"
        )
    }

    @Test func `a scope means exact values, and is read page by page`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...7).map { .test($0, po: $0 == 4 ? "47551" : "4755") })
        let scope = LedgerScope(sourceCustomers: ["GREYSON CLOTHIERS", "OTHER"], poNumbers: ["4755"])
        var keys: [OrderKey] = []
        var after: Int64? = 0
        var pages = 0
        while let start = after {
            let page = try await test.journal.ledger(in: scope, after: start, limit: 4)
            keys += page.identities.map(\.orderKey)
            after = page.next
            pages += 1
        }
        #expect(keys == [1, 2, 3, 5, 6, 7].map { .test($0) })
        #expect(pages == 2)
        #expect(try await test.journal.ledger(in: LedgerScope(poNumbers: ["475"]), limit: 9).identities == [])
        #expect(try await test.journal.ledger(in: .all, limit: 9).identities.count == 7)
    }

    @Test func `a reload changes the uuid and nothing else`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.journal.withEnqueueTransaction(run: .test(), now: 2000) { run in
            try run.reidentify(.test(1), recordUUID: .test(501))
        }
        #expect(try await test.journal.ledger(uuids: [.test(1)], keys: []) == [])
        let order = try #require(try await test.journal.ledger(uuids: [.test(501)], keys: []).first)
        #expect(order.orderKey == .test(1) && order.fingerprint == .test(1001))
        #expect(try await test.states(1) == [.ready])
    }

    @Test func `an order is missing since the first run that missed it, until it is there again`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        for now in [5000, 6000] as [Int64] {
            let since = try await test.journal.withEnqueueTransaction(run: .test(), now: now) { run in
                [try run.missing(.test(1)), try run.missing(.test(2))]
            }
            #expect(since == [5000, 5000])
        }
        #expect(try await test.journal.ledger(uuids: [.test(1)], keys: []).map(\.missingSince) == [5000])
        try await test.journal.withEnqueueTransaction(run: .test(), now: 7000) { run in try run.found([.test(1)]) }
        try await test.enqueue(.test(2, version: 2))
        #expect(try await test.journal.ledger(in: .all, limit: 9).identities.map(\.missingSince) == [nil, nil])
    }

    @Test func `an adopted item belongs to its order, and a second one raises an alarm`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.journal.tamper("UPDATE ledger SET look_up_first = 1")
        let item = AdoptedItem(
            orderKey: .test(1),
            itemID: 5,
            board: 77,
            groupID: "g",
            subitems: [LedgerSubitem(size: "S", id: 51, quantity: 1)]
        )
        #expect(try await test.journal.adopt([item, item], now: 1) == [])
        let copy = AdoptedItem(orderKey: .test(1), itemID: 6, board: 77, groupID: "g", subitems: [])
        #expect(try await test.journal.adopt([copy], now: 2).map(\.otherID) == ["6"])
        let ledger = try await test.claimOne().ledger
        #expect(ledger.itemID == 5 && ledger.subitems == item.subitems && !ledger.lookUpFirst)
        let unknown = AdoptedItem(orderKey: .test(9), itemID: 7, board: 77, groupID: nil, subitems: [])
        await #expect { try await test.journal.adopt([unknown], now: 3) } throws: {
            ($0 as? JournalError)?.code == .notFound
        }
    }

    @Test func `an order that was looked up in vain may be made`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.journal.tamper("UPDATE ledger SET look_up_first = 1")
        let job = try await test.claimOne()
        #expect(job.ledger.lookUpFirst)
        try await test.journal.lookedUp([.test(1)])
        try await test.settle(job, .release)
        #expect(try await !test.claimOne().ledger.lookUpFirst)
    }

    @Test func `the guard numbers tell one journal from another, and only ever grow`() async throws {
        let test = try await TestJournal()
        let other = try await TestJournal()
        let before = try await test.journal.guardNumbers()
        #expect(before.journalID.count == 32 && before.isLedgerEmpty && before.epoch == 1 && before.lastEffect == 0)
        let others = try await other.journal.guardNumbers()
        #expect(others.journalID != before.journalID)
        // Starts of the same number differ, as those of two copies of one journal do.
        #expect(before.tokens[1]?.count == 32 && others.tokens[1]?.count == 32 && before.tokens != others.tokens)
        try await test.enqueue(.test(1))
        let effect = try await test.send(try await test.claimOne())
        try await test.journal.tamper("DELETE FROM effect")
        let after = try await test.journal.guardNumbers()
        #expect(after.journalID == before.journalID && after.lastEffect == effect && !after.isLedgerEmpty)
    }

    @Test func `text and numbers of an order come back as they went in`() throws {
        for number in [0, 1, 77, 123_456] {
            #expect(UUID.test(number).lowercaseText == UUID.test(number).uuidString.lowercased())
        }
    }
}
