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
        guard try await self.count(target.filter) == detection.report.read else {
            detection.report.complete = false
            return
        }
        for order in open where !detection.matcher.isClaimed(order) && !detection.matcher.isSuspect(order) {
            let action = rule.action(order, now: now)
            detection.note(missing: order, action)
        }
        let touched = detection.gone.count
        guard rule.allows(touched, of: known) else {
            throw EnqueueError.tooManyGone(touched, known: known, kind: rule.kind ?? .archive)
        }
    }

    private func count(_ filter: SourceFilter) async throws -> Int {
        do {
            let count = try await self.source.count(filter, fieldMap: self.fieldMap)
            await self.source.close()
            return count
        } catch {
            await self.source.close()
            throw error
        }
    }

    /// Refuses what was read while the source was being loaded: some of its rows would then have been read twice, under
    /// two identities, and become two orders.
    func refuseTornRead(_ detection: Detection, _ target: Target) async throws {
        guard detection.report.new > 0, !detection.sample.isEmpty else { return }
        let step = max(1, detection.sample.count / Self.sampleSize)
        let sample = stride(from: 0, to: detection.sample.count, by: step).map { detection.sample[$0] }
        let lookUp = SourceLookUp(recordUUIDs: sample)
        var found: Set<UUID> = []
        do {
            try await self.source.open(plan: target.plan, fieldMap: self.fieldMap, lookUp: lookUp)
            while true {
                let readings = try await self.source.next(Self.portion)
                guard !readings.isEmpty else { break }
                found.formUnion(readings.compactMap(\.recordUUID))
            }
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
        guard found.isSuperset(of: sample) else { throw EnqueueError.sourceLoaded }
    }

    private static let sampleSize = 50
}
