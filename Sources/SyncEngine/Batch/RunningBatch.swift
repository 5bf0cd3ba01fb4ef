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

extension BatchClose {
    /// The end of a batch that stands still: should its task come to an end after all, nobody may be there to hear of it.
    init(hanging batch: RunningBatch) {
        self.init(batchID: batch.id, status: .abandoned)
        self.leftOver = batch.jobs.count
        self.errorSummary = "the batch stood still; its orders go on in another"
    }
}
