/// What kind of failure a call met, and so what may be done about it.
package enum FailureClass: String, Hashable, Sendable, CaseIterable, Codable {
    /// A read that failed by network or server, or a send of which no byte left: may be tried again with backoff.
    case transient
    /// Refused for its pace: may be tried again later, at no cost to the job.
    case throttled
    /// A mutation without a definite answer: it may have happened.
    case inDoubt = "in_doubt"
    /// Refused for its content: trying again changes nothing.
    case permanent
    /// The whole service or its configuration is out of order: every job would fail alike.
    case systemic
}

/// A failed call to Monday.com or to the warehouse, in the words that go to logs, the journal and error tables.
package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The longest message that is kept, in characters: Monday's label errors run to 8 KB.
    package static let maximumMessageLength = 2000

    package let `class`: FailureClass
    /// A stable word for metrics and filters: Monday's error code, an SQLSTATE, or one of ours.
    package let code: String
    /// The reason in words, cut at ``maximumMessageLength`` characters; never a secret.
    package let message: String
    /// The HTTP status of the answer, when there was one.
    package let httpStatus: Int?
    /// How long the server asks to wait, in milliseconds.
    package let retryAfterMilliseconds: Int64?

    package init(
        _ class: FailureClass,
        code: String,
        message: String,
        httpStatus: Int? = nil,
        retryAfterMilliseconds: Int64? = nil
    ) {
        self.class = `class`
        self.code = code
        self.message = String(message.prefix(Self.maximumMessageLength))
        self.httpStatus = httpStatus
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    package var description: String {
        self.message.isEmpty ? self.code : "\(self.code): \(self.message)"
    }
}
