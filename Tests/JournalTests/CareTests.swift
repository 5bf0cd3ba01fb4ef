import Foundation
import Orders
import SQLite
import TestSupport
import Testing

@testable import Journal

@Suite struct CareTests {
    @Test func `old finished jobs go, with all that hangs on them`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        let first = try await test.claimOne()
        let effect = try await test.send(first)
        _ = try await test.journal.settle(effect: effect, outcomes: ["m0": .done(remoteID: 1)], now: 2600)
        try await test.settle(first, .retry(at: 2700, .reset, costsAttempt: true), now: 2650)
        try await test.settle(try await test.claimOne(now: 2700), .done, now: 3000)
        try await test.bring(2, to: .dead)
        #expect(try await test.journal.prune(finishedBefore: 3000) == 0)
        // The job and its effect.
        #expect(try await test.journal.prune(finishedBefore: 3001) == 2)
        #expect(try await test.journal.prune(finishedBefore: 3001) == 0)
        #expect(try await test.states(1) == [])
        #expect(try await test.states(2) == [.dead])
        #expect(try await test.journal.value("SELECT count(*) FROM attempt") == 1)
        #expect(try await test.journal.value("SELECT count(*) FROM effect") == 0)
        #expect(try await test.journal.integrityCheck() == [])
    }

    @Test func `a finished job is kept for as long as the warehouse lacks its error row`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .dead)
        _ = try await test.journal.discard(.ids([job.id]), who: "anna", why: "old", now: 3000)
        try await test.bring(2, to: .ready)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        let errors = try await test.journal.pendingErrors(limit: 9)
        #expect(errors.map(\.data) == [EnqueuedOrder.test(1).snapshot])
        try await test.journal.errorsWritten(errors, now: 5000)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        #expect(try await test.states(1) == [])
    }

    @Test func `a job's number is never given again`() async throws {
        let test = try await TestJournal()
        let first = try await test.bring(1, to: .done)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        let second = try await test.bring(2, to: .done)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        #expect(try await test.states(1) == [])
        let third = try await test.bring(3, to: .ready)
        #expect([first.id, second.id, third.id] == [1, 2, 3])
    }

    @Test func `no customer is given a number again, and those of its jobs follow each other`() async throws {
        let test = try await TestJournal()
        func bring(_ orders: EnqueuedOrder...) async throws -> [Int64] {
            try await test.journal.enqueue(orders)
            var ids: [Int64] = []
            while let claim = try await test.journal.claim(limit: 9, leaseUntil: 9000, now: 2000).claim {
                ids += claim.jobs.map(\.id)
                for job in claim.jobs { try await test.settle(job, .done) }
            }
            _ = try await test.journal.prune(finishedBefore: 1_000_000)
            return ids
        }
        let first = try await bring(
            .test(1, customer: "A"),
            .test(2, customer: "B"),
            .test(3, customer: "A"),
            .test(4, customer: "B")
        )
        #expect(first == [1, 2, 1_000_000_001, 1_000_000_002])
        let second = try await bring(.test(5, customer: "A"), .test(6, customer: "B"), .test(7, customer: "C"))
        #expect(second == [2_000_000_001, 3, 1_000_000_003])
        #expect(try await test.journal.value("SELECT count(*) FROM job") == 3)
        #expect(try await test.journal.brokenInvariants() == [])
    }

    @Test func `the snapshot that stands on the board outlives its job, and no other does`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .done)
        try await test.bring(9, to: .held)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        try await test.enqueue(.test(1, version: 2))
        #expect(try await test.states(1) == [.ready])
        let job = try await test.claimOne()
        #expect(job.ledger.syncedSnapshot == EnqueuedOrder.test(1).snapshot)
        try await test.settle(job, .done)
        #expect(try await test.journal.value("SELECT count(*) FROM snapshot WHERE job_id <> 2") == 1)
        try await test.enqueue(.test(1, version: 3))
        try await test.settle(try await test.claimOne(), .done)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        #expect(try await test.journal.value("SELECT count(*) FROM snapshot WHERE job_id <> 2") == 1)
    }

    @Test func `an unsettled effect and an unreported batch are never deleted`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .inDoubt)
        let effect = try #require(try await test.journal.unsettledEffects().first)
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        #expect(try await test.journal.unsettledEffects().map(\.id) == [effect.id])
        _ = try await test.journal.settle(effect: effect.id, outcomes: ["m0": .adopted(remoteID: 3)], now: 3000)
        let claim = try #require(try await test.journal.claim(limit: 9, leaseUntil: 9, now: 3000).claim)
        _ = try await test.journal.settle(
            claim.jobs.map { Settlement(job: $0.reference, result: .done) },
            closing: [BatchClose(batchID: claim.batchID, status: .completed)],
            now: 3500
        )
        _ = try await test.journal.prune(finishedBefore: 1_000_000)
        #expect(try await test.journal.pendingBatches(limit: 9).map(\.close.batchID) == [claim.batchID])
        #expect(try await test.journal.rechecks(settledBefore: 1_000_000, limit: 9).count == 1)
    }

    @Test func `a backup made while writers work is whole, and a journal of its own`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...300).map { .test($0, bytes: 1000) })
        let path = test.folder.file("backup.sqlite")
        let reader = try await test.open(.reader)
        async let writing: Void = {
            for number in 301...340 { try await test.journal.enqueue([.test(number)]) }
        }()
        try await reader.backup(to: path)
        try await writing
        let files = try FileManager.default.contentsOfDirectory(atPath: test.folder.path)
        #expect(files.filter { $0.hasPrefix("backup") } == ["backup.sqlite"])
        let copy = Journal(path: path, role: .daemon)
        try await copy.open(now: 0)
        #expect(try await copy.depth(now: 0).ready >= 300)
        #expect(try await copy.integrityCheck() == [])
        #expect(try await copy.guardNumbers().journalID == test.journal.guardNumbers().journalID)
    }

    @Test func `a backup overwrites nothing, least of all the journal`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1))
        for path in [test.path, test.folder.file("there")] {
            if path != test.path { try Data("mine".utf8).write(to: URL(filePath: path)) }
            await #expect { try await test.journal.backup(to: path) } throws: { ($0 as? JournalError)?.code == .exists }
        }
        #expect(try Data(contentsOf: URL(filePath: test.folder.file("there"))) == Data("mine".utf8))
        let folder = await #expect(throws: JournalError.self) {
            try await test.journal.backup(to: test.folder.file("no/such/file"))
        }
        #expect(folder?.code == .folderMissing)
        // Another backup under way, or a link that leads nowhere, is in the way as well.
        for (name, target) in [("one.part", nil), ("two", "/nowhere")] as [(String, String?)] {
            if let target {
                try FileManager.default.createSymbolicLink(atPath: test.folder.file(name), withDestinationPath: target)
            } else {
                try Data("theirs".utf8).write(to: URL(filePath: test.folder.file(name)))
            }
            let path = test.folder.file(name.hasSuffix(".part") ? "one" : name)
            await #expect { try await test.journal.backup(to: path) } throws: { ($0 as? JournalError)?.code == .exists }
        }
        #expect(try Data(contentsOf: URL(filePath: test.folder.file("one.part"))) == Data("theirs".utf8))
        #expect(try await test.states(1) == [.ready])
    }

    @Test func `another process's commit changes the data version, our own does not`() async throws {
        let test = try await TestJournal()
        let enqueue = try await test.open(.enqueue)
        let before = try await test.journal.dataVersion()
        try await test.enqueue(.test(1))
        #expect(try await test.journal.dataVersion() == before)
        try await enqueue.enqueue([.test(2)])
        #expect(try await test.journal.dataVersion() != before)
    }

    @Test func `the depth counts every state`() async throws {
        let test = try await TestJournal()
        let states: [JobState] = [.retry, .dead, .held, .inDoubt, .done, .running]
        for (index, state) in states.enumerated() { try await test.bring(index, to: state) }
        try await test.enqueue(.test(5, version: 2), .test(10), .test(11), now: 4000)
        let depth = try await test.journal.depth(now: 0)
        #expect(depth.retry == 1 && depth.dead == 1 && depth.held == 1 && depth.inDoubt == 1 && depth.running == 1)
        #expect(depth.ready == 2 && depth.waiting == 1 && depth.oldestReady == 4000 && depth.nextRetry == 100_000)
        #expect(depth.unsettledEffects == 1 && depth.backlog == 2)
        #expect(depth.isDue(at: 0))
    }
}
