import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct VerdictTests {
    private func target(_ kind: EffectKind, size: String? = nil) -> EffectTarget {
        EffectTarget(alias: "m0", kind: kind, size: size)
    }

    @Test func `a verdict is about what is in doubt, and says which`() throws {
        let open = [
            self.target(.createItem), self.target(.createSubitem, size: "XL"), self.target(.changeColumns, size: "M"),
        ]
        #expect(try Verdict(rest: .absent).words(for: open) == [.absent, .absent, .absent])
        #expect(try Verdict(item: .there(5)).words(for: open) == [.there(5), nil, nil])
        #expect(
            try Verdict(subitems: ["XL": .there(6)], rest: .absent).words(for: open) == [.absent, .there(6), .absent]
        )
        #expect(throws: VerdictMisfit.self) { try Verdict(subitems: ["S": .there(6)]).words(for: open) }
        // One thing in doubt is meant, whatever it is; of several subitems none is.
        #expect(try Verdict(item: .there(5)).words(for: [open[1]]) == [.there(5)])
        #expect(throws: VerdictMisfit.self) { try Verdict(item: .there(5)).words(for: [open[1], open[1]]) }
    }

    /// A job with two subitems in doubt.
    private func subitems(_ test: TestJournal) async throws -> ClaimedJob {
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let item = try await test.send(job)
        _ = try await test.journal.settle(effect: item, outcomes: ["m0": .done(remoteID: 5)], now: 2600)
        for (size, key) in [("XL", "k1"), ("M", "k2")] {
            _ = try await test.journal.begin(
                .subitem(job, size: size, quantity: 3, parent: 5, key: key),
                now: 2700
            )
        }
        try await test.settle(job, .inDoubt(until: 90_000, .lost))
        return job
    }

    @Test func `subitems are settled one by one, and the job goes on with the last`() async throws {
        let test = try await TestJournal()
        let job = try await self.subitems(test)
        let first = try await test.settle(job.id, Verdict(subitems: ["XL": .there(61)]))
        #expect(first.settled == 1 && first.left == 1 && first.state == .inDoubt)
        let second = try await test.settle(job.id, Verdict(rest: .absent))
        #expect(second.settled == 1 && second.left == 0 && second.state == .ready)
        let claimed = try await test.claimOne()
        #expect(claimed.ledger.subitems == [LedgerSubitem(size: "XL", id: 61, quantity: 3)])
        #expect(try await test.journal.actions(limit: 9).map(\.action) == ["settle", "settle"])
        #expect(try await test.journal.brokenInvariants() == [])
    }

    @Test func `nothing is absent while Monday may be at work on it`() async throws {
        let test = try await TestJournal()
        let job = try await self.subitems(test)
        let error = await #expect(throws: JournalError.self) {
            try await test.settle(job.id, Verdict(rest: .absent), patience: 91_000, now: 93_000)
        }
        #expect(error?.code == .tooEarly && error?.message.contains("look again in 1 s") == true)
        #expect(try await test.journal.unsettledEffects().count == 2)
        // What is there is there, and what has been sent again is waited for again.
        try await test.settle(job.id, Verdict(subitems: ["XL": .there(61)]), patience: 91_000, now: 3000)
        let effect = try #require(try await test.journal.unsettledEffects().first)
        try await test.journal.resent(effect: effect.id, now: 100_000)
        await #expect(throws: JournalError.self) {
            try await test.settle(job.id, Verdict(rest: .absent), patience: 91_000, now: 110_000)
        }
        #expect(try await test.settle(job.id, Verdict(rest: .absent), patience: 91_000, now: 191_000).left == 0)
    }

    @Test func `an id that is another order's can't be this one's`() async throws {
        let test = try await TestJournal()
        let job = try await self.subitems(test)
        try await test.settle(job.id, Verdict(subitems: ["XL": .there(61)]))
        let twice = await #expect(throws: JournalError.self) {
            try await test.settle(job.id, Verdict(subitems: ["M": .there(61)]))
        }
        #expect(twice?.code == .verdict && twice?.message.contains("JOO-1, size XL") == true)
        let other = try await test.bring(2, to: .inDoubt)
        let item = await #expect(throws: JournalError.self) {
            try await test.settle(other.id, Verdict(item: .there(5)))
        }
        #expect(item?.code == .verdict && item?.message.contains("5 belongs to order JOO-1") == true)
        let misfit = await #expect(throws: JournalError.self) {
            try await test.settle(other.id, Verdict(subitems: ["M": .absent]))
        }
        #expect(misfit?.message.contains("create item") == true)
        #expect(try await test.journal.actions(limit: 9).count == 1)
    }

    @Test func `a verdict on a job at work, of no doubt, or that there is not, is refused`() async throws {
        let test = try await TestJournal()
        let running = try await test.bring(1, to: .running)
        let codes: [(Int64, JournalError.Code)] = [
            (running.id, .stale), (try await test.bring(2, to: .dead).id, .notFound), (99, .notFound),
        ]
        for (job, code) in codes {
            let error = await #expect(throws: JournalError.self) { try await test.settle(job, Verdict(rest: .absent)) }
            #expect(error?.code == code)
        }
    }

    private static let doubt = Failure(.inDoubt, code: Journal.doubtCode, message: "look on the board")

    @Test func `a job whose doubt only a person can settle dies, tells so, and goes on with the verdict`() async throws
    {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .inDoubt)
        #expect(try await test.journal.buryDoubts([(job.id, Self.doubt)], now: 95_000) == 1)
        #expect(try await test.journal.buryDoubts([(job.id, Self.doubt)], now: 96_000) == 0)
        #expect(try await test.states(1) == [.dead])
        let error = try #require(try await test.journal.pendingErrors(limit: 9).first)
        #expect(error.failure.code == "IN_DOUBT" && error.request?.hasPrefix("create ") == true && !error.isExhausted)
        for deed in [Deed.retry, .discard] {
            let outcome = try await test.journal.perform(deed, on: .ids([job.id]), who: "me", why: "", now: 1)
            #expect(outcome.refused.map(\.reason) == [.unsettled])
        }
        #expect(try await test.settle(job.id, Verdict(item: .there(88))).state == .ready)
        let claimed = try await test.claimOne()
        #expect(claimed.ledger.itemID == 88 && claimed.errors == 0)
        try await test.settle(claimed, .done)
        #expect(try await test.journal.pendingErrors(limit: 9).first?.resolution?.by == "me")
    }

    @Test func `a newer snapshot waits behind a job that died of a doubt until a person has spoken`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .inDoubt)
        _ = try await test.journal.buryDoubts([(job.id, Self.doubt)], now: 95_000)
        try await test.enqueue(.test(1, version: 2))
        #expect(try await test.states(1) == [.dead, .waiting])
        #expect(try await test.settle(job.id, Verdict(rest: .absent)).state == .superseded)
        #expect(try await test.states(1) == [.superseded, .ready])
        #expect(try await test.journal.pendingErrors(limit: 9).first?.resolution?.by == "superseded")
        #expect(try await test.journal.brokenInvariants() == [])
    }

    @Test func `a job that was to be held is held with its doubt, and no error row is asked for`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .inDoubt)
        _ = try await test.journal.hold(.ids([job.id]), who: "me", why: "look", now: 1)
        #expect(try await test.journal.buryDoubts([(job.id, Self.doubt)], now: 95_000) == 0)
        #expect(try await test.states(1) == [.held])
        #expect(try await test.settle(job.id, Verdict(rest: .absent)).state == .held)
    }
}
