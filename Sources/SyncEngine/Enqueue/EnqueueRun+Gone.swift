import FoundationEssentials
import Journal
import Orders
import Warehouse

extension EnqueueRun {
    /// Takes note of the known orders of the scope that are in no row.
    ///
    /// Only what a whole read has shown counts: what is missing is looked up once more after the read, and when the rows are
    /// not as many then as were read, the source was being loaded and tells of no gone orders.
    func findGone(_ detection: inout Detection, _ target: Target, rule: GoneRule, now: Int64) async throws {
        let (missing, known) = try await self.journal.ledger(
            in: target.scope,
            besides: detection.matcher.claimedPlaces
        )
        detection.known = known
        // What was renamed is not gone, and what was dealt with needs nothing more.
        let open = missing.filter { !$0.isRetired && !detection.matcher.isSuspect($0) && !detection.mayBeNameless($0) }
        guard !open.isEmpty else { return }
        // Of a filter, what is outside was looked at before.
        if target.filter.isEmpty, self.source.mayChange {
            try await self.lookUp(open, &detection, target)
            try await self.match(&detection, target)
            for match in detection.matcher.finish() { detection.apply(match) }
        }
        let left = open.filter { !detection.matcher.isClaimed($0) && !detection.matcher.isSuspect($0) }
        guard !left.isEmpty else { return }
        guard try await self.isWhole(detection, target, isDue: left.contains { rule.isDue($0, now: now) }, rule) else {
            detection.report.complete = false
            return
        }
        for order in left { detection.note(missing: order, rule.action(order, now: now)) }
        let touched = detection.gone.count
        guard rule.allows(touched, of: known) else {
            throw EnqueueError.tooManyGone(touched, known: known, kind: rule.kind ?? .archive)
        }
    }

    /// Whether the source holds the very rows that were read, so that what was not read is not there.
    ///
    /// A load in the middle of which the read fell would show by its next rows. When a load was lately, and orders are to be dealt
    /// with because they are missing, it is given a while to show.
    private func isWhole(
        _ detection: Detection,
        _ target: Target,
        isDue: Bool,
        _ rule: GoneRule
    ) async throws -> Bool {
        guard try await self.rows(target.filter).sum == detection.rows else { return false }
        guard isDue, detection.replaced.count > 0, self.source.mayChange, rule.settle > 0 else { return true }
        try await self.time.sleep(rule.settle)
        return try await self.rows(target.filter).sum == detection.rows
    }

    private func rows(
        _ filter: SourceFilter,
        seeking sought: Set<UUID> = []
    ) async throws -> (sum: RowSum, missing: Set<UUID>) {
        do {
            let rows = try await self.source.rows(filter, fieldMap: self.fieldMap, seeking: sought)
            await self.source.close()
            return rows
        } catch {
            await self.source.close()
            throw error
        }
    }

    /// Refuses what was read while the source was being loaded: some of its rows would then have been read twice, under
    /// two identities, and become two orders.
    ///
    /// When the rows are no longer those that were read, each row that is a new order must still be there, and the rows of all orders
    /// that bear its business key: orders that come, go and change meanwhile do no harm.
    func refuseTornRead(_ detection: Detection, _ target: Target) async throws {
        guard detection.report.new > 0, try await self.rows(target.filter).sum != detection.rows else { return }
        var sought = detection.matcher.uuidsThatWaited
        for keys in try detection.newKeys().portions(of: Self.portion) {
            let twins = try await self.journal.ledger(keys: keys).filter { detection.matcher.isClaimed($0) }
            sought.formUnion(twins.filter { !detection.replaced.contains($0.place) }.compactMap(\.recordUUID))
        }
        // Some of them may stand outside of the scope.
        guard try await self.rows(SourceFilter(), seeking: sought).missing.isEmpty else {
            throw EnqueueError.sourceLoaded
        }
    }
}
