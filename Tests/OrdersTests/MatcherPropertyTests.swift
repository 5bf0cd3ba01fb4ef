import Foundation
import Orders
import Testing

/// Generated histories, judged by the rules once more, written out plainly over whole lists.
@Suite struct MatcherPropertyTests {
    @Test(
        "any history gives what the rules say, in any sequence of rows and in any portions",
        arguments: 0..<12 as Range<UInt64>
    )
    func histories(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed * 7919 + 1)
        for _ in 0..<40 {
            var rows = Self.rows(&random)
            var ledger = MatchingLedger()
            for step in 0..<5 {
                let expected = PlainRules(rows, ledger)
                let straight = try ledger.match(rows, portion: Int.random(in: 1...9, using: &random))
                for (index, match) in straight.matches {
                    #expect(match == expected.matches[index], "seed \(seed), step \(step): row \(rows[index])")
                }
                #expect(straight.renamed == expected.renamed)
                let places = rows.indices.shuffled(using: &random)
                let shuffled = try ledger.match(places.map { rows[$0] }, portion: Int.random(in: 1...9, using: &random))
                // Identical rows may change places; what happens to which order is the same.
                let what = { (answer: MatchingLedger.Answer, row: (Int) -> MatchRow) in
                    Set(answer.matches.map { "\($1) \(row($0))" })
                }
                #expect(what(straight) { rows[$0] } == what(shuffled) { rows[places[$0]] })
                _ = try ledger.take(rows, portion: Int.random(in: 1...9, using: &random))
                #expect(Set(ledger.entries.values.map(\.identity.place)).count == ledger.entries.count)
                rows = Self.edited(rows, &random)
            }
        }
    }

    @Test("a reload with all uuids new and nothing else changed changes nothing", arguments: 0..<8 as Range<UInt64>)
    func reload(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            var rows = Self.rows(&random)
            var ledger = MatchingLedger()
            #expect(try ledger.take(rows).new == rows.count)
            let keys = Set(ledger.entries.keys)
            for _ in 0..<3 {
                rows = rows.map { Self.reloaded($0, &random) }.shuffled(using: &random)
                let counts = try ledger.take(rows, portion: Int.random(in: 1...20, using: &random))
                #expect(counts == .init(unchanged: rows.count, reidentified: rows.count))
                #expect(Set(ledger.entries.keys) == keys)
            }
            #expect(try ledger.take(rows) == .init(unchanged: rows.count))
        }
    }

    @Test("the order keys of a first run hang on neither the sequence of rows nor the portions")
    func firstRun() throws {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<30 {
            let rows = Self.rows(&random)
            var answers: Set<[String]> = []
            for _ in 0..<4 {
                var ledger = MatchingLedger()
                _ = try ledger.take(rows.shuffled(using: &random), portion: Int.random(in: 1...9, using: &random))
                answers.insert(ledger.entries.map { "\($0.key) \($0.value.row)" }.sorted())
            }
            #expect(answers.count == 1)
        }
    }

    /// Rows with many twins and families, some of them identical.
    private static func rows(_ random: inout SeededGenerator) -> [MatchRow] {
        (0..<Int.random(in: 1...22, using: &random)).map { _ in Self.row(&random) }
    }

    private static func row(_ random: inout SeededGenerator) -> MatchRow {
        MatchRow(
            uuid: UUID.random(&random),
            number: "N\(Int.random(in: 0...3, using: &random))",
            customer: "C\(Int.random(in: 0...1, using: &random))",
            style: [nil, "S1", "S2"].randomElement(using: &random) ?? nil,
            colour: [nil, "W", "B"].randomElement(using: &random) ?? nil,
            fields: (0..<3).map { _ in "\(Int.random(in: 0...2, using: &random))" },
            sizes: ["M": Int32.random(in: 1...3, using: &random)]
        )
    }

    private static func reloaded(_ row: MatchRow, _ random: inout SeededGenerator) -> MatchRow {
        var row = row
        row.uuid = UUID.random(&random)
        return row
    }

    /// The rows after a while: some changed, renamed, gone, added, rejected or mended, and perhaps all reloaded.
    private static func edited(_ rows: [MatchRow], _ random: inout SeededGenerator) -> [MatchRow] {
        let isReload = Bool.random(using: &random)
        var rows = rows.compactMap { row -> MatchRow? in
            var row = isReload ? Self.reloaded(row, &random) : row
            row.isRejected = false
            switch Int.random(in: 0...13, using: &random) {
            case 0: return nil
            case 1: row.fields[0] = "\(Int.random(in: 0...4, using: &random))"
            case 2: row.isRejected = true
            case 3: row.style = "S\(Int.random(in: 1...4, using: &random))"
            case 4: row.colour = nil
            case 5: row.sizes = ["M": Int32.random(in: 1...4, using: &random)]
            case 6: row.number = "N\(Int.random(in: 0...3, using: &random))"
            default: break
            }
            return row
        }
        if Bool.random(using: &random) { rows += (0..<3).map { _ in Self.row(&random) } }
        return rows
    }
}

