package import Journal

/// The answer of `ordersync-replay retry --json` and `discard --json`.
package struct OutcomeForm: Hashable, Sendable, Codable {
    package struct Refused: Hashable, Sendable, Codable {
        package let id: Int64
        /// `unknown`, `running`, `unsettled` or `state`.
        package let reason: String
    }

    package let dryRun: Bool
    /// The jobs that were changed; on a dry run, those that match.
    package let changed: [Int64]
    package let refused: [Refused]

    package init(_ outcome: ReplayOutcome, dryRun: Bool = false) {
        self.dryRun = dryRun
        self.changed = outcome.changed
        self.refused = outcome.refused.map { Refused(id: $0.id, reason: $0.reason.rawValue) }
    }
}
