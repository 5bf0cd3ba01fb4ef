/// Pairs rows and orders by what they look like: rules 4 and 5.
///
/// The answer hangs on nothing but the values given; ties fall to the lower rank, which hangs on nothing but the row or
/// the order itself.
enum Pairing {
    /// More pairs than these are not compared but paired by rank.
    ///
    /// A source that repeats one business key by the thousand would take minutes.
    static let maximumPairs = 250_000

    /// A row or an order, and what it looks like; nil when nobody knows.
    struct Candidate<Subject> {
        let subject: Subject
        let state: Order?
    }

    struct Pair: Hashable {
        let row: Int
        let order: Int
    }

    /// Pairs the two that differ in the fewest fields, then of the rest the two that do, until one side is empty.
    ///
    /// - Parameters:
    ///   - rows: The rows, by rank.
    ///   - orders: The orders, by rank.
    /// - Returns: The pairs, by positions.
    static func nearest(
        _ rows: [Candidate<RowIdentity>],
        _ orders: [Candidate<LedgerIdentity>]
    ) -> [Pair] {
        guard rows.count * orders.count <= Self.maximumPairs else {
            return zip(rows.indices, orders.indices).map { Pair(row: $0, order: $1) }
        }
        var free = (rows: Self.all(rows), orders: Self.all(orders))
        var pairs: [Pair] = []
        for (pair, _) in Self.byDistance(rows, orders, where: { _, _ in true })
        where free.rows[pair.row] && free.orders[pair.order] {
            (free.rows[pair.row], free.orders[pair.order]) = (false, false)
            pairs.append(pair)
        }
        return pairs
    }

    /// Pairs as ``nearest(_:_:)`` only those of which style, colour or all sizes agree, and of them only those that
    /// nothing else comes as near: who has two that are equally near is paired with neither.
    static func unique(
        _ rows: [Candidate<RowIdentity>],
        _ orders: [Candidate<LedgerIdentity>]
    ) -> [Pair] {
        guard rows.count * orders.count <= Self.maximumPairs else { return [] }
        var free = (rows: Self.all(rows), orders: Self.all(orders))
        var pairs: [Pair] = []
        var rest = Self.byDistance(rows, orders, where: Self.agree)[...]
        while let distance = rest.first?.distance {
            let level = rest.prefix { $0.distance == distance }.map(\.pair)
                .filter { free.rows[$0.row] && free.orders[$0.order] }
            rest = rest.drop { $0.distance == distance }
            let byRow = Dictionary(level.map { ($0.row, 1) }, uniquingKeysWith: +)
            let byOrder = Dictionary(level.map { ($0.order, 1) }, uniquingKeysWith: +)
            for pair in level {
                if byRow[pair.row] == 1, byOrder[pair.order] == 1 { pairs.append(pair) }
                (free.rows[pair.row], free.orders[pair.order]) = (false, false)
            }
        }
        return pairs
    }

    private static func all<Subject>(_ candidates: [Candidate<Subject>]) -> [Bool] {
        [Bool](repeating: true, count: candidates.count)
    }

    /// All pairs, the nearest first; those that look equally near come by rank, those that can't be compared last.
    private static func byDistance(
        _ rows: [Candidate<RowIdentity>],
        _ orders: [Candidate<LedgerIdentity>],
        where condition: (Order?, Order?) -> Bool
    ) -> [(pair: Pair, distance: Int)] {
        var pairs: [(pair: Pair, distance: Int)] = []
        for (row, rowCandidate) in rows.enumerated() {
            for (order, orderCandidate) in orders.enumerated()
            where condition(rowCandidate.state, orderCandidate.state) {
                var distance = Int.max
                if let state = rowCandidate.state, let known = orderCandidate.state {
                    distance = state.distance(to: known)
                }
                pairs.append((Pair(row: row, order: order), distance))
            }
        }
        return pairs.sorted {
            ($0.distance, $0.pair.row, $0.pair.order) < ($1.distance, $1.pair.row, $1.pair.order)
        }
    }

    private static func agree(_ row: Order?, _ order: Order?) -> Bool {
        guard let row, let order else { return false }
        return row.businessKey.style == order.businessKey.style
            || row.businessKey.colour == order.businessKey.colour || row.hasSameSizes(as: order)
    }
}
