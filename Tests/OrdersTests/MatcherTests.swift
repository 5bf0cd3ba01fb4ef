import Foundation
import Orders
import Testing

@Suite struct MatcherTests {
    typealias Counts = MatchingLedger.Counts
    private var random = SeededGenerator(seed: 611)

    private func reloaded(_ rows: [MatchRow]) -> [MatchRow] {
        rows.map { row in
            var row = row
            row.uuid = UUID()
            return row
        }
    }

    private func ledger(_ rows: [MatchRow]) throws -> MatchingLedger {
        var ledger = MatchingLedger()
        #expect(try ledger.take(rows) == Counts(new: rows.count))
        return ledger
    }

    private func only(_ ledger: MatchingLedger) throws -> LedgerIdentity {
        #expect(ledger.entries.count == 1)
        return try #require(ledger.identities.first)
    }

    @Test("BOR-00611 is three orders with 119, 94 and 228 pieces, and a change of one of them touches that one only")
    func threeTwins() throws {
        var rows = [119, 94, 228].map { MatchRow(uuid: UUID(), number: "BOR-00611", sizes: ["OS": $0]) }
        var ledger = try self.ledger(rows)
        #expect(Set(ledger.identities.map(\.occurrence)) == [1, 2, 3])
        rows = self.reloaded(rows)
        #expect(try ledger.take(rows.reversed()) == Counts(unchanged: 3, reidentified: 3))
        rows = self.reloaded(rows)
        rows[1].sizes = ["OS": 100]
        let answer = try ledger.match(rows)
        let changed = answer.matches.values.compactMap { match -> LedgerIdentity? in
            if case .changed(let order) = match { order } else { nil }
        }
        #expect(changed.map { ledger.entries[$0.orderKey]?.row.sizes } == [["OS": 94]])
        #expect(try ledger.take(rows) == Counts(changed: 1, unchanged: 2, reidentified: 2))
    }

    @Test("twins that all change together with a reload stay who they are: those pair that differ least")
    func nearest() throws {
        let rows = (0..<3).map {
            MatchRow(uuid: UUID(), fields: ["\($0)", "\($0)", "\($0)"], sizes: ["M": Int32(10 + $0)])
        }
        let ledger = try self.ledger(rows)
        var changed = self.reloaded(rows)
        for index in changed.indices { changed[index].fields[0] = "new" }
        for portion in [1, 2, 9] {
            let shuffled = changed.indices.shuffled()
            let answer = try ledger.match(shuffled.map { changed[$0] }, portion: portion)
            for (position, index) in shuffled.enumerated() {
                let order = try #require(answer.matches[position]?.order)
                #expect(ledger.entries[order.orderKey]?.row == rows[index])
            }
        }
    }

    @Test("an order whose state nobody knows is paired last")
    func unknownState() throws {
        let known = MatchRow(uuid: nil, fields: ["a"])
        let order = { MatchingLedger.identity(OrderKey(uuid: UUID()), $0, known, Int($0)) }
        let contest = Contest(rows: [known.identity(0)], orders: [order(1), order(2)])
        var states = ContestStates()
        var changed = known
        changed.fields = ["b"]
        states.rows[0] = changed.state
        states.orders[contest.orders[1].orderKey] = known.state
        var matcher = Matcher()
        try matcher.wait(contest.rows[0])
        #expect(matcher.settle(contest, states: states).map(\.match.order) == [contest.orders[1]])
    }

    @Test("identical twins are as many orders as there are rows, and none is made or lost by a reload")
    func identicalTwins() throws {
        let rows = (0..<4).map { _ in MatchRow(uuid: UUID(), number: "GRE-04268") }
        var ledger = try self.ledger(rows)
        let reloaded = self.reloaded(rows)
        #expect(try ledger.take(reloaded) == Counts(unchanged: 4, reidentified: 4))
        #expect(try ledger.take(reloaded + [MatchRow(uuid: nil, number: "GRE-04268")]).new == 1)
        #expect(ledger.entries.count == 5)
    }

    @Test("a uuid that stays names its order, though every key column changed")
    func uuidFirst() throws {
        let uuid = UUID()
        var ledger = try self.ledger([MatchRow(uuid: uuid)])
        let row = MatchRow(uuid: uuid, number: "X", customer: "Y", style: nil, colour: "Z")
        #expect(try ledger.take([row]) == Counts(changed: 1))
        #expect(ledger.entries.count == 1)
    }

