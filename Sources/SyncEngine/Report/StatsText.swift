package import Journal
import Orders

/// Which customer is stuck, at a glance.
package enum StatsText {
    /// The titles of the buckets: each holds what is younger than its title says, and older than the one before.
    static let buckets =
        CustomerStanding.bucketEnds.map { "<" + Self.title(minutes: $0 / 60_000) } + ["older"]

    /// A line a customer, and one of sums where there are several.
    package static func lines(_ standings: [CustomerStanding], now: Int64, width: Int?) -> [String] {
        let states: [(title: String, states: [JobState])] = [
            ("IN WORK", [.running]), ("IN DOUBT", [.inDoubt]), ("DEAD", [.dead]), ("HELD", [.held]),
        ]
        // Buckets that nobody has come to yet would only push the rest off the terminal.
        let last = standings.compactMap { $0.ages.lastIndex { $0 > 0 } }.max() ?? 0
        var table = TextTable(
            [.init("CUSTOMER", isFlexible: true), .init("OLDEST", .right)]
                + (Self.buckets[...last] + states.map(\.title)).map { .init($0, .right) }
        )
        func add(_ name: String, _ oldest: Int64?, _ ages: [Int], _ counts: [JobState: Int]) {
            // A zero says nothing at a glance.
            let numbers = ages[...last] + states.map { $0.states.reduce(0) { $0 + (counts[$1] ?? 0) } }
            table.add(
                [name, oldest.map { HumanText.age(milliseconds: now - $0) } ?? ""]
                    + numbers.map { $0 == 0 ? "·" : HumanText.count($0) }
            )
        }
        for standing in standings { add(standing.customer, standing.oldest, standing.ages, standing.states) }
        if standings.count > 1 {
            let ages = standings.reduce(into: Array(repeating: 0, count: Self.buckets.count)) { sums, standing in
                for (index, count) in standing.ages.enumerated() { sums[index] += count }
            }
            add(
                "(all)",
                standings.compactMap(\.oldest).min(),
                ages,
                standings.reduce(into: [:]) { $0.merge($1.states, uniquingKeysWith: +) }
            )
        }
        return table.lines(width: width)
    }

    private static func title(minutes: Int64) -> String {
        minutes < 60 ? "\(minutes)m" : minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes / 60)h\(minutes % 60)"
    }
}

/// The answer of `ordersync-replay stats --json`.
package struct StatsForm: Hashable, Sendable, Codable {
    package struct Customer: Hashable, Sendable, Codable {
        package let customer: String
        /// Unfinished jobs by state.
        package let states: [String: Int]
        /// Those that go on by themselves, by age: one number a bucket.
        package let ages: [Int]
        /// Since when the oldest of those waits.
        package let oldest: String?
    }

    package let customers: [Customer]
    /// Unfinished jobs by state, of all customers.
    package let states: [String: Int]
    /// The upper ends of all buckets but the last, in seconds.
    package let bucketEnds: [Int64]

    package init(_ standings: [CustomerStanding]) {
        func named(_ states: [JobState: Int]) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: states.map { ($0.rawValue, $1) })
        }
        self.customers = standings.map { standing in
            Customer(
                customer: standing.customer,
                states: named(standing.states),
                ages: standing.ages,
                oldest: standing.oldest.map(HumanText.time)
            )
        }
        self.states = named(standings.reduce(into: [:]) { $0.merge($1.states, uniquingKeysWith: +) })
        self.bucketEnds = CustomerStanding.bucketEnds.map { $0 / 1000 }
    }
}
