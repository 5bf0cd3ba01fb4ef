package import Journal

/// The answer of `ordersync-replay retry --json`, `discard`, `hold` and `release`.
package struct OutcomeForm: Hashable, Sendable, Codable {
    package struct Refused: Hashable, Sendable, Codable {
        package let id: Int64
        /// `unknown`, `running`, `unsettled` or `state`.
        package let reason: String
    }

    package let dryRun: Bool
    /// The jobs that were changed; on a dry run, those that would be.
    package let changed: [Int64]
    package let refused: [Refused]

    /// What a command would change and refuse.
    package init(dryRun jobs: [JobSummary], refused: [ReplayOutcome.Refused]) {
        self.dryRun = true
        self.changed = jobs.map(\.id)
        self.refused = refused.map { Refused(id: $0.id, reason: $0.reason.rawValue) }
    }

    package init(_ outcome: ReplayOutcome) {
        self.dryRun = false
        self.changed = outcome.changed
        self.refused = outcome.refused.map { Refused(id: $0.id, reason: $0.reason.rawValue) }
    }
}
