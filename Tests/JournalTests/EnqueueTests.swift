import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct EnqueueTests {
    @Test func `an order without a live job is ready at once`() async throws {
        let test = try await TestJournal()
        #expect(try await test.enqueue(.test(1)) == [.ready])
        #expect(try await test.states(1) == [.ready])
    }

    @Test(arguments: [JobState.ready, .retry, .dead, .held])
    func `a newer snapshot takes the place of a job that has not begun`(state: JobState) async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: state)
        #expect(try await test.enqueue(.test(1, version: 2), now: 5000) == [.superseded(state)])
        #expect(try await test.states(1) == [.superseded, state == .held ? .held : .ready])
    }

    @Test(arguments: [JobState.running, .inDoubt])
    func `a newer snapshot waits for a job at work or in doubt`(state: JobState) async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: state)
        #expect(try await test.enqueue(.test(1, version: 2)) == [.waiting])
        #expect(try await test.states(1) == [state, .waiting])
    }

    @Test func `a still newer snapshot replaces the one that waits`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .running)
        try await test.enqueue(.test(1, version: 2))
        #expect(try await test.enqueue(.test(1, version: 3)) == [.replacedWaiting])
        #expect(try await test.states(1) == [.running, .superseded, .waiting])
    }

    @Test(arguments: [JobState.dead, .held])
    func `a job that sent something unknown is not superseded before it is settled`(state: JobState) async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let effect = try await test.send(job)
        try await test.settle(job, .dead(.lost))
        if state == .held { _ = try await test.journal.hold(.ids([job.id]), who: "me", why: "look", now: 1) }
        #expect(try await test.enqueue(.test(1, version: 2)) == [.waiting])
        #expect(try await test.states(1) == [state, .waiting])

        _ = try await test.journal.settle(effect: effect, outcomes: ["m0": .absent], now: 9000)
        #expect(try await test.states(1) == [.superseded, state == .held ? .held : .ready])
    }

    @Test func `a newer snapshot keeps the place in line of the one it replaces`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), now: 1000)
        try await test.enqueue(.test(2), now: 1100)
        try await test.enqueue(.test(1, version: 2), now: 1200)
        #expect(try await test.claim().map(\.orderKey) == [.test(1), .test(2)])
    }

    @Test func `a newer snapshot resolves the error of the dead job it replaces`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .dead)
        try await test.enqueue(.test(1, version: 2), now: 5000)
        let errors = try await test.journal.pendingErrors(limit: 10)
        #expect(errors.map(\.resolution) == [.init(at: 5000, by: "superseded")])
    }

    @Test func `a run is committed as a whole or not at all`() async throws {
        let test = try await TestJournal()
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await test.journal.withEnqueueTransaction(run: .test(), now: 1000) { run in
                _ = try run.mint(from: .test(9)).occurrence
                _ = try run.enqueue(.test(1))
                throw Stop()
            }
        }
        #expect(try await test.journal.lastRun() == nil)
        #expect(try await test.states(1) == [])
        #expect(try await test.journal.ledgerCount() == 0)
        #expect(try await test.claim() == [])
        let occurrence = try await test.journal.withEnqueueTransaction(run: .test(), now: 1) { run in
            try run.mint(from: .test(9)).occurrence
        }
        #expect(occurrence == 1)
    }

    @Test func `a run can't be used after its end`() async throws {
        let test = try await TestJournal()
        nonisolated(unsafe) var kept: EnqueueTransaction?
        try await test.journal.withEnqueueTransaction(run: .test(), now: 1) { run in unsafe kept = run }
        let run = try #require(unsafe kept)
        #expect(throws: JournalError.self) { try run.enqueue(.test(1)) }
    }

    @Test func `an occurrence of a business key is never given twice`() async throws {
        let test = try await TestJournal()
        let first = try await test.journal.withEnqueueTransaction(run: .test(), now: 1) { run in
            let numbers = [
                try run.mint(from: .test(1)).occurrence, try run.mint(from: .test(1)).occurrence,
                try run.mint(from: .test(2)).occurrence,
            ]
            for number in numbers.prefix(2) {
                let key = OrderKey.mint(businessKey: .test(1), occurrence: number)
                _ = try run.enqueue(.test(number, key: key, keyDigest: .test(1), occurrence: number))
            }
            return numbers
        }
        #expect(first == [1, 2, 1])
        // Both bear other business keys by now, as when a style was corrected: their numbers stay taken.
        try await test.journal.withEnqueueTransaction(run: .test(), now: 2) { run in
            for number in [2, 1] {
                let key = OrderKey.mint(businessKey: .test(1), occurrence: number)
                _ = try run.enqueue(
                    .test(number, key: key, keyDigest: .test(50 + number), occurrence: number, hasNewKey: true)
                )
            }
        }
        let next = try await test.journal.withEnqueueTransaction(run: .test(), now: 3) { run in
            [try run.mint(from: .test(1)).occurrence, try run.mint(from: .test(3)).occurrence]
        }
        #expect(next == [3, 1])
        // An order that came back from the board: its key is there, and nobody knows its number.
        let adopted = OrderKey.mint(businessKey: .test(3), occurrence: 1)
        let passed = try await test.journal.withEnqueueTransaction(run: .test(), now: 4) { run in
            _ = try run.enqueue(.test(9, key: adopted))
            return try run.mint(from: .test(3)).occurrence
        }
        #expect(passed == 2)
    }

    @Test func `an order is found by the business key it bears, whatever its order key was minted from`() async throws {
        let test = try await TestJournal()
        func enqueue(_ number: Int, bearing digest: Digest, hasNewKey: Bool = false) async throws {
            let key = OrderKey.mint(businessKey: .test(1), occurrence: number)
            try await test.enqueue(
                .test(number, key: key, keyDigest: digest, occurrence: number, hasNewKey: hasNewKey)
            )
        }
        func occurrences(_ digest: Digest) async throws -> [Int] {
            try await test.journal.ledger(keys: [digest]).map(\.occurrence).sorted()
        }
        for number in 1...3 { try await enqueue(number, bearing: .test(1)) }
        #expect(try await occurrences(.test(1)) == [1, 2, 3])
        // A key column was corrected, and then corrected back.
        try await enqueue(1, bearing: .test(2), hasNewKey: true)
        #expect(try await occurrences(.test(1)) == [2, 3])
        #expect(try await occurrences(.test(2)) == [1])
        try await enqueue(1, bearing: .test(1), hasNewKey: true)
        #expect(try await occurrences(.test(1)) == [1, 2, 3])
        #expect(try await occurrences(.test(2)) == [])
        #expect(try await test.journal.value("SELECT group_concat(first_minted) FROM ledger") == "1,0,0")
    }

    @Test func `a run is kept with its counts`() async throws {
        let test = try await TestJournal()
        try await test.journal.withEnqueueTransaction(run: .test(isComplete: false), now: 1234) { run in
            var counts = RunRecord.Counts()
            counts.read = 10
            counts.new = 1
            counts.changed = 2
            counts.unchanged = 3
            counts.gone = 4
            counts.rejected = 5
            try run.finish(counts)
        }
        let run = try #require(try await test.journal.lastRun())
        #expect(run.id == 1)
        #expect(run.committedAt == 1234)
        #expect(run.startedAt == 900)
        #expect(run.fieldMapDigest == .test(7))
        #expect(!run.isComplete)
        #expect(run.counts.read == 10 && run.counts.new == 1 && run.counts.changed == 2)
        #expect(run.counts.unchanged == 3 && run.counts.gone == 4 && run.counts.rejected == 5)
    }
}

extension JobFilter {
    static func ids(_ ids: [Int64]) -> JobFilter {
        var filter = JobFilter()
        filter.ids = ids
        return filter
    }
}

extension TestJournal {
    /// Enqueues an order and brings its job to a state.
    @discardableResult
    func bring(_ order: Int, to state: JobState) async throws -> JobReference {
        try await self.enqueue(.test(order))
        if state == .ready { return JobReference(id: try await self.jobs(order)[0].id, generation: 0) }
        let job = try await self.claimOne()
        switch state {
        case .running: break
        case .retry: try await self.settle(job, .retry(at: 100_000, .reset, costsAttempt: true))
        case .dead: try await self.settle(job, .dead(.label))
        case .held:
            try await self.settle(job, .dead(.label))
            _ = try await self.journal.hold(.ids([job.id]), who: "me", why: "look", now: 3000)
        case .inDoubt:
            _ = try await self.send(job)
            try await self.settle(job, .inDoubt(until: 90_000, .lost))
        case .done: try await self.settle(job, .done)
        case .waiting, .ready, .superseded, .discarded: throw NothingDue()
        }
        return job.reference
    }
}
