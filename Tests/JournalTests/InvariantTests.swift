import FoundationEssentials
import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct InvariantTests {
    private static let states: [JobState] = [.ready, .running, .retry, .dead, .held, .inDoubt, .done]

    /// A journal with a job in every state, and what may stand behind each.
    private func journal() async throws -> TestJournal {
        let test = try await TestJournal()
        // In reverse, since a claim takes the oldest that is ready.
        for (number, state) in Self.states.enumerated().reversed() { try await test.bring(number, to: state) }
        try await test.enqueue(.test(1, version: 2), .test(5, version: 2))
        return test
    }

    @Test func `whatever was done to jobs, the rules of the queue hold`() async throws {
        let test = try await self.journal()
        #expect(try await test.journal.brokenInvariants() == [])
        for deed in [Deed.hold, .release, .retry, .discard] {
            _ = try await test.journal.perform(deed, on: .ids(Array(1...9)), who: "me", why: "try", now: 5000)
            #expect(try await test.journal.brokenInvariants() == [], "\(deed)")
        }
        await test.journal.close()
        try await test.journal.open(now: 6000)
        _ = try await test.journal.beginEpoch(now: 6000, pid: 1, host: "test")
        #expect(try await test.journal.brokenInvariants() == [])
    }

    @Test(arguments: [
        ("DELETE FROM meta", "the journal has no id"),
        ("DELETE FROM lane", "customer GREYSON has ready jobs that are never claimed"),
        ("DELETE FROM snapshot WHERE job_id = 7", "job 7 has no snapshot"),
        (
            "DELETE FROM snapshot WHERE job_id = (SELECT id FROM job WHERE state = 'done')",
            "stands on the board is lost"
        ),
        ("UPDATE effect SET state = 'settled', settled_ms = 1", "is settled though a part of it has no known outcome"),
        ("UPDATE effect_target SET outcome = 'absent', settled_ms = 1", "though no part of it has no known outcome"),
        ("UPDATE effect_target SET outcome = 'absent', settled_ms = 1", "is in doubt about nothing"),
        (
            "UPDATE job SET state = 'ready' WHERE state = 'in_doubt'",
            "is ready though a request of it has no known outcome"
        ),
        ("UPDATE job SET owner_epoch = 0 WHERE state = 'running'", "runs for start 0 of the daemon, which is over"),
        ("DELETE FROM error_row", "is dead without an open error row"),
        ("UPDATE ledger SET item_id = 7, item_board = 1", "item 7 belongs to 7 orders"),
        (
            "INSERT INTO ledger_subitem SELECT order_key, 'XL', 7, 1 FROM ledger LIMIT 2",
            "subitem 7 belongs to 2 sizes"
        ),
        (
            """
            UPDATE job SET state = 'discarded', finished_ms = 1, owner_epoch = NULL, lease_until_ms = NULL
            WHERE state = 'running'
            """,
            "waits behind no live job"
        ),
        (
            "DROP INDEX job_unfinished; UPDATE job SET state = 'held', waits = 0 WHERE state = 'waiting'",
            "has 2 live jobs"
        ),
        ("DELETE FROM ledger", "is of an order that the ledger lacks"),
    ]) func `what contradicts the rules is told`(tampering: String, words: String) async throws {
        let test = try await self.journal()
        try await test.journal.tamper(tampering)
        let problems = try await test.journal.brokenInvariants()
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
    }

    @Test func `a snapshot that is not what was written is told`() async throws {
        let test = try await TestJournal()
        for number in 1...3 {
            let order = EnqueuedOrder.test(number)
            try await test.enqueue(
                EnqueuedOrder(
                    orderKey: order.orderKey,
                    snapshot: order.snapshot,
                    snapshotDigest: .sha256(order.snapshot),
                    fingerprint: order.fingerprint,
                    identity: order.identity
                )
            )
        }
        let examination = try await test.journal.examine()
        #expect(examination.damage == [] && examination.contradictions == [])
        #expect(examination.jobs == 3 && examination.orders == 3 && examination.isWAL && examination.isGuardInForce)
        try await test.journal.tamper("UPDATE snapshot SET bytes = x'7b7d' WHERE job_id = 2")
        #expect(try await test.journal.examine().contradictions == ["the snapshot of job 2 is not what was written"])
    }
}
