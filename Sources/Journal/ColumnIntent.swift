/// A request for the column of the order keys that was sent, or is about to be, and has no known outcome.
package struct ColumnIntent: Hashable, Sendable, Codable {
    package let board: Int64
    package let idempotencyKey: String
    /// The exact bytes: if they are sent again, they are sent as they are.
    package let body: [UInt8]
    /// When it was sent first and last, in milliseconds.
    package let firstSentAt: Int64
    package var sentAt: Int64

    package init(board: Int64, idempotencyKey: String, body: [UInt8], sentAt: Int64) {
        self.board = board
        self.idempotencyKey = idempotencyKey
        self.body = body
        self.firstSentAt = sentAt
        self.sentAt = sentAt
    }
}
