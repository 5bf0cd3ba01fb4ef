package import FoundationEssentials
package import Orders

// Signatures first; the bodies move to files by subject.
extension Journal {
    func unfinished() -> JournalError { JournalError(.failed, "not written yet") }
}

// MARK: - Opening

extension Journal {
    package func open(now: Int64) throws(JournalError) { throw self.unfinished() }
    package func close() {}
    package nonisolated func runLock(waiting: Duration) async throws(JournalError) -> RunLock {
        throw JournalError(.failed, "not written yet")
    }
}
package final class RunLock: Sendable {}
final class LockFile: Sendable {}

// MARK: - Enqueue

extension Journal {
    package func ledger(uuids: [UUID], keys: [Digest]) throws(JournalError) -> [LedgerIdentity] { throw self.unfinished() }
    package func ledger(in scope: LedgerScope, after: Int64 = 0, limit: Int) throws(JournalError) -> LedgerPage {
        throw self.unfinished()
    }
    package func lastRun() throws(JournalError) -> RunRecord? { throw self.unfinished() }
    package func withEnqueueTransaction<T: Sendable>(
        run: RunRecord,
        now: Int64,
        _ body: @Sendable (EnqueueTransaction) throws -> T
    ) throws -> T { throw self.unfinished() }
}

package final class EnqueueTransaction {
    init() {}
    package func occurrence(after keyDigest: Digest) throws(JournalError) -> Int { 0 }
    package func enqueue(_ order: EnqueuedOrder) throws(JournalError) -> Disposition { .ready }
    package func reidentify(_ orderKey: OrderKey, recordUUID: UUID?) throws(JournalError) {}
    package func record(_ reject: RejectRecord) throws(JournalError) {}
    package func resolveRejects(notSeenIn scope: LedgerScope) throws(JournalError) -> Int { 0 }
    package func missing(_ orderKey: OrderKey) throws(JournalError) -> Int64 { 0 }
    package func found(_ orderKeys: [OrderKey]) throws(JournalError) {}
    package func finish(_ counts: RunRecord.Counts) throws(JournalError) {}
}

// MARK: - Daemon

extension Journal {
    package func beginEpoch(now: Int64, pid: Int32, host: String) throws(JournalError) -> EpochStart { throw self.unfinished() }
    package func endEpoch(now: Int64) throws(JournalError) { throw self.unfinished() }
    package func claim(
        limit: Int,
        leaseUntil: Int64,
        now: Int64,
        excluding customers: Set<String> = [],
        settling: [Settlement] = [],
        closing: [BatchClose] = [],
        batchID: UUID = UUID()
    ) throws(JournalError) -> ClaimResult { throw self.unfinished() }
    package func settle(
        _ settlements: [Settlement],
        closing: [BatchClose] = [],
        now: Int64
    ) throws(JournalError) -> [JobReference] { throw self.unfinished() }
    package func promoted(_ jobs: [JobReference], now: Int64) throws(JournalError) { throw self.unfinished() }
    package func heartbeat(_ jobs: [JobReference], leaseUntil: Int64) throws(JournalError) -> [JobReference] {
        throw self.unfinished()
    }
    package func reclaimExpired(now: Int64) throws(JournalError) -> [JobReference] { throw self.unfinished() }
    package func depth(now: Int64) throws(JournalError) -> QueueDepth { throw self.unfinished() }
    package func pendingBatches(limit: Int) throws(JournalError) -> [PendingBatch] { throw self.unfinished() }
    package func batchesReported(_ ids: [UUID], now: Int64) throws(JournalError) { throw self.unfinished() }
}

// MARK: - Effects

extension Journal {
    package func begin(_ effect: EffectIntent, now: Int64) throws(JournalError) -> Int64 { throw self.unfinished() }
    package func settle(
        effect id: Int64,
        outcomes: [String: EffectOutcome],
        answer: String? = nil,
        now: Int64
    ) throws(JournalError) -> [Alarm] { throw self.unfinished() }
    package func resent(effect id: Int64, now: Int64) throws(JournalError) { throw self.unfinished() }
    package func unsettledEffects() throws(JournalError) -> [UnsettledEffect] { throw self.unfinished() }
    package func rechecks(settledBefore: Int64, limit: Int) throws(JournalError) -> [Recheck] { throw self.unfinished() }
    package func rechecked(_ rechecks: [Recheck], found: [Recheck: Int64] = [:], now: Int64) throws(JournalError) -> [Alarm] {
        throw self.unfinished()
    }
    package func alarms() throws(JournalError) -> [Alarm] { throw self.unfinished() }
    package func acknowledge(alarms ids: [Int64], now: Int64) throws(JournalError) { throw self.unfinished() }
    package func adopt(_ items: [AdoptedItem], now: Int64) throws(JournalError) -> [Alarm] { throw self.unfinished() }
    package func lookedUp(_ orderKeys: [OrderKey]) throws(JournalError) { throw self.unfinished() }
    package func knownGroups(board: Int64) throws(JournalError) -> [String: String] { throw self.unfinished() }
    package func rememberGroups(_ groups: [String: String], board: Int64) throws(JournalError) { throw self.unfinished() }
    package func forgetGroup(title: String, board: Int64) throws(JournalError) { throw self.unfinished() }
}

// MARK: - Backlog and care

extension Journal {
    package func pendingErrors(limit: Int) throws(JournalError) -> [PendingError] { throw self.unfinished() }
    package func errorsWritten(_ errors: [PendingError], now: Int64) throws(JournalError) { throw self.unfinished() }
    package func checkpoint() throws(JournalError) -> CheckpointResult { throw self.unfinished() }
    package func logSize() -> Int64 { 0 }
    package func quickCheck() throws(JournalError) -> [String] { throw self.unfinished() }
    package func integrityCheck() throws(JournalError) -> [String] { throw self.unfinished() }
    package func prune(finishedBefore: Int64, limit: Int = 1000) throws(JournalError) -> Int { throw self.unfinished() }
    package func backup(to path: String) throws(JournalError) { throw self.unfinished() }
    package func dataVersion() throws(JournalError) -> Int64 { throw self.unfinished() }
    package func guardNumbers() throws(JournalError) -> GuardNumbers { throw self.unfinished() }
}

// MARK: - Replay

extension Journal {
    package func list(_ filter: JobFilter) throws(JournalError) -> [JobSummary] { throw self.unfinished() }
    package func show(_ id: Int64) throws(JournalError) -> JobDetail? { throw self.unfinished() }
    package func retry(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome {
        throw self.unfinished()
    }
    package func discard(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome {
        throw self.unfinished()
    }
    package func hold(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome {
        throw self.unfinished()
    }
    package func release(_ filter: JobFilter, who: String, why: String, now: Int64) throws(JournalError) -> ReplayOutcome {
        throw self.unfinished()
    }
    package func settle(job id: Int64, verdict: Verdict, who: String, why: String, now: Int64) throws(JournalError) -> [Alarm] {
        throw self.unfinished()
    }
    package func standing(orderNumber: String) throws(JournalError) -> [OrderStanding] { throw self.unfinished() }
    package func standing(orderKey: OrderKey) throws(JournalError) -> OrderStanding? { throw self.unfinished() }
    package func standings() throws(JournalError) -> [CustomerStanding] { throw self.unfinished() }
}
