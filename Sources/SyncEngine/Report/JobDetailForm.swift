import FoundationEssentials
package import Journal
import Orders

/// The answer of `ordersync-replay show --json`: all that is known of a job.
package struct JobDetailForm: Hashable, Sendable, Codable {
    /// A try that failed.
    package struct Attempt: Hashable, Sendable, Codable {
        package let at: String
        package let isCounted: Bool
        package let `class`: String
        package let code: String
        package let message: String
        package let httpStatus: Int?
        /// The size of the subitem it was about.
        package let size: String?
        package let request: String?
    }

    /// A request, and what came of this job's part in it.
    package struct Effect: Hashable, Sendable, Codable {
        package let id: Int64
        package let idempotencyKey: String
        package let kind: String
        package let state: String
        package let sentAt: String
        package let sends: Int
        package let size: String?
        package let outcome: String?
        package let remoteID: Int64?
        package let failure: String?
        /// The whole request, which may be about other jobs as well.
        package let request: String
        package let answer: String?
    }

    /// What a person did.
    package struct Action: Hashable, Sendable, Codable {
        package let at: String
        package let who: String
        package let action: String
        package let why: String
    }

    package let job: JobForm
    package let batch: String?
    package let itemID: Int64?
    package let groupID: String?
    package let attempts: [Attempt]
    package let effects: [Effect]
    package let actions: [Action]
    /// The order as it is to be, as text of a JSON object.
    package let snapshot: String?

    package init(_ detail: JobDetail) {
        self.job = JobForm(detail.summary)
        self.batch = detail.batchID?.uuidString.lowercased()
        self.itemID = detail.ledger.itemID
        self.groupID = detail.ledger.groupID
        self.attempts = detail.attempts.map { attempt in
            Attempt(
                at: HumanText.time(attempt.at),
                isCounted: attempt.isCounted,
                class: attempt.failure.class.rawValue,
                code: attempt.failure.code,
                message: attempt.failure.message,
                httpStatus: attempt.failure.httpStatus,
                size: attempt.size,
                request: attempt.request
            )
        }
        self.effects = detail.effects.map { effect in
            Effect(
                id: effect.id,
                idempotencyKey: effect.idempotencyKey,
                kind: effect.target.kind.rawValue,
                state: effect.state,
                sentAt: HumanText.time(effect.sentAt),
                sends: effect.sends,
                size: effect.target.size,
                outcome: effect.outcome,
                remoteID: effect.remoteID,
                failure: effect.failure.map { "\($0)" },
                request: String(decoding: effect.body, as: UTF8.self),
                answer: effect.answer
            )
        }
        self.actions = detail.actions.map { action in
            Action(at: HumanText.time(action.at), who: action.who, action: action.action, why: action.why)
        }
        self.snapshot = detail.snapshot.map { String(decoding: $0, as: UTF8.self) }
    }
}
