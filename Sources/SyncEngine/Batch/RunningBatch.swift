import FoundationEssentials
import Journal

/// A batch that a task of this process works on.
struct RunningBatch: Sendable {
    let id: UUID
    let customer: String
    let jobs: [JobReference]
    let pulse: Pulse
}

extension RunningBatch {
    init(_ claim: Claim, pulse: Pulse) {
        self.init(id: claim.batchID, customer: claim.customer, jobs: claim.jobs.map(\.reference), pulse: pulse)
    }
}