/// The rules of matching over whole lists, without any thought of speed.
private struct PlainRules {
    var matches: [Int: Match] = [:]
    var renamed: Set<OrderKey> = []
    private let rows: [MatchRow]
    private var orders: [MatchingLedger.Entry]
    private var open: [Int]

    init(_ rows: [MatchRow], _ ledger: MatchingLedger) {
        self.rows = rows
        self.orders = ledger.entries.values.sorted { Self.isBefore($0.identity, $1.identity) }
        self.open = rows.indices.sorted { Self.isBefore(rows[$0], rows[$1]) }
        self.pair { $0.uuid != nil && $0.uuid == $1.identity.recordUUID }
        self.pair { !$0.isRejected && $0.key == $1.row.key && $0.fingerprint == $1.identity.fingerprint }
        for key in Set(rows.map(\.key)) {
            while let best = self.best(where: { $0.key == key && $1.row.key == key }).first {
                self.claim(best.row, best.order)
            }
        }
        for family in Set(rows.map(Family.init)) { self.decide(family) }
        for index in self.open { self.matches[index] = rows[index].isRejected ? .unclaimed : .new }
    }

    private mutating func decide(_ family: Family) {
        var excluded: Set<Int> = []
        var excludedOrders: Set<OrderKey> = []
        while true {
            let candidates = self.best { row, entry in
                Family(row) == family && Family(entry.row) == family
                    && (row.style == entry.row.style || row.colour == entry.row.colour
                        || (!row.sizes.isEmpty && row.sizes == entry.row.sizes))
            } excluding: {
                excluded.contains($0) || excludedOrders.contains($1)
            }
            guard !candidates.isEmpty else { break }
            for candidate in candidates {
                let isAlone =
                    candidates.count { $0.row == candidate.row } == 1
                    && candidates.count { $0.order == candidate.order } == 1
                if isAlone {
                    self.claim(candidate.row, candidate.order)
                } else {
                    excluded.insert(candidate.row)
                    excludedOrders.insert(candidate.order)
                }
            }
        }
        let left = self.orders.filter { Family($0.row) == family }
        if self.open.contains(where: { Family(self.rows[$0]) == family }) {
            self.renamed.formUnion(left.map(\.identity.orderKey))
        }
    }

    /// The open pairs that differ in the fewest fields, in the fixed sequence of rows and orders.
    private func best(
        where condition: (MatchRow, MatchingLedger.Entry) -> Bool,
        excluding isExcluded: (Int, OrderKey) -> Bool = { _, _ in false }
    ) -> [(row: Int, order: OrderKey)] {
        var best: [(row: Int, order: OrderKey)] = []
        var least = Int.max
        for index in self.open {
            for entry in self.orders where condition(self.rows[index], entry) {
                guard !isExcluded(index, entry.identity.orderKey) else { continue }
                let distance = Self.distance(self.rows[index], entry.row)
                if distance < least { best = [] }
                if distance <= least {
                    least = distance
                    best.append((index, entry.identity.orderKey))
                }
            }
        }
        return best
    }

    private static func distance(_ one: MatchRow, _ other: MatchRow) -> Int {
        let texts = { (row: MatchRow) in [row.number, row.style ?? "-", row.colour ?? "-"] + row.fields }
        let labels = Set(one.sizes.keys).union(other.sizes.keys)
        return zip(texts(one), texts(other)).count { $0 != $1 } + labels.count { one.sizes[$0] != other.sizes[$0] }
    }

    private mutating func pair(_ isPair: (MatchRow, MatchingLedger.Entry) -> Bool) {
        for index in self.open {
            if let entry = self.orders.first(where: { isPair(self.rows[index], $0) }) {
                self.claim(index, entry.identity.orderKey)
            }
        }
    }

    private mutating func claim(_ index: Int, _ key: OrderKey) {
        guard let entry = self.orders.first(where: { $0.identity.orderKey == key }) else { return }
        self.orders.removeAll { $0.identity.orderKey == key }
        self.open.removeAll { $0 == index }
        let row = self.rows[index]
        if row.isRejected {
            self.matches[index] = .claimed(entry.identity)
        } else if row.fingerprint == entry.identity.fingerprint {
            self.matches[index] = .unchanged(entry.identity, uuidChanged: row.uuid != entry.identity.recordUUID)
        } else {
            self.matches[index] = .changed(entry.identity)
        }
    }

    private static func isBefore(_ one: MatchRow, _ other: MatchRow) -> Bool {
        if one.isRejected != other.isRejected { return other.isRejected }
        if !one.isRejected, one.fingerprint != other.fingerprint { return one.fingerprint < other.fingerprint }
        return (one.uuid?.uuidString ?? "") < (other.uuid?.uuidString ?? "")
    }

    private static func isBefore(_ one: LedgerIdentity, _ other: LedgerIdentity) -> Bool {
        if one.fingerprint != other.fingerprint {
            guard let left = one.fingerprint, let right = other.fingerprint else { return one.fingerprint == nil }
            return left < right
        }
        if one.occurrence != other.occurrence { return one.occurrence < other.occurrence }
        return one.orderKey.description < other.orderKey.description
    }
}
