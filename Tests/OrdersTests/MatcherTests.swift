import Foundation
import Orders
import Testing

@Suite struct MatcherTests {
    /// A source row in small: its business key, and what else is written of it.
    struct Row: Hashable {
        var uuid: UUID?
        var key: String
        var look: String?
    }

    /// A ledger that learns from runs as the journal does.
    struct Ledger {
        var orders: [OrderKey: LedgerIdentity] = [:]
        var highest: [Digest: Int] = [:]

        /// Takes a read over; gives what happened to how many orders.
        mutating func take(_ rows: [Row], portion: Int = 3) throws -> Counts {
            let matches = try self.match(rows, portion: portion)
            var counts = Counts()
            for (row, match) in zip(rows, matches) {
                switch match {
                case .new(let offset):
                    counts.new += 1
                    self.learn(row, occurrence: (self.highest[digest(row.key)] ?? 0) + 1 + offset)
                case .changed(let key):
                    counts.changed += 1
                    try self.update(key, row)
                case .unchanged(let key, let uuidChanged):
                    counts.unchanged += 1
                    counts.reidentified += uuidChanged ? 1 : 0
                    try self.update(key, row)
                case .claimed, .unclaimed:
                    counts.rejected += 1
                }
            }
            for order in self.orders.values {
                self.highest[order.keyDigest] = max(self.highest[order.keyDigest] ?? 0, order.occurrence)
            }
            return counts
        }

        /// Matches a read in portions, the rows being named by their position.
        func match(_ rows: [Row], portion: Int) throws -> [Match] {
            var matcher = Matcher()
            var found: [Int: Match] = [:]
            let identities = rows.enumerated().map { index, row in
                RowIdentity(
                    index: index,
                    recordUUID: row.uuid,
                    keyDigest: digest(row.key),
                    fingerprint: row.look.map { digest(row.key + "/" + $0) }
                )
            }
            for start in stride(from: 0, to: rows.count, by: portion) {
                let part = Array(identities[start..<min(start + portion, rows.count)])
                let uuids = Set(part.compactMap(\.recordUUID))
                let known = self.orders.values.filter { $0.recordUUID.map(uuids.contains) ?? false }
                for match in try matcher.add(part, ledger: Array(known)) { found[match.row] = match.match }
            }
            let keys = matcher.pendingKeys
            for start in stride(from: 0, to: keys.count, by: portion) {
                let part = Array(keys[start..<min(start + portion, keys.count)])
                let known = self.orders.values.filter { part.contains($0.keyDigest) }
                for match in matcher.resolve(part, ledger: Array(known)) { found[match.row] = match.match }
            }
            #expect(found.count == rows.count)
            #expect(matcher.pendingKeys.isEmpty)
            return rows.indices.compactMap { found[$0] }
        }

        private mutating func learn(_ row: Row, occurrence: Int) {
            let key = OrderKey.mint(businessKey: digest(row.key), occurrence: occurrence)
            #expect(self.orders[key] == nil, "an order key was minted twice")
            self.orders[key] = self.identity(key, row, occurrence)
        }

        private mutating func update(_ key: OrderKey, _ row: Row) throws {
            let order = try #require(self.orders[key])
            self.orders[key] = self.identity(key, row, order.occurrence)
        }

        private func identity(_ key: OrderKey, _ row: Row, _ occurrence: Int) -> LedgerIdentity {
            LedgerIdentity(
                orderKey: key,
                recordUUID: row.uuid,
                keyDigest: digest(row.key),
                occurrence: occurrence,
                fingerprint: row.look.map { digest(row.key + "/" + $0) },
                orderNumber: row.key,
                customer: "C"
            )
        }
    }

    struct Counts: Equatable {
        var new = 0
        var changed = 0
        var unchanged = 0
        var reidentified = 0
        var rejected = 0
    }

