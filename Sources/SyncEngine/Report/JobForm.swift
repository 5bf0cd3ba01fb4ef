package import Journal
import Orders

/// A job as `ordersync-replay list --json` and `show --json` give it; times are ISO 8601 in UTC.
package struct JobForm: Hashable, Sendable, Codable {
    package let id: Int64
    package let orderKey: String
    package let kind: String
    package let state: String
    package let stage: String
    package let orderNumber: String
    package let customer: String
    package let style: String?
    package let colour: String?
    package let poNumber: String?
    /// Tries that failed and counted.
    package let errors: Int
    /// How often a person has replayed it.
    package let replays: Int
    package let createdAt: String
    package let updatedAt: String
    /// When it is tried again.
    package let runAt: String?
    package let lastClass: String?
    package let lastCode: String?
    package let lastMessage: String?
    /// Whether something it sent has no known outcome.
    package let isUnsettled: Bool

    package init(_ job: JobSummary) {
        self.id = job.id
        self.orderKey = "\(job.orderKey)"
        self.kind = job.kind.rawValue
        self.state = job.state.rawValue
        self.stage = job.stage.rawValue
        self.orderNumber = job.orderNumber
        self.customer = job.customer
        self.style = job.style
        self.colour = job.colour
        self.poNumber = job.poNumber
        self.errors = job.errors
        self.replays = job.replays
        self.createdAt = HumanText.time(job.createdAt)
        self.updatedAt = HumanText.time(job.updatedAt)
        self.runAt = job.runAt.map(HumanText.time)
        self.lastClass = job.lastClass?.rawValue
        self.lastCode = job.lastCode
        self.lastMessage = job.lastMessage
        self.isUnsettled = job.isUnsettled
    }
}

/// The answer of `ordersync-replay list --json`.
package struct JobListForm: Hashable, Sendable, Codable {
    package let jobs: [JobForm]
    /// Whether more jobs match than are listed.
    package let isCut: Bool

    package init(_ jobs: [JobSummary], isCut: Bool) {
        self.jobs = jobs.map(JobForm.init)
        self.isCut = isCut
    }
}