    @Test("an order that its uuid has claimed is not claimed by a twin that was read before it")
    func uuidBeforeKey() throws {
        let uuid = UUID()
        var ledger = try self.ledger([MatchRow(uuid: uuid)])
        let rows = [MatchRow(uuid: UUID()), MatchRow(uuid: uuid, fields: ["2"])]
        #expect(try ledger.take(rows, portion: 1) == Counts(new: 1, changed: 1))
    }

    @Test("a style that is corrected together with a reload is the same order, since colour or sizes agree")
    func corrected() throws {
        let corrections: [(inout MatchRow) -> Void] = [
            { $0.style = "S2" }, { $0.colour = nil },
            {
                $0.style = "S2"
                $0.colour = "B"
            },
        ]
        for correct in corrections {
            var ledger = try self.ledger([MatchRow(uuid: UUID(), sizes: ["S": 3, "M": 5])])
            var row = MatchRow(uuid: UUID(), sizes: ["S": 3, "M": 5])
            correct(&row)
            #expect(try ledger.take([row]) == Counts(changed: 1))
            #expect(ledger.entries.count == 1)
        }
    }

    @Test("a row under the same order number of which nothing agrees is new, and its neighbour is not gone in that run")
    func possiblyRenamed() throws {
        var ledger = try self.ledger([MatchRow(uuid: UUID(), style: "A", colour: "A", sizes: ["S": 1])])
        let order = try self.only(ledger)
        let row = MatchRow(uuid: UUID(), style: "B", colour: "B", sizes: ["S": 2])
        let answer = try ledger.match([row])
        #expect(answer.matches[0] == .new)
        #expect(answer.renamed == [order.orderKey])
        // In the next run the row is an order of its own, and nothing stands for the other.
        _ = try ledger.take([row])
        let next = try ledger.match([row])
        #expect(next.renamed == [] && !next.isClaimed(order))
    }

    @Test("two rows that are equally near to an order are both new, for neither is uniquely it")
    func ambiguous() throws {
        let ledger = try self.ledger([MatchRow(uuid: UUID(), style: "A")])
        let rows = ["B", "C"].map { MatchRow(uuid: UUID(), style: $0) }
        let answer = try ledger.match(rows)
        #expect(answer.matches == [0: .new, 1: .new])
        #expect(answer.renamed.count == 1)
    }

    @Test("of two rows under another style the nearer one is the order, and the other is new")
    func nearerOne() throws {
        let ledger = try self.ledger([MatchRow(uuid: UUID(), style: "A", fields: ["x", "y"])])
        let rows = [
            MatchRow(uuid: UUID(), style: "B", fields: ["z", "z"]),
            MatchRow(uuid: UUID(), style: "B", fields: ["x", "y"]),
        ]
        let answer = try ledger.match(rows)
        #expect(answer.matches[0] == .new)
        #expect(answer.matches[1]?.order != nil)
        #expect(answer.renamed.isEmpty, "nobody is left on the ledger's side")
    }

    @Test("a twin that goes while another comes takes its place, and the key of one that left is never given again")
    func keysNeverReused() throws {
        let uuids = (0..<3).map { _ in UUID() }
        var ledger = try self.ledger(uuids.prefix(2).map { MatchRow(uuid: $0, fields: [$0.uuidString]) })
        // One is deleted, and later another comes while the first is still there.
        #expect(try ledger.take([MatchRow(uuid: uuids[0], fields: [uuids[0].uuidString])]) == Counts(unchanged: 1))
        let rows = [MatchRow(uuid: uuids[0], fields: [uuids[0].uuidString]), MatchRow(uuid: uuids[2], fields: ["new"])]
        #expect(try ledger.take(rows) == Counts(changed: 1, unchanged: 1))
        #expect(try ledger.take(rows + [MatchRow(uuid: UUID(), fields: ["third"])]).new == 1)
        #expect(Set(ledger.identities.map(\.occurrence)) == [1, 2, 3])
    }