    @Test("a full reload with all uuids new changes no order, whatever the sequence of its rows")
    func reload() throws {
        var random = SeededGenerator(seed: 3)
        for round in 0..<60 {
            var rows = randomRows(&random)
            var ledger = Ledger()
            let first = try ledger.take(rows)
            #expect(first == Counts(new: rows.count))
            let keys = Set(ledger.orders.keys)
            for _ in 0..<3 {
                rows = rows.map { Row(uuid: newUUID(&random), key: $0.key, look: $0.look) }.shuffled(using: &random)
                let counts = try ledger.take(rows, portion: Int.random(in: 1...20, using: &random))
                #expect(counts == Counts(unchanged: rows.count, reidentified: rows.count), "round \(round)")
                #expect(Set(ledger.orders.keys) == keys)
            }
        }
    }

    @Test("a run without any change in the source changes nothing")
    func stillness() throws {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<40 {
            let rows = randomRows(&random)
            var ledger = Ledger()
            _ = try ledger.take(rows)
            #expect(try ledger.take(rows.shuffled(using: &random)) == Counts(unchanged: rows.count))
        }
    }

    @Test("BOR-00611 is three orders with 119, 94 and 228 pieces, and stays three after a reload")
    func threeTwins() throws {
        var random = SeededGenerator(seed: 611)
        let key = "BOR-00611 BORN PRIMITIVE 55012 ICE"
        let rows = ["119", "94", "228"].map { Row(uuid: newUUID(&random), key: key, look: $0) }
        var ledger = Ledger()
        #expect(try ledger.take(rows) == Counts(new: 3))
        #expect(Set(ledger.orders.values.map(\.occurrence)) == [1, 2, 3])
        var reloaded = rows.map { Row(uuid: newUUID(&random), key: key, look: $0.look) }
        #expect(try ledger.take(reloaded.reversed()) == Counts(unchanged: 3, reidentified: 3))
        // One of them changes together with a reload: only that one is touched.
        reloaded = ["119", "100", "228"].map { Row(uuid: newUUID(&random), key: key, look: $0) }
        #expect(try ledger.take(reloaded) == Counts(changed: 1, unchanged: 2, reidentified: 2))
    }

    @Test("identical twins are as many orders as there are rows, and none is made or lost by a reload")
    func identicalTwins() throws {
        var random = SeededGenerator(seed: 18)
        let rows = (0..<4).map { _ in Row(uuid: newUUID(&random), key: "GRE-04268", look: "18") }
        var ledger = Ledger()
        #expect(try ledger.take(rows) == Counts(new: 4))
        let reloaded = rows.map { Row(uuid: newUUID(&random), key: $0.key, look: $0.look) }
        #expect(try ledger.take(reloaded) == Counts(unchanged: 4, reidentified: 4))
        #expect(try ledger.take(reloaded + [Row(uuid: nil, key: "GRE-04268", look: "18")]).new == 1)
        #expect(ledger.orders.count == 5)
    }

    @Test("the order keys of a first run hang on neither the sequence of rows nor the portions")
    func firstRun() throws {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<30 {
            let rows = randomRows(&random)
            var answers: Set<[String]> = []
            for _ in 0..<4 {
                var ledger = Ledger()
                _ = try ledger.take(rows.shuffled(using: &random), portion: Int.random(in: 1...9, using: &random))
                let keys = ledger.orders.values
                    .map { "\($0.orderKey) \($0.recordUUID?.uuidString ?? "") \($0.fingerprint?.hexadecimal ?? "")" }
                answers.insert(keys.sorted())
            }
            #expect(answers.count == 1)
        }
    }

    @Test("any sequence of rows gives the same answer, in any history")
    func anySequence() throws {
        var random = SeededGenerator(seed: 34)
        for _ in 0..<60 {
            var rows = randomRows(&random)
            var ledger = Ledger()
            for _ in 0..<4 {
                _ = try ledger.take(rows)
                rows = edited(rows, isReload: Bool.random(using: &random), &random)
                let straight = Set(zip(rows, try ledger.match(rows, portion: 4)).map { "\($0) \($1)" })
                let shuffled = rows.shuffled(using: &random)
                let other = Set(zip(shuffled, try ledger.match(shuffled, portion: 1)).map { "\($0) \($1)" })
                #expect(straight == other)
            }
        }
    }

