import Foundation
import Orders
import Testing

/// A source row in small: its business key, and what else is written of it.
struct MatchRow: Hashable {
    var uuid: UUID?
    var number = "N"
    var customer = "C"
    var style: String? = "S"
    var colour: String? = "W"
    var fields: [String] = []
    var sizes: [String: Int32] = ["M": 1]
    var isRejected = false
    var isElsewhere = false

    var key: BusinessKey {
        BusinessKey(orderNumber: self.number, customer: self.customer, style: self.style, colour: self.colour)
    }

    var state: Order {
        Order(
            businessKey: self.key,
            recordUUID: self.uuid,
            group: "",
            title: "",
            customer: self.customer,
            values: [.text(self.number), self.style.map { .text($0) }, self.colour.map { .text($0) }]
                + self.fields.map { .text($0) },
            sizes: self.sizes.map { SizeQuantity(label: $0, quantity: $1) }.sorted { $0.label < $1.label }
        )
    }

    var fingerprint: Digest {
        let sizes = self.sizes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let parts = [self.number, self.customer, self.style ?? "-", self.colour ?? "-"] + self.fields + sizes
        return Digest.sha256(Array(parts.joined(separator: "|").utf8))
    }

    func identity(_ index: Int) -> RowIdentity {
        RowIdentity(
            index: index,
            recordUUID: self.uuid,
            keyDigest: self.key.digest,
            fingerprint: self.isRejected ? nil : self.fingerprint,
            isElsewhere: self.isElsewhere
        )
    }
}

/// A ledger that learns from runs as the journal does.
struct MatchingLedger {
    struct Entry {
        var identity: LedgerIdentity
        var row: MatchRow
    }

    /// What matching said of a read.
    struct Answer {
        var matches: [Int: Match] = [:]
        var new: [Int] = []
        var renamed: Set<OrderKey> = []
        var isClaimed: (LedgerIdentity) -> Bool = { _ in false }
    }

    struct Counts: Equatable {
        var new = 0
        var changed = 0
        var unchanged = 0
        var reidentified = 0
        var rejected = 0
    }

    var entries: [OrderKey: Entry] = [:]
    private var minted: [Digest: Int] = [:]

    var identities: [LedgerIdentity] { self.entries.values.map(\.identity) }

    /// Takes a read over; gives what happened to how many orders.
    mutating func take(_ rows: [MatchRow], portion: Int = 3) throws -> Counts {
        let answer = try self.match(rows, portion: portion)
        var counts = Counts()
        for index in answer.new { self.learn(rows[index]) }
        for (index, row) in rows.enumerated() {
            switch try #require(answer.matches[index]) {
            case .new: counts.new += 1
            case .changed(let order):
                counts.changed += 1
                self.update(order, row)
            case .unchanged(let order, let uuidChanged):
                counts.unchanged += 1
                counts.reidentified += uuidChanged ? 1 : 0
                self.update(order, row)
            case .claimed, .unclaimed: counts.rejected += 1
            }
        }
        return counts
    }

    /// Matches a read in portions as a run does, the rows being named by their position.
    func match(_ rows: [MatchRow], portion: Int = 3) throws -> Answer {
        var answer = Answer()
        var matcher = Matcher()
        func note(_ matches: some Sequence<RowMatch>) {
            for match in matches {
                #expect(answer.matches.updateValue(match.match, forKey: match.row.index) == nil)
                if match.match == .new { answer.new.append(match.row.index) }
            }
        }
        for part in rows.indices.map({ rows[$0].identity($0) }).parts(of: portion) {
            let uuids = Set(part.compactMap(\.recordUUID))
            let known = self.identities.filter { $0.recordUUID.map(uuids.contains) ?? false }
            for (row, match) in zip(part, try matcher.settle(part, ledger: known.shuffled())) {
                if let match { note([RowMatch(row: row, match: match)]) } else { try matcher.wait(row) }
            }
        }
        for keys in matcher.waitingKeys.parts(of: portion) {
            note(matcher.settleSame(keys, ledger: self.identities.filter { keys.contains($0.keyDigest) }))
        }
        for keys in matcher.waitingKeys.parts(of: portion) {
            let known = self.identities.filter { keys.contains($0.keyDigest) }
            for contest in matcher.contests(keys, ledger: known) {
                note(
                    matcher.settle(contest, states: contest.needsStates ? self.states(contest, rows) : ContestStates())
                )
            }
        }
        let families = Dictionary(grouping: matcher.waiting) { Family(rows[$0.index]) }
        for (family, waiting) in families.shuffled() {
            let known = self.entries.values.filter { Family($0.row) == family }.map(\.identity)
            let contest = Contest(rows: waiting.shuffled(), orders: known.shuffled())
            let verdict = matcher.settleFamily(contest, states: self.states(contest, rows))
            note(verdict.matches)
            answer.renamed.formUnion(verdict.orders.map(\.orderKey))
            for order in verdict.orders { #expect(matcher.isSuspect(order)) }
        }
        note(matcher.finish())
        #expect(matcher.waiting.isEmpty)
        let claimed = matcher
        answer.isClaimed = { claimed.isClaimed($0) }
        return answer
    }

    private func states(_ contest: Contest, _ rows: [MatchRow]) -> ContestStates {
        var states = ContestStates()
        for row in contest.rows { states.rows[row.index] = rows[row.index].state }
        for order in contest.orders { states.orders[order.orderKey] = self.entries[order.orderKey]?.row.state }
        return states
    }

    private mutating func learn(_ row: MatchRow) {
        let occurrence = (self.minted[row.key.digest] ?? 0) + 1
        self.minted[row.key.digest] = occurrence
        let key = OrderKey.mint(businessKey: row.key.digest, occurrence: occurrence)
        #expect(self.entries[key] == nil, "an order key was minted twice")
        let place = Int64(self.entries.count + 1)
        self.entries[key] = Entry(identity: Self.identity(key, place, row, occurrence), row: row)
    }

    private mutating func update(_ order: LedgerIdentity, _ row: MatchRow) {
        let identity = Self.identity(order.orderKey, order.place, row, order.occurrence)
        self.entries[order.orderKey] = Entry(identity: identity, row: row)
    }

    static func identity(
        _ key: OrderKey,
        _ place: Int64,
        _ row: MatchRow,
        _ occurrence: Int,
        isRetired: Bool = false
    ) -> LedgerIdentity {
        LedgerIdentity(
            place: place,
            orderKey: key,
            recordUUID: row.uuid,
            keyDigest: row.key.digest,
            occurrence: occurrence,
            fingerprint: row.isRejected ? nil : row.fingerprint,
            orderNumber: row.number,
            customer: row.customer,
            isRetired: isRetired
        )
    }
}

struct Family: Hashable {
    let number: String
    let customer: String

    init(_ row: MatchRow) {
        self.number = row.number
        self.customer = row.customer
    }
}

extension Array {
    func parts(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}

extension UUID {
    static func random(_ random: inout SeededGenerator) -> UUID {
        let b = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        return UUID(
            uuid: (b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15])
        )
    }
}
