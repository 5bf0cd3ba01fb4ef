import Foundation
import Orders
import SQLite
import TestSupport
import Testing

@testable import Journal

@Suite struct LedgerTests {
    @Test func `orders are found by uuid or business key, each once`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...5).map { .test($0) })
        let found = try await test.journal.ledger(uuids: [.test(1), .test(2), .test(99)])
        #expect(found.map(\.orderKey) == [.test(1), .test(2)])
        let byKey = try await test.journal.ledger(keys: [.test(2), .test(3), .test(98)])
        #expect(byKey.map(\.orderKey) == [.test(2), .test(3)])
        #expect(byKey.map(\.place) == [2, 3])
        let first = try #require(found.first)
        #expect(first.recordUUID == .test(1) && first.keyDigest == .test(1) && first.occurrence == 1)
        #expect(
            first.fingerprint == .test(1001) && first.orderNumber == "JOO-1" && first.customer == "GREYSON CLOTHIERS"
        )
    }

    @Test func `a scope means exact values, and what was claimed is not missing`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...7).map { .test($0, po: $0 == 4 ? "47551" : "4755") })
        let scope = LedgerScope(sourceCustomers: ["GREYSON CLOTHIERS", "OTHER"], poNumbers: ["4755"])
        var claimed = PlaceSet()
        for place in [1, 3, 4] as [Int64] { claimed.insert(place) }
        let found = try await test.journal.ledger(in: scope, besides: claimed)
        #expect(found.missing.map(\.orderKey) == [2, 5, 6, 7].map { .test($0) })
        #expect(found.known == 6)
        #expect(try await test.journal.ledger(in: LedgerScope(poNumbers: ["475"]), besides: PlaceSet()).known == 0)
        #expect(try await test.journal.ledger(in: .all, besides: PlaceSet()).known == 7)
        #expect(try await test.journal.ledgerCount() == 7)
    }

    @Test func `an order of the same number and customer is found, in scope or not`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...3).map { .test($0, po: "\($0)") })
        let families = [
            OrderFamily(orderNumber: "JOO-2", customer: "GREYSON CLOTHIERS"),
            OrderFamily(orderNumber: "JOO-3", customer: "OTHER"),
        ]
        let scope = LedgerScope(poNumbers: ["1"])
        let found = try await test.journal.ledger(families: families, scope: scope)
        #expect(found.map(\.orderKey) == [.test(2)])
        #expect(found.map(\.isInScope) == [false])
        #expect(
            try await test.journal.ledger(keys: [.test(1), .test(2)], scope: scope).map(\.isInScope) == [true, false]
        )
    }

    @Test func `an order's last state is what was enqueued last, wherever its jobs are`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let state = { try await test.journal.snapshots(of: [.test(1), .test(9)]) }
        #expect(try await state() == [.test(1): EnqueuedOrder.test(1).snapshot])
        try await test.settle(try await test.claimOne(), .done)
        #expect(try await state() == [.test(1): EnqueuedOrder.test(1).snapshot], "it stands on the board")
        try await test.enqueue(.test(1, version: 2))
        _ = try await test.claimOne()
        #expect(try await state() == [.test(1): EnqueuedOrder.test(1, version: 2).snapshot], "it is at work")
        try await test.enqueue(.test(1, version: 3))
        #expect(try await state() == [.test(1): EnqueuedOrder.test(1, version: 3).snapshot], "it waits")
    }

    @Test func `a reload changes the uuid and nothing else`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.journal.withEnqueueTransaction(run: .test(), now: 2000) { run in
            try run.seen([SeenRow(place: 1, recordUUID: .test(501))])
        }
        #expect(try await test.journal.ledger(uuids: [.test(1)]) == [])
        let order = try #require(try await test.journal.ledger(uuids: [.test(501)]).first)
        #expect(order.orderKey == .test(1) && order.fingerprint == .test(1001))
        #expect(try await test.states(1) == [.ready])
    }

    @Test
    func `a row with the uuid and the cells of an order needs no reading, unless there is something to note of it`()
        async throws
    {
        let test = try await TestJournal()
        let marks = (1...5).map { RowMark(recordUUID: .test($0), digest: .test(700 + $0)) }
        let map = try FieldMap.load(
            yaml: try String(contentsOf: URL(filePath: Project.path("systemd/fieldmap.yaml")), encoding: .utf8),
            name: "fieldmap.yaml"
        )
        try await test.journal.withEnqueueTransaction(run: .test(fieldMap: .test(7)), now: 1) { run in
            for number in 1...4 { _ = try run.enqueue(.test(number)) }
            try run.seen(
                (1...4).map { SeenRow(place: Int64($0), recordUUID: nil, rowDigest: .test(700 + $0)) }
            )
            try run.missing([.test(2)])
            _ = try run.retire(.test(3), by: .archive, fieldMap: map)
        }
        try await test.enqueue(.test(4, version: 2))
        let number = try await test.journal.fieldMap(.test(7))
        let standings = try await test.journal.standings(of: marks + [nil], fieldMap: number)
        #expect(standings == [.same(1), .known, .known, .known, .unknown, .unread])
        let other = [RowMark(recordUUID: .test(1), digest: .test(999))]
        #expect(try await test.journal.standings(of: other, fieldMap: number) == [.known], "it has other cells")
        #expect(try await test.journal.standings(of: [marks[0]], fieldMap: 99) == [.known], "by another field map")
    }

    @Test func `a row that was loaded anew is told by its business key and its cells`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.journal.withEnqueueTransaction(run: .test(), now: 2) { run in
            try run.seen([SeenRow(place: 1, recordUUID: nil, rowDigest: .test(701))])
        }
        let order = try #require(try await test.journal.ledger(uuids: [.test(1)]).first)
        let marks = [
            KeyedMark(keyDigest: order.keyDigest, rowDigest: .test(701)),
            KeyedMark(keyDigest: order.keyDigest, rowDigest: .test(702)),
            KeyedMark(keyDigest: .test(8), rowDigest: .test(701)),
        ]
        #expect(try await test.journal.fingerprints(of: marks) == [order.fingerprint, nil, nil])
    }

    @Test func `an order is missing since the first run that missed it, until it is there again`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        for now in [5000, 6000] as [Int64] {
            try await test.journal.withEnqueueTransaction(run: .test(), now: now) { run in
                try run.missing([.test(1), .test(2)])
            }
            let known = try await test.journal.ledger(in: .all, besides: PlaceSet()).missing
            #expect(known.map(\.missingSince) == [5000, 5000])
        }
        try await test.journal.withEnqueueTransaction(run: .test(), now: 7000) { run in try run.found([.test(1)]) }
        try await test.enqueue(.test(2, version: 2))
        let known = try await test.journal.ledger(in: .all, besides: PlaceSet()).missing
        #expect(known.map(\.missingSince) == [nil, nil])
    }

    @Test func `the ledger knows by which field map a row was read last`() async throws {
        let test = try await TestJournal()
        #expect(try await test.journal.fieldMap(.test(7)) == nil)
        try await test.journal.withEnqueueTransaction(run: .test(fieldMap: .test(7)), now: 1) { run in
            _ = try run.enqueue(.test(1))
            _ = try run.enqueue(.test(2))
        }
        try await test.journal.withEnqueueTransaction(run: .test(fieldMap: .test(8)), now: 2) { run in
            try run.seen([SeenRow(place: 2, recordUUID: nil)])
        }
        let known = try await test.journal.ledger(uuids: [.test(1), .test(2)])
        let maps = [try await test.journal.fieldMap(.test(7)), try await test.journal.fieldMap(.test(8))]
        #expect(known.map(\.fieldMap) == maps && !maps.contains(nil))
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
