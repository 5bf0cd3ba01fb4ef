import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct ConcurrencyTests {
    @Test func `enqueue runs and a draining, checkpointing daemon lose and double nothing`() async throws {
        let test = try await TestJournal()
        let path = test.path
        let perWriter = 120
        let writers = 2
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    let journal = Journal(path: path, role: .enqueue)
                    try await journal.open(now: 0)
                    for index in 0..<perWriter {
                        // Half of the runs bring a newer snapshot of an order of the other writer.
                        let number = index.isMultiple(of: 2) ? writer * 1000 + index : (1 - writer) * 1000 + index - 1
                        try await journal.enqueue([.test(number, version: writer * 1000 + index)], now: Int64(index))
                    }
                }
            }
            group.addTask {
                var settlements: [Settlement] = []
                var idle = 0
                var now: Int64 = 10_000
                while idle < 200 {
                    now += 1
                    let result = try await test.journal.claim(
                        limit: 7,
                        leaseUntil: now + 60_000,
                        now: now,
                        settling: settlements
                    )
                    #expect(result.stale == [])
                    settlements = (result.claim?.jobs ?? []).map { Settlement(job: $0.reference, result: .done) }
                    idle = settlements.isEmpty ? idle + 1 : 0
                    if settlements.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                    if now.isMultiple(of: 10) { _ = try await test.journal.checkpoint() }
                }
            }
            try await group.waitForAll()
        }
        let depth = try await test.journal.depth(now: 0)
        #expect(depth.ready + depth.waiting + depth.running == 0)
        let finished = try await test.journal.value("SELECT count(*) FROM job WHERE finished_ms IS NOT NULL")
        #expect(finished == .integer(Int64(writers * perWriter)))
        #expect(try await test.journal.value("SELECT count(*) FROM ledger") == .integer(Int64(writers * perWriter / 2)))
        let unsynced = """
            SELECT count(*) FROM ledger LEFT JOIN synced ON synced.order_seq = ledger.seq
            LEFT JOIN snapshot ON snapshot.job_id = synced.job_id
            WHERE snapshot.fingerprint IS NOT ledger.fingerprint_enqueued
            """
        #expect(try await test.journal.value(unsynced) == 0)
        #expect(try await test.journal.integrityCheck() == [])
    }

    @Test func `a person's commands work while the daemon does`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .dead)
        let replay = try await test.open(.replay)
        try await test.bring(2, to: .running)
        #expect(try await replay.retry(.ids([job.id]), who: "anna", why: "", now: 1).changed == [job.id])
        #expect(try await test.claim().map(\.id) == [job.id])
    }
}
