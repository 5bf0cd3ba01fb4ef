package import Journal
package import Monday
package import Orders
package import Warehouse

/// What every run over a whole board works with: an audit, a cutover, a rebuild of the ledger.
package struct WholeBoard: Sendable {
    let journal: Journal
    let warehouse: Warehouse
    let client: MondayClient
    let fieldMap: FieldMap
    let settings: SyncSettings
    let time: TimeSource
    let progress: @Sendable (RunProgress) -> Void

    package init(
        journal: Journal,
        warehouse: Warehouse,
        client: MondayClient,
        fieldMap: FieldMap,
        settings: SyncSettings,
        time: TimeSource = .system,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) {
        self.journal = journal
        self.warehouse = warehouse
        self.client = client
        self.fieldMap = fieldMap
        self.settings = settings
        self.time = time
        self.progress = progress
    }

    /// The board itself.
    ///
    /// - Throws: ``Failure`` when it is not to be had, or does not have what the field map asks for.
    func board() async throws -> Board {
        let board = try await self.patiently { try await self.client.board(self.settings.board) }
        let problems = BoardFit.problems(board: board, fieldMap: self.fieldMap, keyColumn: self.settings.keyColumn)
        guard problems.isEmpty else {
            throw Failure(.systemic, code: BoardState.misfit, message: problems.joined(separator: "; "))
        }
        return board
    }
}
