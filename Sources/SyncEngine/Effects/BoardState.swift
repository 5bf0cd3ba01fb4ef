import Monday
import Orders
import Synchronization

/// What is known of the board: read once, and checked against the field map before any work.
final class BoardState: Sendable {
    /// The code of the failure when the board lacks what the field map writes.
    static let misfit = "BOARD_DOES_NOT_FIT"

    private struct State {
        var board: Board?
    }

    private let state = Mutex(State())
    private let loading = AsyncMutex()
    private let client: MondayClient
    private let boardID: Int64
    private let fieldMap: FieldMap
    private let keyColumn: String?
    private let gate: LabelGate
    private let stop: StopSignal
    private let configuredSubitemBoard: Int64?

    init(
        client: MondayClient,
        boardID: Int64,
        subitemBoard: Int64?,
        fieldMap: FieldMap,
        keyColumn: String?,
        gate: LabelGate,
        stop: StopSignal
    ) {
        self.client = client
        self.boardID = boardID
        self.configuredSubitemBoard = subitemBoard
        self.fieldMap = fieldMap
        self.keyColumn = keyColumn
        self.gate = gate
        self.stop = stop
    }

    /// The id of the subitem board: as configured, else as learnt from the board's subitems column.
    var subitemBoard: Int64? { self.configuredSubitemBoard ?? self.state.withLock { $0.board?.subitemBoard } }

    /// The board as it was last read; nil before.
    var board: Board? { self.state.withLock { $0.board } }

    /// Reads the board, unless it is known.
    @discardableResult
    func load() async throws -> Board {
        try await self.loading.withLock {
            if let board = self.board { return board }
            return try await self.read()
        }
    }

    /// Reads the board again.
    @discardableResult
    func reload() async throws -> Board {
        try await self.loading.withLock { try await self.read() }
    }

    /// Reads the board again when it has not named its subitem board yet, which comes into being with the first subitem.
    func learnSubitemBoard() async throws {
        if self.subitemBoard == nil { try await self.reload() }
    }

    /// The subitem board, without which the quantity of a subitem can't be changed.
    func requireSubitemBoard() throws -> Int64 {
        if let board = self.subitemBoard { return board }
        throw Failure(
            .systemic,
            code: Self.misfit,
            message: "board \(self.boardID) does not name its subitem board: set monday.subitem_board"
        )
    }

    /// Which of the labels the board does not have; it is read again before that is believed.
    func missing(_ labels: Set<Label>) async throws -> Set<Label> {
        guard !labels.isEmpty else { return [] }
        let unknown = labels.subtracting(Self.labels(of: try await self.load()))
        guard !unknown.isEmpty else { return [] }
        return unknown.subtracting(Self.labels(of: try await self.reload()))
    }

    private static func labels(of board: Board) -> [Label] {
        board.columns.filter { !$0.archived }.flatMap { column in
            (column.labels ?? []).map { Label(column: column.id, text: $0) }
        }
    }

    private func read() async throws -> Board {
        let board = try await self.stop.interrupting { [client, boardID] in try await client.board(boardID) }
        let problems = BoardFit.problems(board: board, fieldMap: self.fieldMap, keyColumn: self.keyColumn)
        guard problems.isEmpty else {
            throw Failure(.systemic, code: Self.misfit, message: problems.joined(separator: "; "))
        }
        self.gate.learn(Self.labels(of: board))
        self.state.withLock { $0.board = board }
        return board
    }
}
