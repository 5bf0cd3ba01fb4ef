import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct SettleTests {
    @Test func `a done job leaves its snapshot in the ledger`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .done)
        #expect(try await test.states(1) == [.done])
        try await test.enqueue(.test(1, version: 2))
        let job = try await test.claimOne()
        #expect(job.ledger.isComplete)
        #expect(job.ledger.syncedSnapshot == EnqueuedOrder.test(1).snapshot)
        #expect(job.snapshot == EnqueuedOrder.test(1, version: 2).snapshot)
    }

    /// Changes the columns of the order's item, which is item 7.
    private func change(_ test: TestJournal, _ job: ClaimedJob, _ outcome: EffectOutcome) async throws {
        let id = try await test.journal.begin(
            EffectIntent(
                idempotencyKey: "change \(job.id)",
                kind: .changeColumns,
                board: EffectIntent.board,
                body: [],
                targets: [
                    EffectTarget(
                        alias: "c0",
                        kind: .changeColumns,
                        job: job.reference,
                        orderKey: job.orderKey,
                        itemID: 7
                    )
                ]
            ),
            now: 2500
        )
        _ = try await test.journal.settle(effect: id, outcomes: ["c0": outcome], now: 2600)
    }

    @Test func `what a job wrote before it died is what the item carries`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .done)
        try await test.enqueue(.test(1, version: 2))
        let job = try await test.claimOne()
        try await self.change(test, job, .done(remoteID: 7))
        try await test.settle(job, .dead(.label))
        try await test.enqueue(.test(1, version: 3))
        let next = try await test.claimOne()
        #expect(next.ledger.isComplete)
        #expect(next.ledger.syncedSnapshot == EnqueuedOrder.test(1, version: 2).snapshot)
    }

    @Test(arguments: [EffectOutcome.refused(.label), .absent])
    func `a change that was refused wrote nothing, and one that was not found may have`(
        outcome: EffectOutcome
    ) async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .done)
        try await test.enqueue(.test(1, version: 2))
        let job = try await test.claimOne()
        try await self.change(test, job, outcome)
        try await test.settle(job, .release)
        let written = try await test.claimOne().ledger.syncedSnapshot
        #expect(written == (outcome == .absent ? nil : EnqueuedOrder.test(1).snapshot))
    }

    @Test func `a snapshot that the item carries outlives its job, and goes with the next`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .done)
        try await test.enqueue(.test(1, version: 2))
        let job = try await test.claimOne()
        while try await test.journal.prune(finishedBefore: 1 << 50) > 0 {}
        #expect(try await test.journal.value("SELECT count(*) FROM snapshot") == .integer(2))
        try await self.change(test, job, .done(remoteID: 7))
        #expect(try await test.journal.value("SELECT count(*) FROM snapshot") == .integer(1))
    }

    @Test func `an item that is off the board is forgotten with its subitems, and what hung on it begins anew`()
        async throws
    {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let effect = try await test.send(job)
        _ = try await test.journal.settle(effect: effect, outcomes: ["m0": .done(remoteID: 7)], now: 2600)
        try await test.journal.replaceSubitems([.test(1): [LedgerSubitem(size: "M", id: 71, quantity: 5)]])
        try await test.journal.forgetItems([.test(1): 8])
        try await test.settle(job, .release)
        let kept = try await test.claimOne()
        #expect(kept.ledger.itemID == 7 && kept.ledger.subitems.count == 1 && kept.stage == .item)
        try await test.journal.forgetItems([.test(1): 7])
        try await test.settle(kept, .release)
        let bare = try await test.claimOne()
        #expect(bare.ledger.itemID == nil && bare.ledger.subitems == [] && bare.stage == .none)
        #expect(bare.ledger.syncedSnapshot == nil)
    }

    @Test func `a retry is due at its time and not before`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .retry)
        #expect(try await test.claim(now: 99_999) == [])
        #expect(try await test.journal.depth(now: 0).nextRetry == 100_000)
        let job = try await test.claimOne(now: 100_000)
        #expect(job.errors == 1)
        #expect(job.generation == 2)
    }

    @Test func `waiting and giving back cost no attempt`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.settle(try await test.claimOne(), .wait(until: 5000, reason: "budget is spent"))
        #expect(try await test.jobs(1).map(\.lastMessage) == ["budget is spent"])
        try await test.settle(try await test.claimOne(now: 5000), .release)
        try await test.settle(try await test.claimOne(), .retry(at: 6000, .reset, costsAttempt: false))
        let job = try await test.claimOne(now: 6000)
        #expect(job.errors == 0)
        #expect(try await test.journal.show(job.id)?.attempts.map(\.isCounted) == [false])
    }

    @Test func `a job that dies of its number of tries is told with what it sent last`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        let item = try await test.send(job)
        _ = try await test.journal.settle(effect: item, outcomes: ["m0": .done(remoteID: 5)], now: 2600)
        let size = try await test.journal.begin(.subitem(job, size: "XL", quantity: 3, parent: 5, key: "k"), now: 2700)
        let failure = Failure(.inDoubt, code: "HTTP_500", message: "", httpStatus: 500)
        _ = try await test.journal.settle(effect: size, outcomes: ["m0": .unknown(failure)], now: 2800)
        _ = try await test.journal.settle(effect: size, outcomes: ["m0": .absent], now: 2900)
        try await test.settle(job, .givenUp(Failure(.permanent, code: "given_up", message: "")))
        let error = try #require(try await test.journal.pendingErrors(limit: 9).first)
        #expect(error.request == "subitem k" && error.size == "XL" && error.failure.httpStatus == 500)
        #expect(error.isExhausted && error.retryCount == 0 && error.batchName == "GREYSON 4755")
    }

    @Test(arguments: [
        Settlement.Result.done, .retry(at: 9000, .reset, costsAttempt: true), .dead(.label),
        .wait(until: 9000, reason: "later"), .release, .inDoubt(until: 9000),
    ])
    func `whatever came of a job, the snapshot that waited goes on`(result: Settlement.Result) async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        try await test.enqueue(.test(1, version: 2), now: 2500)
        try await test.settle(job, result)
        #expect(try await test.states(1) == [result == .done ? .done : .superseded, .ready])
        #expect(try await test.claimOne().snapshot == EnqueuedOrder.test(1, version: 2).snapshot)
        #expect(try await test.journal.pendingErrors(limit: 9) == [])
    }

    @Test(arguments: [
        Settlement.Result.done, .retry(at: 9000, .reset, costsAttempt: true), .wait(until: 9000, reason: "later"),
        .release,
        .inDoubt(until: 9000, .lost),
    ])
    func `a job that sent something unknown is in doubt, whatever is said of it`(result: Settlement.Result) async throws
    {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        _ = try await test.send(job)
        try await test.settle(job, result)
        #expect(try await test.states(1) == [.inDoubt])
        #expect(try await test.claim(now: 1_000_000) == [])
    }

    @Test func `a job said to be in doubt of which everything is known is tried again`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        try await test.settle(try await test.claimOne(), .inDoubt(until: 9000))
        #expect(try await test.states(1) == [.retry])
    }

    @Test func `a dead job keeps its attempt and asks for an error row`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne()
        try await test.settle(job, .dead(.label, request: "{…}", size: "M", exhausted: true), now: 3333)
        let error = try #require(try await test.journal.pendingErrors(limit: 9).first)
        #expect(error.key == "job:\(job.id):1")
        #expect(!error.isWritten && error.resolution == nil)
        #expect(error.failure == .label && error.size == "M" && error.request == "{…}" && error.isExhausted)
        #expect(error.retryCount == 1 && error.occurredAt == 3333)
        #expect(error.orderNumber == "JOO-1" && error.customer == "GREYSON" && error.data == job.snapshot)
        #expect(error.batchID != nil)
        let attempt = try #require(try await test.journal.show(job.id)?.attempts.first)
        #expect(attempt.failure == .label && attempt.size == "M" && attempt.request == "{…}")
    }

    @Test func `a late finish of a job that was taken back is ignored`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let slow = try await test.claimOne(now: 2000)
        #expect(try await test.journal.reclaimExpired(now: 61_999) == [])
        #expect(try await test.journal.reclaimExpired(now: 62_001) == [slow.reference])
        let quick = try await test.claimOne(now: 63_000)
        #expect(quick.id == slow.id && quick.generation == slow.generation + 1)
        for result in [Settlement.Result.done, .dead(.label), .release, .retry(at: 1, .reset, costsAttempt: true)] {
            let stale = try await test.journal.settle([Settlement(job: slow.reference, result: result)], now: 64_000)
            #expect(stale == [slow.reference])
        }
        #expect(try await test.states(1) == [.running])
        #expect(
            try await test.journal.heartbeat([slow.reference, quick.reference], leaseUntil: 70_000) == [slow.reference]
        )
        try await test.settle(quick, .done)
        #expect(
            try await test.journal.settle([Settlement(job: quick.reference, result: .done)], now: 1) == [
                quick.reference
            ]
        )
    }

    @Test func `a heartbeat keeps a job from being taken back`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let job = try await test.claimOne(now: 2000)
        #expect(try await test.journal.heartbeat([job.reference], leaseUntil: 200_000) == [])
        #expect(try await test.journal.reclaimExpired(now: 100_000) == [])
    }

    @Test func `a batch is closed once, and stays pending until the warehouse has it`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let claim = try #require(try await test.journal.claim(limit: 5, leaseUntil: 9000, now: 2000).claim)
        var close = BatchClose(batchID: claim.batchID, status: .completedWithErrors)
        close.succeeded = 3
        close.errorSummary = "one bad label"
        _ = try await test.journal.settle([], closing: [close], now: 3000)
        _ = try await test.journal.settle([], closing: [BatchClose(batchID: claim.batchID, status: .failed)], now: 4000)
        let pending = try await test.journal.pendingBatches(limit: 5)
        #expect(pending.map(\.close) == [close])
        #expect(pending.map(\.name) == ["GREYSON 4755"])
        #expect(pending.map(\.closedAt) == [3000])
        try await test.journal.batchesReported([claim.batchID], now: 5000)
        #expect(try await test.journal.pendingBatches(limit: 5) == [])
    }
}
