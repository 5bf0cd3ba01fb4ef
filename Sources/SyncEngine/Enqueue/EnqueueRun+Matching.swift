import FoundationEssentials
import Journal
import Orders
import Warehouse

extension EnqueueRun {
    /// How many rows are read and matched at a time.
    static let portion = 500
    /// How many orders are looked up at a time: each is a parameter of the query.
    static let lookUpPortion = 200
    /// More orders than these are not looked up one by one: all rows are read instead.
    static let mostLookUps = 1_000

    /// Reads the rows of the filter; those that their uuids settle are settled (rule 1).
    func read(_ detection: inout Detection, _ filter: SourceFilter, plan: SourcePlan) async throws {
        try await self.source.open(plan: plan, fieldMap: self.fieldMap, filter: filter)
        do {
            var unread = try await self.source.nextUnread(Self.portion)
            while let part = unread {
                // The source's thread fetches on while these are read and matched.
                async let more = self.source.nextUnread(Self.portion)
                let standings = try await self.standings(of: part.marks, detection)
                let others = try detection.takeSame(part.marks, standings)
                let open = try await self.takeLoadedAnew(others, standings, part, &detection)
                let readings = open.map { part.read($0) }
                let rows = zip(open, readings).map { $1.identity(self.fieldMap, rowDigest: part.marks[$0]?.digest) }
                let ledger = try await self.journal.ledger(uuids: rows.compactMap(\.recordUUID))
                try detection.take(readings, rows, ledger: ledger)
                self.progress(detection.report.read)
                unread = try await more
            }
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
    }

    /// What the ledger tells of rows before they are read.
    private func standings(of marks: [RowMark?], _ detection: Detection) async throws -> [RowStanding] {
        // A field map that is used for the first time, or by which rows were never read, leaves nothing as it was.
        guard let number = detection.fieldMapNumber else { return marks.map { _ in .unread } }
        return try await self.journal.standings(of: marks, fieldMap: number)
    }

    /// Lets rows with unknown uuids wait that look like an order of their business key: after a reload these are nearly all, and
    /// nothing but their keys need be read.
    ///
    /// - Returns: The positions of the others.
    private func takeLoadedAnew(
        _ positions: [Int],
        _ standings: [RowStanding],
        _ part: UnreadRows,
        _ detection: inout Detection
    ) async throws -> [Int] {
        let unknown = positions.filter { standings[$0] == .unknown }
        guard !unknown.isEmpty else { return positions }
        let keyed = unknown.compactMap { position in part.keyed(position).map { (position, $0) } }
        let fingerprints = try await self.journal.fingerprints(of: keyed.map(\.1))
        var waiting: Set<Int> = []
        for ((position, mark), fingerprint) in zip(keyed, fingerprints) {
            guard let fingerprint, let uuid = part.marks[position]?.recordUUID else { continue }
            try detection.wait(uuid, mark, fingerprint: fingerprint)
            waiting.insert(position)
        }
        return waiting.isEmpty ? positions : positions.filter { !waiting.contains($0) }
    }

    /// Matches what the uuids have left open.
    func match(_ detection: inout Detection, _ target: Target) async throws {
        try await self.matchSame(&detection)
        try await self.readLeftOver(&detection, target)
        if !target.filter.isEmpty { try await self.lookOutside(&detection, target) }
        try await self.matchContests(&detection, target.scope)
        try await self.matchFamilies(&detection, target.scope)
    }

    /// Rule 2.
    private func matchSame(_ detection: inout Detection) async throws {
        for keys in detection.matcher.waitingKeys.portions(of: Self.portion) {
            let ledger = try await self.journal.ledger(keys: keys)
            for match in detection.matcher.settleSame(keys, ledger: ledger) { detection.apply(match) }
        }
    }

    /// Reads the rows that looked like a known order, which then was another row's: there are more rows of that look than orders.
    private func readLeftOver(_ detection: inout Detection, _ target: Target) async throws {
        var unread = detection.unread
        guard !unread.isEmpty else { return }
        do {
            if unread.count > Self.mostLookUps {
                try await self.source.open(plan: target.plan, fieldMap: self.fieldMap, filter: target.filter)
                try await self.setAside(&unread, &detection)
            } else {
                for part in unread.keys.sorted().portions(of: Self.lookUpPortion) {
                    let lookUp = SourceLookUp(recordUUIDs: part)
                    try await self.source.open(plan: target.plan, fieldMap: self.fieldMap, lookUp: lookUp)
                    try await self.setAside(&unread, &detection)
                }
            }
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
        guard unread.isEmpty else { throw EnqueueError.sourceLoaded }
    }

    private func setAside(_ unread: inout [UUID: RowIdentity], _ detection: inout Detection) async throws {
        while let part = try await self.source.nextUnread(Self.portion) {
            for (position, mark) in part.marks.enumerated() {
                guard let mark, let row = unread[mark.recordUUID], row.rowDigest == mark.digest,
                    case .order(let order) = part.read(position)
                else { continue }
                unread[mark.recordUUID] = nil
                try detection.setAside(order, inPlaceOf: row)
            }
        }
    }

    /// Rules 3 and 4.
    private func matchContests(_ detection: inout Detection, _ scope: LedgerScope) async throws {
        for keys in detection.matcher.waitingKeys.portions(of: Self.portion) {
            let ledger = try await self.journal.ledger(keys: keys, scope: scope)
            for contest in detection.matcher.contests(keys, ledger: ledger) {
                let states = contest.needsStates ? try await self.states(of: contest, detection) : ContestStates()
                for match in detection.matcher.settle(contest, states: states) { detection.apply(match) }
            }
        }
    }

    /// Rule 5.
    private func matchFamilies(_ detection: inout Detection, _ scope: LedgerScope) async throws {
        guard !detection.matcher.waitingKeys.isEmpty else { return }
        // On a first run nobody is there to be renamed, however many rows are new.
        guard try await self.journal.ledgerCount() > detection.matcher.claimedPlaces.count else { return }
        let families = try detection.families()
        for part in families.keys.sorted(by: Self.isBefore).portions(of: Self.portion) {
            let ledger = try await self.journal.ledger(families: part, scope: scope)
            let orders = Dictionary(grouping: ledger.filter { !detection.matcher.isClaimed($0) }) {
                OrderFamily(orderNumber: $0.orderNumber, customer: $0.customer)
            }
            for family in part {
                guard let orders = orders[family], let rows = families[family] else { continue }
                let contest = Contest(rows: rows, orders: orders)
                let states = try await self.states(of: contest, detection)
                detection.note(detection.matcher.settleFamily(contest, states: states), in: family)
            }
        }
    }

    private static func isBefore(_ one: OrderFamily, _ other: OrderFamily) -> Bool {
        (one.customer, one.orderNumber) < (other.customer, other.orderNumber)
    }

    private func states(of contest: Contest, _ detection: Detection) async throws -> ContestStates {
        let snapshots = try await self.journal.snapshots(of: contest.orders.map(\.orderKey))
        return try detection.states(of: contest, snapshots: snapshots)
    }

    // MARK: Rows outside of the scope

    /// Reads the rows outside of the filter that may be orders missing within it, or orders that rows within it may
    /// otherwise be taken for: an order whose purchase order was corrected has moved, and a twin elsewhere stays itself.
    private func lookOutside(_ detection: inout Detection, _ target: Target) async throws {
        // One that was dealt with is found by the run that takes its new place in.
        var orders = try await self.journal.ledger(in: target.scope, besides: detection.matcher.claimedPlaces).missing
            .filter { !$0.isRetired }
        for part in Array(try detection.families().keys).portions(of: Self.portion) {
            orders += try await self.journal.ledger(families: part, scope: target.scope)
                .filter { !$0.isInScope && !detection.matcher.isClaimed($0) }
        }
        try await self.lookUp(orders, &detection, target)
    }

    /// Reads the rows outside of the filter that these orders may be; of a filter that takes all, the rows anew.
    func lookUp(_ orders: [LedgerIdentity], _ detection: inout Detection, _ target: Target) async throws {
        guard !orders.isEmpty else { return }
        detection.seek(orders)
        do {
            if orders.count > Self.mostLookUps {
                try await self.readLookUp(SourceLookUp(outside: target.filter), &detection, target)
            } else {
                for part in orders.portions(of: Self.lookUpPortion) {
                    let lookUp = SourceLookUp(
                        orderNumbers: Set(part.map(\.orderNumber)).sorted(),
                        recordUUIDs: Set(part.compactMap(\.recordUUID)).sorted(),
                        outside: target.filter
                    )
                    try await self.readLookUp(lookUp, &detection, target)
                }
            }
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
        try await self.matchSame(&detection)
    }

    private func readLookUp(_ lookUp: SourceLookUp, _ detection: inout Detection, _ target: Target) async throws {
        try await self.source.open(plan: target.plan, fieldMap: self.fieldMap, lookUp: lookUp)
        while true {
            let readings = try await self.source.next(Self.portion)
            guard !readings.isEmpty else { return }
            let found = detection.relevant(readings, isAll: target.filter.isEmpty)
            let ledger = try await self.journal.ledger(uuids: found.compactMap(\.1.recordUUID))
            try detection.takeElsewhere(found, ledger: ledger)
        }
    }
}

extension Array {
    /// The elements in arrays of that many, the last of which may be shorter.
    func portions(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
