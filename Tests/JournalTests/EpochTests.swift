import Glibc
import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct EpochTests {
    /// Lets the daemon die as a kill does, without a word to the journal, and starts the next one.
    private func restart(_ test: TestJournal, now: Int64 = 10_000) async throws -> EpochStart {
        await test.journal.close()
        try await test.journal.open(now: now)
        return try await test.journal.beginEpoch(now: now, pid: 2, host: "test")
    }

    @Test func `what was in flight is taken back at once, at no cost`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        let jobs = try await test.claim()
        _ = try await test.send(jobs[1])
        let start = try await self.restart(test)
        #expect(start.epoch == 2 && start.reclaimed == 1 && start.inDoubt == 1 && start.poisoned == [])
        #expect(start.abandonedBatches == 1 && start.deaths == 1)
        #expect(try await test.states(1) == [.ready])
        #expect(try await test.states(2) == [.inDoubt])
        let again = try await test.claim()
        #expect(again.map(\.errors) == [0])
        let stale = try await test.journal.settle([Settlement(job: jobs[0].reference, result: .done)], now: 1)
        #expect(stale == [jobs[0].reference])
    }

    @Test func `a request in flight at a kill is in doubt, and looked up once more after it is settled`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let effect = try await test.send(try await test.claimOne(), now: 2500)
        _ = try await self.restart(test)
        #expect(try await test.journal.unsettledEffects().map(\.sentAt) == [2500])
        _ = try await test.journal.settle(effect: effect, outcomes: ["m0": .adopted(remoteID: 4)], now: 95_000)
        #expect(try await test.journal.rechecks(settledBefore: 95_000, limit: 9).count == 1)
        #expect(try await test.claimOne().ledger.itemID == 4)
    }

    @Test func `a newer snapshot takes the place of a job taken back`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        _ = try await test.claimOne()
        try await test.enqueue(.test(1, version: 2))
        _ = try await self.restart(test)
        #expect(try await test.states(1) == [.superseded, .ready])
    }

    @Test func `an open batch is closed as abandoned, with what it had done`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2), .test(3))
        let jobs = try await test.claim()
        try await test.settle(jobs[0], .done)
        try await test.settle(jobs[1], .dead(.label))
        _ = try await self.restart(test)
        let batch = try #require(try await test.journal.pendingBatches(limit: 9).first)
        #expect(batch.close.status == .abandoned)
        #expect(batch.close.succeeded == 1 && batch.close.failed == 1 && batch.close.leftOver == 1)
    }

    @Test func `after three deaths without progress jobs run alone`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2), .test(3))
        for death in 1...3 {
            #expect(try await test.claim().count == 3)
            #expect(try await self.restart(test).deaths == death)
        }
        try await test.enqueue(.test(4, customer: "OTHER"))
        let first = try await test.claim()
        #expect(first.map(\.orderKey) == [.test(1)] && first[0].isSolo)
        #expect(try await test.claim() == [])
        try await test.settle(first[0], .done)
        #expect(try await test.claim().map(\.orderKey) == [.test(2)])
    }

    @Test func `six kills inside one batch make no job dead`() async throws {
        let test = try await TestJournal()
        for number in 1...20 { try await test.enqueue(.test(number)) }
        for _ in 1...6 {
            _ = try await test.claim()
            #expect(try await self.restart(test).poisoned == [])
        }
        #expect(try await test.journal.depth(now: 0).dead == 0)
    }

    @Test func `a job that kills the daemon whenever it runs dies, and the others don't`() async throws {
        let test = try await TestJournal()
        for number in 1...5 { try await test.enqueue(.test(number)) }
        var poisoned: [Int64] = []
        var starts = 0
        while poisoned.isEmpty, starts < 50 {
            let jobs = try await test.claim(now: Int64(starts) * 1000)
            if jobs.contains(where: { $0.orderKey == .test(3) }) {
                starts += 1
                poisoned = try await self.restart(test).poisoned
            } else {
                for job in jobs { try await test.settle(job, .done) }
            }
        }
        #expect(try await test.states(3) == [.dead])
        #expect(try await test.journal.pendingErrors(limit: 9).map(\.failure.code) == ["poison"])
        for job in try await test.claim() { try await test.settle(job, .done) }
        for number in [1, 2, 4, 5] { #expect(try await test.states(number) == [.done]) }
    }

    @Test func `progress and a clean end are no death`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        try await test.settle(try await test.claimOne(), .done)
        #expect(try await self.restart(test).deaths == 0)
        try await test.journal.endEpoch(now: 5)
        #expect(try await self.restart(test).deaths == 0)
        #expect(try await self.restart(test).deaths == 1)
        let effect = try await test.send(try await test.claimOne())
        _ = try await test.journal.settle(effect: effect, outcomes: ["m0": .done(remoteID: 1)], now: 3)
        #expect(try await self.restart(test).deaths == 0)
    }

    @Test func `work committed before a SIGKILL is there for the next process, and only that`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2))
        await test.journal.close()
        let path: String = test.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let journal = Journal(path: path, role: .daemon)
            try await journal.open(now: 20_000)
            _ = try await journal.beginEpoch(now: 20_000, pid: 3, host: "child")
            let claim = try await journal.claim(limit: 1, leaseUntil: 90_000, now: 20_000).claim
            for job in claim?.jobs ?? [] { _ = try await journal.begin(.item(job, key: "sent"), now: 20_100) }
            try await journal.withEnqueueTransaction(run: .test(), now: 20_200) { run in
                _ = try run.enqueue(.test(3))
                kill(getpid(), SIGKILL)
            }
        }
        try await test.journal.open(now: 30_000)
        let start = try await test.journal.beginEpoch(now: 30_000, pid: 4, host: "test")
        #expect(start.epoch == 3 && start.inDoubt == 1 && start.deaths == 2)
        #expect(try await test.journal.unsettledEffects().map(\.idempotencyKey) == ["sent"])
        #expect(try await test.states(1) == [.inDoubt])
        #expect(try await test.states(2) == [.ready])
        #expect(try await test.states(3) == [])
        #expect(try await test.journal.integrityCheck() == [])
    }
}