    @Test("no order is ever claimed by two rows, and after a reload exactly those are touched that look new")
    func noMoreThanNeeded() throws {
        var random = SeededGenerator(seed: 55)
        for _ in 0..<80 {
            var rows = randomRows(&random)
            var ledger = Ledger()
            for _ in 0..<5 {
                _ = try ledger.take(rows)
                let isReload = Bool.random(using: &random)
                rows = edited(rows, isReload: isReload, &random)
                let matches = try ledger.match(rows, portion: 5)
                let claims = matches.compactMap { match in
                    switch match {
                    case .changed(let key), .claimed(let key), .unchanged(let key, _): key
                    case .new, .unclaimed: nil as OrderKey?
                    }
                }
                #expect(Set(claims).count == claims.count)
                guard isReload else { continue }
                let touched = matches.count { match in
                    switch match {
                    case .changed, .new: true
                    case .claimed, .unchanged, .unclaimed: false
                    }
                }
                let known = ledger.orders.values.compactMap(\.fingerprint)
                let looks = rows.compactMap { row in row.look.map { digest(row.key + "/" + $0) } }
                #expect(touched == looks.count - common(known, looks))
            }
        }
    }

    @Test("a uuid that stays names its order, though every key column changed")
    func uuidFirst() throws {
        var random = SeededGenerator(seed: 1)
        let uuid = newUUID(&random)
        var ledger = Ledger()
        _ = try ledger.take([Row(uuid: uuid, key: "A", look: "1")])
        #expect(try ledger.take([Row(uuid: uuid, key: "B", look: "1")]) == Counts(changed: 1))
        #expect(ledger.orders.count == 1)
    }

    @Test("an order that its uuid has claimed is not claimed by a twin that was read before it")
    func uuidBeforeKey() throws {
        var random = SeededGenerator(seed: 2)
        let uuid = newUUID(&random)
        var ledger = Ledger()
        _ = try ledger.take([Row(uuid: uuid, key: "A", look: "1")])
        let rows = [Row(uuid: newUUID(&random), key: "A", look: "1"), Row(uuid: uuid, key: "A", look: "2")]
        #expect(try ledger.take(rows, portion: 1) == Counts(new: 1, changed: 1))
    }

    @Test("a rejected row claims its order and makes none")
    func rejects() throws {
        var random = SeededGenerator(seed: 5)
        let uuid = newUUID(&random)
        var ledger = Ledger()
        _ = try ledger.take([Row(uuid: uuid, key: "A", look: "1")])
        let key = try #require(ledger.orders.keys.first)
        #expect(try ledger.match([Row(uuid: uuid, key: "A", look: nil)], portion: 1) == [.claimed(key)])
        #expect(try ledger.match([Row(uuid: nil, key: "A", look: nil)], portion: 1) == [.claimed(key)])
        #expect(try ledger.match([Row(uuid: nil, key: "B", look: nil)], portion: 1) == [.unclaimed])
        // A sound twin that looks as before is the order; the rejected one is then nobody.
        let twins = [Row(uuid: nil, key: "A", look: nil), Row(uuid: nil, key: "A", look: "1")]
        #expect(try ledger.match(twins, portion: 1) == [.unclaimed, .unchanged(key, uuidChanged: false)])
    }

    @Test("a row without a business key is known by its uuid or not at all")
    func noBusinessKey() throws {
        var matcher = Matcher()
        let uuid = UUID()
        let order = LedgerIdentity(
            orderKey: OrderKey(uuid: UUID()),
            recordUUID: uuid,
            keyDigest: digest("A"),
            occurrence: 1,
            fingerprint: nil,
            orderNumber: "A",
            customer: "C"
        )
        let matches = try matcher.add(
            [
                RowIdentity(index: 0, recordUUID: uuid, keyDigest: nil, fingerprint: nil),
                RowIdentity(index: 1, recordUUID: nil, keyDigest: nil, fingerprint: nil),
            ],
            ledger: [order]
        )
        #expect(matches.map(\.match) == [.claimed(order.orderKey), .unclaimed])
        #expect(matcher.isClaimed(order.orderKey))
        #expect(matcher.claimedCount == 1)
    }