    @Test("a rejected row claims its order and makes none")
    func rejects() throws {
        let uuid = UUID()
        let ledger = try self.ledger([MatchRow(uuid: uuid)])
        let order = try self.only(ledger)
        #expect(try ledger.match([MatchRow(uuid: uuid, isRejected: true)]).matches == [0: .claimed(order)])
        #expect(try ledger.match([MatchRow(uuid: nil, isRejected: true)]).matches == [0: .claimed(order)])
        let renamed = MatchRow(uuid: nil, style: "other", isRejected: true)
        #expect(try ledger.match([renamed]).matches == [0: .claimed(order)])
        #expect(try ledger.match([MatchRow(uuid: nil, number: "other", isRejected: true)]).matches == [0: .unclaimed])
        // A sound twin that looks as before is the order; the rejected one is then nobody.
        let twins = [MatchRow(uuid: nil, isRejected: true), MatchRow(uuid: nil)]
        #expect(try ledger.match(twins).matches == [0: .unclaimed, 1: .unchanged(order, uuidChanged: false)])
    }

    @Test("a row without a business key is known by its uuid or not at all")
    func noBusinessKey() throws {
        let uuid = UUID()
        let order = MatchingLedger.identity(OrderKey(uuid: UUID()), 1, MatchRow(uuid: uuid), 1)
        var matcher = Matcher()
        let rows = [uuid, nil].enumerated().map {
            RowIdentity(index: $0, recordUUID: $1, keyDigest: nil, fingerprint: nil)
        }
        #expect(try matcher.settle(rows, ledger: [order]) == [.claimed(order), .unclaimed])
        #expect(matcher.isClaimed(order) && matcher.claimedPlaces.count == 1)
    }

    @Test("the same record_uuid twice in one read is refused, known or not, also across portions")
    func duplicates() throws {
        let uuid = UUID()
        let rows = [MatchRow(uuid: uuid), MatchRow(uuid: uuid, number: "other")]
        for ledger in [MatchingLedger(), try self.ledger([rows[0]])] {
            for portion in [1, 2] {
                let error = #expect(throws: DuplicateRecordUUID.self) { try ledger.match(rows, portion: portion) }
                #expect(error?.description.contains(uuid.uuidString.lowercased()) == true)
            }
        }
    }

    @Test("an order known without its fingerprint counts as changed, and so does one that comes back")
    func unknownFingerprint() throws {
        let row = MatchRow(uuid: UUID())
        var ledger = try self.ledger([row])
        let order = try self.only(ledger)
        var unknown = row
        unknown.isRejected = true
        for identity in [
            MatchingLedger.identity(order.orderKey, 1, unknown, 1),
            MatchingLedger.identity(order.orderKey, 1, row, 1, isRetired: true),
        ] {
            ledger.entries[order.orderKey]?.identity = identity
            #expect(try ledger.match([row]).matches == [0: .changed(identity)])
            #expect(try ledger.match(self.reloaded([row])).matches == [0: .changed(identity)])
        }
    }

    @Test("a row outside of the scope claims its order, and is never new")
    func elsewhere() throws {
        let uuid = UUID()
        let ledger = try self.ledger([MatchRow(uuid: uuid)])
        let order = try self.only(ledger)
        let row = MatchRow(uuid: uuid, fields: ["moved"], isElsewhere: true)
        #expect(try ledger.match([row]).matches == [0: .changed(order)])
        #expect(
            try ledger.match([MatchRow(uuid: UUID(), number: "other", isElsewhere: true)]).matches == [0: .unclaimed]
        )
        // A twin in scope that might have been taken for it stays a new one.
        let twin = MatchRow(uuid: UUID(), fields: ["twin"])
        #expect(try ledger.match([twin, row]).matches == [0: .new, 1: .changed(order)])
        // Met again, it is nothing.
        #expect(try ledger.match([row, row], portion: 2).matches[1] == .unclaimed)
    }

    @Test("twins by the ten thousand are matched in no time that grows with their square")
    func manyTwins() throws {
        let rows = (0..<3_000).map { MatchRow(uuid: UUID(), fields: ["\($0)"]) }
        let ledger = try self.ledger(rows)
        var changed = self.reloaded(rows)
        for index in changed.indices { changed[index].fields = ["changed \(index)"] }
        let answer = try ledger.match(changed, portion: 500)
        #expect(answer.matches.values.count { $0.order != nil } == rows.count)
    }
}
