import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct EffectTests {
    @Test func `an effect is written down with its exact bytes before it is sent`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let id = try await test.send(job, key: "key-1", now: 2500)
        let effect = try #require(try await test.journal.unsettledEffects().first)
        #expect(effect.id == id && effect.idempotencyKey == "key-1" && effect.kind == .createItem && effect.board == 77)
        #expect(effect.body == Array("create key-1".utf8))
        #expect(effect.sentAt == 2500 && effect.firstSentAt == 2500 && effect.sends == 1 && effect.epoch == 1)
        #expect(effect.open == EffectIntent.item(job, key: "key-1").targets)
        #expect(effect.settledTargets == 0)
    }

    @Test func `who lost its job can't send for it`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let slow = try await test.claimOne(now: 2000)
        _ = try await test.journal.reclaimExpired(now: 100_000)
        await #expect { try await test.send(slow) } throws: { ($0 as? JournalError)?.code == .stale }
        let quick = try await test.claimOne(now: 100_000)
        await #expect { try await test.send(slow) } throws: { ($0 as? JournalError)?.code == .stale }
        #expect(try await test.journal.unsettledEffects() == [])
        _ = try await test.send(quick)
    }

    @Test func `the same item is never asked for twice while the first request is unknown`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let first = try await test.send(job)
        await #expect { try await test.send(job) } throws: { ($0 as? JournalError)?.code == .unsettled }
        _ = try await test.journal.settle(effect: first, outcomes: ["m0": .unknown(.lost)], now: 2600)
        await #expect { try await test.send(job) } throws: { ($0 as? JournalError)?.code == .unsettled }
        _ = try await test.journal.settle(effect: first, outcomes: ["m0": .absent], now: 2700)
        #expect(try await test.send(job) == first + 1)
    }

    @Test func `the same group is never asked for twice while the first request is unknown`() async throws {
        let test = try await TestJournal()
        func group(_ key: String, board: Int64 = 77) -> EffectIntent {
            EffectIntent(
                idempotencyKey: key,
                kind: .createGroup,
                board: board,
                body: [],
                targets: [EffectTarget(alias: "m0", kind: .createGroup, groupTitle: "GREYSON 2025 FALL")]
            )
        }
        let first = try await test.journal.begin(group("a"), now: 1)
        await #expect(throws: JournalError.self) { try await test.journal.begin(group("b"), now: 2) }
        _ = try await test.journal.begin(group("c", board: 78), now: 2)
        _ = try await test.journal.settle(effect: first, outcomes: ["m0": .done(text: "group_9")], now: 3)
        #expect(try await test.journal.knownGroups(board: 77) == ["GREYSON 2025 FALL": "group_9"])
    }

    @Test func `outcomes are matched by alias, and what is unknown stays open`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2), .test(3))
        let jobs = try await test.claim()
        let id = try await test.journal.begin(.items(jobs, key: "k"), now: 2500)
        let outcomes: [String: EffectOutcome] = [
            "m0": .done(remoteID: 11), "m1": .refused(.label), "m2": .unknown(.lost),
        ]
        #expect(try await test.journal.settle(effect: id, outcomes: outcomes, now: 2600) == [])
        let effect = try #require(try await test.journal.unsettledEffects().first)
        #expect(effect.open.map(\.alias) == ["m2"])
        #expect(effect.settledTargets == 2)
        try await test.settle(jobs[0], .done)
        try await test.settle(jobs[1], .dead(.label))
        try await test.settle(jobs[2], .inDoubt(until: 1))
        _ = try await test.journal.settle(effect: id, outcomes: ["m2": .adopted(remoteID: 33)], now: 9000)
        #expect(try await test.journal.unsettledEffects() == [])
        #expect(try await test.states(3) == [.ready])
        #expect(try await test.claimOne().ledger.itemID == 33)
    }

    @Test func `a success that names no id is no success`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let id = try await test.send(job)
        _ = try await test.journal.settle(effect: id, outcomes: ["m0": .done()], now: 2600)
        #expect(try await test.journal.unsettledEffects().map(\.id) == [id])
    }

    @Test func `an outcome is recorded even when the job has been taken from its sender`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let slow = try await test.claimOne()
        let id = try await test.send(slow)
        _ = try await test.journal.reclaimExpired(now: 100_000)
        #expect(try await test.states(1) == [.inDoubt])
        _ = try await test.journal.settle(effect: id, outcomes: ["m0": .done(remoteID: 42)], now: 100_001)
        #expect(
            try await test.journal.settle([Settlement(job: slow.reference, result: .done)], now: 1) == [slow.reference]
        )
        #expect(try await test.states(1) == [.ready])
        #expect(try await test.claimOne().ledger.itemID == 42)
    }

    @Test func `an answer that comes after the thing was looked up in vain still counts`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let first = try await test.send(job)
        _ = try await test.journal.settle(effect: first, outcomes: ["m0": .unknown(.lost)], now: 2600)
        _ = try await test.journal.settle(effect: first, outcomes: ["m0": .absent], now: 90_000)
        let second = try await test.send(job)
        _ = try await test.journal.settle(effect: second, outcomes: ["m0": .done(remoteID: 2)], now: 90_100)

        let alarms = try await test.journal.settle(effect: first, outcomes: ["m0": .done(remoteID: 1)], now: 90_200)
        #expect(alarms.map(\.kind) == [.secondItem])
        #expect(alarms.map(\.knownID) == ["2"] && alarms.map(\.otherID) == ["1"])
        #expect(try await test.journal.alarms() == alarms)
        try await test.settle(job, .release)
        #expect(try await test.claimOne().ledger.itemID == 2)
        _ = try await test.journal.acknowledge(alarms: alarms.map(\.id), who: "anna", why: "removed", now: 91_000)
        #expect(try await test.journal.alarms() == [])
    }

    @Test func `a second subitem of a size raises an alarm and leaves the first`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let item = AdoptedItem(orderKey: .test(1), itemID: 5, board: 77, groupID: nil, subitems: [])
        #expect(try await test.journal.adopt([item], now: 1) == [])
        for (key, id) in [("a", 61), ("b", 62)] as [(String, Int64)] {
            let effect = try await test.journal.begin(
                .subitem(job, size: "M", quantity: id, parent: 5, key: key),
                now: 1
            )
            let alarms = try await test.journal.settle(effect: effect, outcomes: ["m0": .done(remoteID: id)], now: 2)
            #expect(alarms.map(\.kind) == (id == 61 ? [] : [.secondSubitem]))
        }
        try await test.settle(job, .release)
        #expect(try await test.claimOne().ledger.subitems == [LedgerSubitem(size: "M", id: 61, quantity: 61)])
    }

    @Test func `the same id told twice is no contradiction`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let id = try await test.send(job)
        for outcome in [EffectOutcome.done(remoteID: 7), .adopted(remoteID: 7), .absent, .unknown(.lost)] {
            #expect(try await test.journal.settle(effect: id, outcomes: ["m0": outcome], now: 2600) == [])
        }
        #expect(try await test.journal.unsettledEffects() == [])
        try await test.settle(job, .release)
        #expect(try await test.claimOne().ledger.itemID == 7)
    }

    @Test func `what was looked up in vain costs a job in doubt one attempt`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .inDoubt)
        let effect = try #require(try await test.journal.unsettledEffects().first)
        _ = try await test.journal.settle(effect: effect.id, outcomes: ["m0": .unknown(.lost)], now: 2600)
        _ = try await test.journal.settle(effect: effect.id, outcomes: ["m0": .absent], now: 90_000)
        let job = try await test.claimOne()
        #expect(job.errors == 1)
        #expect(try await test.journal.show(job.id)?.attempts.last?.failure.code == "absent")
    }

    @Test func `what a killed daemon had sent, and is not there, costs no attempt`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let effect = try await test.send(try await test.claimOne())
        await test.journal.close()
        try await test.journal.open(now: 10_000)
        _ = try await test.journal.beginEpoch(now: 10_000, pid: 2, host: "test")
        _ = try await test.journal.settle(effect: effect, outcomes: ["m0": .absent], now: 90_000)
        let job = try await test.claimOne()
        #expect(job.errors == 0)
        #expect(try await test.journal.show(job.id)?.attempts.last?.failure.code == "absent")
    }

    @Test func `the same bytes go out again only while no part of them has an outcome`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        let jobs = try await test.claim()
        let id = try await test.journal.begin(.items(jobs, key: "k"), now: 2500)
        try await test.journal.resent(effect: id, now: 90_000)
        let effect = try #require(try await test.journal.unsettledEffects().first)
        #expect(effect.sends == 2 && effect.sentAt == 90_000 && effect.firstSentAt == 2500)
        _ = try await test.journal.settle(effect: id, outcomes: ["m0": .done(remoteID: 1)], now: 90_100)
        await #expect { try await test.journal.resent(effect: id, now: 1) } throws: {
            ($0 as? JournalError)?.code == .unsettled
        }
    }

    @Test func `what was ever in doubt is looked up once more`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        let jobs = try await test.claim()
        let id = try await test.journal.begin(.items(jobs, key: "k"), now: 2500)
        let answer: [String: EffectOutcome] = ["m0": .done(remoteID: 1), "m1": .unknown(.lost)]
        _ = try await test.journal.settle(effect: id, outcomes: answer, now: 2600)
        _ = try await test.journal.settle(effect: id, outcomes: ["m1": .absent], now: 90_000)
        #expect(try await test.journal.rechecks(settledBefore: 89_999, limit: 9) == [])
        let rechecks = try await test.journal.rechecks(settledBefore: 90_000, limit: 9)
        #expect(rechecks.map(\.target.orderKey) == [.test(2)])
        #expect(rechecks.map(\.remoteID) == [nil])
        _ = try await test.journal.settle(effect: id, outcomes: ["m1": .adopted(remoteID: 2)], now: 99_000)
        try await test.journal.rechecked(rechecks)
        #expect(try await test.journal.rechecks(settledBefore: 1_000_000, limit: 9) == [])
        try await test.settle(jobs[1], .release)
        #expect(try await test.claimOne().ledger.itemID == 2)
    }

    @Test func `updates, moves and archives end in the ledger`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        _ = try await test.journal.adopt(
            [
                AdoptedItem(
                    orderKey: .test(1),
                    itemID: 5,
                    board: 77,
                    groupID: "old",
                    subitems: [.init(size: "S", id: 51, quantity: 1), .init(size: "M", id: 52, quantity: 2)]
                )
            ],
            now: 1
        )
        func target(_ alias: String, _ kind: EffectKind, size: String? = nil, quantity: Int64? = nil) -> EffectTarget {
            EffectTarget(
                alias: alias,
                kind: kind,
                job: job.reference,
                orderKey: .test(1),
                size: size,
                quantity: quantity,
                groupID: kind == .moveItem ? "new" : nil
            )
        }
        let effect = EffectIntent(
            idempotencyKey: "u",
            kind: .changeColumns,
            board: 77,
            body: [],
            targets: [
                target("m0", .changeColumns), target("m1", .changeColumns, size: "S", quantity: 9),
                target("m2", .moveItem), target("m3", .deleteSubitem, size: "M"), target("m4", .archiveItem),
            ]
        )
        let id = try await test.journal.begin(effect, now: 2)
        let outcomes = Dictionary(uniqueKeysWithValues: (0..<5).map { ("m\($0)", EffectOutcome.done()) })
        #expect(try await test.journal.settle(effect: id, outcomes: outcomes, now: 3) == [])
        try await test.settle(job, .release)
        let ledger = try await test.claimOne().ledger
        #expect(ledger.itemID == 5 && ledger.groupID == "new" && ledger.isArchived)
        #expect(ledger.subitems == [LedgerSubitem(size: "S", id: 51, quantity: 9)])
    }

    @Test func `after a change or a move that nobody can tell of, the ledger claims to know nothing`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let subitem = LedgerSubitem(size: "S", id: 51, quantity: 1)
        let item = AdoptedItem(orderKey: .test(1), itemID: 5, board: 77, groupID: "old", subitems: [subitem])
        _ = try await test.journal.adopt([item], now: 1)
        let effect = EffectIntent(
            idempotencyKey: "u",
            kind: .moveItem,
            board: 77,
            body: [],
            targets: [
                EffectTarget(alias: "m0", kind: .moveItem, job: job.reference, orderKey: .test(1), groupID: "new"),
                EffectTarget(
                    alias: "m1",
                    kind: .changeColumns,
                    job: job.reference,
                    orderKey: .test(1),
                    size: "S",
                    quantity: 9
                ),
            ]
        )
        let id = try await test.journal.begin(effect, now: 2)
        _ = try await test.journal.settle(effect: id, outcomes: ["m0": .absent, "m1": .absent], now: 3)
        try await test.settle(job, .release)
        let ledger = try await test.claimOne().ledger
        #expect(ledger.itemID == 5 && ledger.groupID == nil)
        #expect(ledger.subitems.map(\.quantity) == [LedgerSubitem.unknownQuantity])
    }

    @Test func `a size that some order has is known to be on the board`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let subitem = LedgerSubitem(size: "M", id: 61, quantity: 5)
        let item = AdoptedItem(orderKey: .test(1), itemID: 5, board: 77, groupID: nil, subitems: [subitem])
        #expect(try await test.journal.adopt([item], now: 1) == [])
        #expect(try await test.journal.sizesOnBoard() == ["M"])
    }

    @Test func `a group that is gone from the board is forgotten and made again`() async throws {
        let test = try await TestJournal()
        #expect(try await test.journal.takeGroups(["A": ["1", "9"], "B": ["2"]], board: 77) == ["A": "1", "B": "2"])
        // Ours is the known one, wherever another of its title stands.
        #expect(try await test.journal.takeGroups(["A": ["8", "1"], "B": ["2"]], board: 77) == ["A": "1", "B": "2"])
        #expect(try await test.journal.takeGroups(["A": ["8"]], board: 77) == ["A": "8"])
        #expect(try await test.journal.knownGroups(board: 77) == ["A": "8"])
        #expect(try await test.journal.knownGroups(board: 78) == [:])
    }

    @Test func `a person settles what the board can't tell`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        _ = try await test.send(job)
        await #expect(throws: JournalError.self) {
            try await test.settle(job.id, Verdict(rest: .absent), now: 1)
        }
        try await test.settle(job, .dead(.lost))
        let refused = try await test.journal.retry(.ids([job.id]), who: "me", why: "try", now: 1)
        #expect(refused.changed == [] && refused.refused.map(\.reason) == [.unsettled])
        let outcome = try await test.settle(job.id, Verdict(item: .there(88)))
        #expect(outcome.settled == 1 && outcome.left == 0 && outcome.state == .dead)
        #expect(try await test.states(1) == [.dead])
        #expect(try await test.journal.retry(.ids([job.id]), who: "me", why: "try", now: 5000).changed == [job.id])
        #expect(try await test.claimOne().ledger.itemID == 88)
        #expect(try await test.journal.show(job.id)?.actions.map(\.action) == ["settle", "retry"])
    }
}
