/// Which journal wrote to a board last, and how far it was.
package struct GuardRow: Hashable, Sendable {
    package let board: Int64
    /// The journal's id, minted when it was made.
    package let journalID: String
    /// The daemon's start number.
    package let epoch: Int64
    /// The highest number of an effect that had been written.
    package let lastEffect: Int64
    /// What that start got by chance; nil in a row that was written before there was such a thing.
    package let token: String?
    /// What this very row got by chance; nil as above.
    package let stamp: String?

    package init(
        board: Int64,
        journalID: String,
        epoch: Int64,
        lastEffect: Int64,
        token: String? = nil,
        stamp: String? = nil
    ) {
        self.board = board
        self.journalID = journalID
        self.epoch = epoch
        self.lastEffect = lastEffect
        self.token = token
        self.stamp = stamp
    }
}

/// A journal's claim to a board, made within a transaction that writes on its behalf.
package struct GuardClaim: Sendable {
    package let board: Int64
    /// Says what is to stand in the row in place of what stands there; throws when that is another journal's, and nothing of the
    /// transaction is done then.
    package let next: @Sendable (_ current: GuardRow?) throws -> GuardRow

    package init(board: Int64, next: @escaping @Sendable (_ current: GuardRow?) throws -> GuardRow) {
        self.board = board
        self.next = next
    }

    /// Takes the board over, whoever had it.
    package static func takingOver(_ row: GuardRow) -> GuardClaim {
        GuardClaim(board: row.board) { _ in row }
    }
}
