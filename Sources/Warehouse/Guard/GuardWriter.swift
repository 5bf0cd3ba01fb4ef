internal import ODBC
import Orders

/// Compares and sets the row that says whose a board is, in the caller's transaction.
struct GuardWriter {
    let connection: Connection
    let dialect: Dialect
    let timeout: Int
    /// UTC milliseconds.
    let now: Int64

    private static let columns = ["journal_id", "epoch", "last_effect", "updated_at", "epoch_token", "stamp"]

    private var table: String { self.dialect.table(Table.guardRows) }
    private var board: String { self.dialect.quoted("board_id") }

    /// What the row says; nil when there is none.
    func read(board: Int64) throws -> GuardRow? {
        let columns = self.dialect.list(["journal_id", "epoch", "last_effect", "epoch_token", "stamp"])
        var found: GuardRow?
        try self.connection.query(
            "SELECT \(columns) FROM \(self.table) WHERE \(self.board) = ?",
            [.integer(board)],
            timeout: self.timeout
        ) { row in
            guard let journal = try row.text(0), let epoch = try row.integer(1), let effect = try row.integer(2) else {
                return
            }
            found = GuardRow(
                board: board,
                journalID: journal,
                epoch: epoch,
                lastEffect: effect,
                token: try row.text(3),
                stamp: try row.text(4)
            )
        }
        return found
    }

    /// Sets the row to what the claim says in view of what stands there.
    ///
    /// The row is locked before it is read, so that of two journals which claim the board at once the second sees what the first
    /// has written: by an UPDATE that changes nothing, which every dialect has, instead of a hint. Where there is no row yet, the
    /// table's key lets one of the two in.
    func set(_ claim: GuardClaim) throws {
        let effect = self.dialect.quoted("last_effect")
        try self.connection.execute(
            "UPDATE \(self.table) SET \(effect) = \(effect) WHERE \(self.board) = ?",
            [.integer(claim.board)],
            timeout: self.timeout
        )
        let current = try self.read(board: claim.board)
        let next = try claim.next(current)
        guard current == nil else { return try self.update(next) }
        do throws(ODBCError) {
            try self.insert(next)
        } catch {
            let failure = Failure(error, self.dialect)
            guard failure.class == .permanent else { throw error }
            // No order's fault, so that nobody looks for one: the next try finds the row and compares it.
            throw Failure(.transient, code: "guard_taken", message: "another journal has just claimed the board")
        }
    }

    private func values(_ row: GuardRow) -> [ODBCValue] {
        [
            .text(row.journalID), .integer(row.epoch), .integer(row.lastEffect), .timestamp(SQLTime.text(self.now)),
            .textOrNull(row.token), .textOrNull(row.stamp), .integer(row.board),
        ]
    }

    private func update(_ row: GuardRow) throws {
        let sets = Self.columns.map { "\(self.dialect.quoted($0)) = ?" }.joined(separator: ", ")
        try self.connection.execute(
            "UPDATE \(self.table) SET \(sets) WHERE \(self.board) = ?",
            self.values(row),
            timeout: self.timeout
        )
    }

    private func insert(_ row: GuardRow) throws(ODBCError) {
        let columns = Self.columns + ["board_id"]
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try self.connection.execute(
            "INSERT INTO \(self.table) (\(self.dialect.list(columns))) VALUES (\(marks))",
            self.values(row),
            timeout: self.timeout
        )
    }
}
