import FoundationEssentials
package import Journal
package import Monday
import Orders

/// Makes the board's column for the orders' keys, once, whatever happens to the answer.
///
/// As for every change: intent and exact bytes are in the journal before the first byte leaves, and after a lost answer the board is
/// read, when Monday.com must have finished, before the same bytes go out once more under the same key.
package struct KeyColumnMaker: Sendable {
    /// What came of it.
    package struct Outcome: Hashable, Sendable, Codable {
        package let board: Int64
        /// The column's id, for the configuration.
        package let column: String
        /// Whether it was made now.
        package let made: Bool
    }

    private let journal: Journal
    private let client: MondayClient
    private let pacer: Pacer
    private let board: Int64
    private let configured: String?
    private let timing: EffectTiming
    private let time: TimeSource

    package init(
        journal: Journal,
        client: MondayClient,
        pacer: Pacer,
        board: Int64,
        configured: String?,
        timing: EffectTiming,
        time: TimeSource = .system
    ) {
        self.journal = journal
        self.client = client
        self.pacer = pacer
        self.board = board
        self.configured = configured
        self.timing = timing
        self.time = time
    }

    /// Finds the column or makes it; the run lock is held by the caller.
    package func run() async throws -> Outcome {
        if var intent = try await self.journal.columnIntent(), intent.board == self.board {
            // The request of a run that died: it is finished before anything else.
            return try await self.settle(&intent)
        }
        if let column = try await self.find() { return Outcome(board: self.board, column: column, made: false) }
        let request = MutationRequest(board: self.board, mutations: [.createTextColumn(title: KeyColumn.title)])
        var intent = ColumnIntent(
            board: self.board,
            idempotencyKey: UUID().uuidString.lowercased(),
            body: request.body,
            sentAt: self.time.now()
        )
        if let column = try await self.send(&intent) { return Outcome(board: self.board, column: column, made: true) }
        return try await self.settle(&intent)
    }

    /// The column as the board has it: the one that is configured, else the one that bears our title.
    private func find() async throws -> String? {
        let board = try await self.client.board(self.board)
        if let configured, let column = board.columns.first(where: { $0.id == configured && !$0.archived }) {
            guard column.type == "text" else {
                throw Failure(
                    .systemic,
                    code: BoardState.misfit,
                    message: "the external key column \(configured) is of type \(column.type), it must be text: take "
                        + "monday.external_key_column out of the configuration and run this again"
                )
            }
            return configured
        }
        return KeyColumn.made(on: board).first?.id
    }

    /// Finds out what became of a request without an answer; sends it once more when the board shows nothing of it.
    private func settle(_ intent: inout ColumnIntent) async throws -> Outcome {
        for _ in 0..<2 {
            let due = self.timing.lookUpTime(sentAt: intent.sentAt)
            try await self.time.sleep(max(0, due - self.time.now()))
            if let column = try await self.find() {
                try await self.journal.setColumnIntent(nil)
                return Outcome(board: self.board, column: column, made: true)
            }
            if !self.timing.mayResend(firstSentAt: intent.firstSentAt, now: self.time.now()) {
                intent = ColumnIntent(
                    board: self.board,
                    idempotencyKey: UUID().uuidString.lowercased(),
                    body: intent.body,
                    sentAt: self.time.now()
                )
            }
            if let column = try await self.send(&intent) {
                return Outcome(board: self.board, column: column, made: true)
            }
        }
        throw Failure(
            .inDoubt,
            code: "COLUMN_IN_DOUBT",
            message:
                "Monday.com doesn't say whether the column was made: run this again, it looks before it makes another"
        )
    }

    /// Sends the request.
    ///
    /// - Returns: The new column's id; nil when the answer is lost.
    /// - Throws: Why Monday.com refused it; then nothing was made.
    private func send(_ intent: inout ColumnIntent) async throws -> String? {
        let permit = try await self.pacer.admit(Call(counts: [.createColumn: 1], board: self.board))
        intent.sentAt = self.time.now()
        do {
            try await self.journal.setColumnIntent(intent)
        } catch {
            await self.pacer.release(permit)
            throw error
        }
        let request = MutationRequest(body: intent.body, aliases: ["g0"])
        let exchange = await self.client.mutate(request, idempotencyKey: intent.idempotencyKey)
        await self.pacer.finish(permit, exchange: exchange)
        switch exchange.outcomes.first {
        case .done(let id):
            try await self.journal.setColumnIntent(nil)
            return id.text
        case .refused(let failure):
            try await self.journal.setColumnIntent(nil)
            throw failure
        case .unknown, nil: return nil
        }
    }
}
