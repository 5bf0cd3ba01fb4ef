package import Orders

/// The id of a thing on the board.
package enum RemoteID: Hashable, Sendable, CustomStringConvertible {
    /// An item's or subitem's.
    case number(Int64)
    /// A group's or column's.
    case text(String)

    package var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }

    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var description: String {
        switch self {
        case .number(let number): String(number)
        case .text(let text): text
        }
    }
}

/// What became of one aliased mutation.
package enum AliasOutcome: Hashable, Sendable {
    /// It happened.
    case done(RemoteID)
    /// It did not happen, and will not happen by this request.
    case refused(Failure)
    /// It may have happened.
    case unknown(Failure)
}

/// One request for changes and what came of it.
package struct Exchange: Sendable {
    /// What became of each mutation, in the order of the request's aliases.
    package let outcomes: [AliasOutcome]
    /// What failed the request as a whole; nil when Monday judged each alias by itself.
    package let failure: Failure?
    package let limits: RateLimits
    /// Monday's name for the request, for its support.
    package let requestID: String?
    /// Whether the answer is the one Monday kept for this idempotency key.
    package let replayed: Bool
    /// The API version that answered; nil when the answer does not say.
    package let apiVersion: String?
    package let httpStatus: Int?
}
