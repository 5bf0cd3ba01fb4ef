/// The words in ``Failure/code`` that callers act on; any other code is Monday's own and only shown.
package enum ErrorCode {
    // Found by us.
    package static let nameEmpty = "NAME_EMPTY"
    package static let nameTooLong = "NAME_TOO_LONG"
    /// An answer that says neither yes nor no of an alias.
    package static let emptyAnswer = "EMPTY_ANSWER"
    /// An answer that is not the JSON it should be.
    package static let malformedAnswer = "MALFORMED_ANSWER"
    /// A no without a code.
    package static let refused = "REFUSED"
    /// The send or the answer was lost; the rest of the word is the transport's code.
    package static let transportPrefix = "TRANSPORT_"
    /// The task or the client ended while the call was under way.
    package static let cancelled = "TRANSPORT_CANCELLED"

    // One word for what Monday says in several.
    /// Read the groups again, make it anew.
    package static let groupNotFound = "GROUP_NOT_FOUND"
    package static let itemNotFound = "ITEM_NOT_FOUND"
    /// What an order needs was taken off the board by a person.
    package static let itemRemoved = "ITEM_REMOVED"
    package static let groupNotMade = "GROUP_NOT_MADE"
    package static let boardNotFound = "BOARD_NOT_FOUND"
    package static let columnNotFound = "COLUMN_NOT_FOUND"
    /// The request alone is over the limit of one request: split it.
    package static let requestTooComplex = "REQUEST_TOO_COMPLEX"
    package static let missingLabel = "MISSING_LABEL"
    package static let boardFull = "BOARD_FULL"
    package static let dailyLimit = "DAILY_LIMIT_EXCEEDED"
    package static let notAuthenticated = "NOT_AUTHENTICATED"
    /// The same request is still running: send the same bytes under the same key after the wait.
    package static let idempotencyConflict = "IDEMPOTENCY_CONFLICT"
    /// The board or a part of it is locked by another change.
    package static let locked = "RESOURCE_LOCKED"
    package static let internalError = "INTERNAL_SERVER_ERROR"
    package static let cursorExpired = "CURSOR_EXPIRED"
    /// Monday does not know a field or argument of ours: another API version answers.
    package static let schemaMismatch = "SCHEMA_MISMATCH"
}