    @Test("the same record_uuid twice in one read is refused, also across portions")
    func duplicates() throws {
        let uuid = UUID()
        let row = { RowIdentity(index: $0, recordUUID: uuid, keyDigest: digest("\($0)"), fingerprint: digest("x")) }
        var matcher = Matcher()
        _ = try matcher.add([row(4)], ledger: [])
        let error = #expect(throws: DuplicateRecordUUID.self) { try matcher.add([row(9)], ledger: []) }
        #expect(error?.rows == [4, 9])
        #expect(error?.description.contains(uuid.uuidString.lowercased()) == true)
    }

    @Test("an order known without its fingerprint counts as changed")
    func unknownFingerprint() throws {
        var ledger = Ledger()
        _ = try ledger.take([Row(uuid: nil, key: "A", look: "1")])
        let order = try #require(ledger.orders.values.first)
        ledger.orders[order.orderKey] = LedgerIdentity(
            orderKey: order.orderKey,
            recordUUID: nil,
            keyDigest: order.keyDigest,
            occurrence: 1,
            fingerprint: nil,
            orderNumber: "A",
            customer: "C"
        )
        #expect(try ledger.match([Row(uuid: nil, key: "A", look: "1")], portion: 1) == [.changed(order.orderKey)])
    }
}

/// A digest of a text: the tests need many that differ.
private func digest(_ text: String) -> Digest {
    BusinessKey(orderNumber: text, customer: "test", style: nil, colour: nil).digest
}

private func newUUID(_ random: inout SeededGenerator) -> UUID { UUID.random(using: &random) }

extension UUID {
    fileprivate static func random(using random: inout SeededGenerator) -> UUID {
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let groups = [
            text.prefix(8), text.dropFirst(8).prefix(4), text.dropFirst(12).prefix(4),
            text.dropFirst(16).prefix(4), text.dropFirst(20),
        ]
        return UUID(uuidString: groups.joined(separator: "-")) ?? UUID()
    }
}

/// Rows with many twins, some of them identical.
private func randomRows(_ random: inout SeededGenerator) -> [MatcherTests.Row] {
    (0..<Int.random(in: 1...25, using: &random)).map { _ in
        MatcherTests.Row(
            uuid: newUUID(&random),
            key: "K\(Int.random(in: 0...6, using: &random))",
            look: "\(Int.random(in: 0...3, using: &random))"
        )
    }
}

/// The rows after a while: some changed, gone, added or rejected, and perhaps all reloaded.
private func edited(
    _ rows: [MatcherTests.Row],
    isReload: Bool,
    _ random: inout SeededGenerator
) -> [MatcherTests.Row] {
    var rows = rows.compactMap { row -> MatcherTests.Row? in
        var row = row
        if isReload { row.uuid = newUUID(&random) }
        switch Int.random(in: 0...9, using: &random) {
        case 0: return nil
        case 1: row.look = "\(Int.random(in: 0...5, using: &random))"
        case 2: row.look = nil
        case 3: row.key = "K\(Int.random(in: 0...8, using: &random))"
        default: break
        }
        return row
    }
    if Bool.random(using: &random) { rows += randomRows(&random).prefix(3) }
    return rows
}

/// How many elements two lists share, counting repeats.
private func common(_ left: [Digest], _ right: [Digest]) -> Int {
    var counts: [Digest: Int] = [:]
    for element in left { counts[element, default: 0] += 1 }
    return right.count { element in
        guard let count = counts[element], count > 0 else { return false }
        counts[element] = count - 1
        return true
    }
}
