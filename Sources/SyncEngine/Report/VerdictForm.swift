package import Journal

/// The answer of `ordersync-replay settle --json`.
package struct VerdictForm: Hashable, Sendable, Codable {
    package struct Second: Hashable, Sendable, Codable {
        package let known: String
        package let other: String
    }

    package let job: Int64
    /// How many things have an outcome now, and how many have none yet.
    package let settled: Int
    package let left: Int
    package let state: String
    /// Ids that contradict the ledger, which keeps its own.
    package let seconds: [Second]

    package init(_ outcome: VerdictOutcome, job: Int64) {
        self.job = job
        self.settled = outcome.settled
        self.left = outcome.left
        self.state = outcome.state.rawValue
        self.seconds = outcome.alarms.map { Second(known: $0.knownID, other: $0.otherID) }
    }

    package var line: String {
        let left = self.left == 0 ? "" : ", \(self.left) still in doubt"
        return "job \(self.job): \(self.settled) settled\(left); it is \(self.state) now"
    }
}
