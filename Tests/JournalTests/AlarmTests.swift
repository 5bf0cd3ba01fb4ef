import Testing

@testable import Journal

@Suite struct AlarmTests {
    /// A journal in which orders have a second item each, as a person's copies are.
    private func alarmed(_ orders: Int...) async throws -> TestJournal {
        let test = try await TestJournal()
        for order in orders { try await test.enqueue(.test(order)) }
        try await self.ring(orders, test)
        return test
    }

    private func ring(_ orders: [Int], _ test: TestJournal, now: Int64 = 5_000) async throws {
        let items = orders.flatMap { order in
            [100 + order, 200 + order].map {
                AdoptedItem(orderKey: .test(order), itemID: Int64($0), board: 1, groupID: nil, subitems: [])
            }
        }
        _ = try await test.journal.adopt(items, now: now)
    }

    @Test func `an alarm that was put away tells who did it and why, and is heard no more`() async throws {
        let test = try await self.alarmed(1, 2)
        let open = try await test.journal.alarmRecords(all: false)
        #expect(open.map(\.alarm.otherID) == ["201", "202"])
        #expect(open.allSatisfy { $0.acknowledgement == nil && $0.orderNumber?.isEmpty == false })
        let first = try #require(open.first?.alarm.id)
        let outcome = try await test.journal.acknowledge(alarms: [first], who: "anna", why: "a copy", now: 6_000)
        #expect(outcome.acknowledged == [first] && outcome.refused == [])
        #expect(try await test.journal.alarms().map(\.otherID) == ["202"])
        let all = try await test.journal.alarmRecords(all: true)
        #expect(all.map(\.acknowledgement?.who) == ["anna", nil])
        #expect(all.first?.acknowledgement?.why == "a copy" && all.first?.acknowledgement?.at == 6_000)
        let actions = try await test.journal.actions(limit: 9)
        #expect(actions.map(\.action) == ["acknowledge"] && actions.first?.filter == "alarms \(first)")
        #expect(actions.first?.who == "anna" && actions.first?.jobs == 0)
    }

    @Test func `what is put away already, or is none, is refused, and the others are put away`() async throws {
        let test = try await self.alarmed(1, 2)
        let ids = try await test.journal.alarms().map(\.id)
        _ = try await test.journal.acknowledge(alarms: [ids[0]], who: "anna", why: "a copy", now: 6_000)
        let outcome = try await test.journal.acknowledge(alarms: ids + [99], who: "ben", why: "too", now: 7_000)
        #expect(outcome.acknowledged == [ids[1]])
        #expect(outcome.refused.map(\.id) == [ids[0], 99])
        #expect(outcome.refused.map(\.reason) == [.acknowledged, .unknown])
        #expect(try await test.journal.alarmRecords(all: true).map(\.acknowledgement?.who) == ["anna", "ben"])
        // Of what changed nothing nothing is kept.
        _ = try await test.journal.acknowledge(alarms: nil, who: "ben", why: "again", now: 8_000)
        #expect(try await test.journal.actions(limit: 9).count == 2)
    }

    @Test func `what is met again rings again`() async throws {
        let test = try await self.alarmed(1)
        _ = try await test.journal.acknowledge(alarms: nil, who: "anna", why: "deleted", now: 6_000)
        #expect(try await test.journal.alarms() == [])
        try await self.ring([1], test, now: 9_000)
        let again = try await test.journal.alarmRecords(all: false)
        #expect(again.map(\.alarm.at) == [9_000] && again.first?.acknowledgement == nil)
        #expect(try await test.journal.integrityCheck() == [])
    }
}
