package import Journal
package import Monday
package import Orders

/// Items on the board that carry no order key and that the ledger does not know.
///
/// They may be the orders of a board that was filled before ordersync; to make items beside them could make every order twice.
package struct UnexplainedItems: Hashable, Sendable {
    /// How many were found, as far as was read.
    package let count: Int
    /// Names of some.
    package let examples: [String]

    /// The code of the failure when there are any.
    package static let code = "ITEMS_WITHOUT_KEY"

    /// Once so many were found no more are read.
    private static let enough = 1_000

    /// Looks for such items: one request on a board that is in step.
    package static func find(
        client: MondayClient,
        board: Int64,
        keyColumn: String,
        journal: Journal
    ) async throws -> UnexplainedItems {
        var page = try await Self.firstPage(client, board, keyColumn)
        var found: [BoardItem] = []
        while true {
            // The search may not know a fresh key yet; the item itself shows it.
            let keyless = page.items.filter { $0.isActive && $0.key == nil }
            if !keyless.isEmpty {
                let ours = try await journal.knownItems(Set(keyless.map(\.id)))
                found += keyless.filter { !ours.contains($0.id) }
            }
            guard let cursor = page.cursor, found.count < Self.enough else { break }
            page = try await client.page(after: cursor, keyColumn: keyColumn, limit: 500)
        }
        return UnexplainedItems(count: found.count, examples: found.prefix(3).map(\.name))
    }

    private static func firstPage(
        _ client: MondayClient,
        _ board: Int64,
        _ keyColumn: String
    ) async throws(Failure) -> BoardPage {
        do {
            return try await client.pageWithoutKey(of: board, keyColumn: keyColumn)
        } catch {
            // A board that takes no such question is read whole.
            guard error.class == .permanent || error.code == ErrorCode.schemaMismatch else { throw error }
        }
        return try await client.page(of: board, keyColumn: keyColumn, limit: 500)
    }

    /// Why nothing may be made; nil when nothing is in the way.
    package var refusal: Failure? {
        guard self.count > 0 else { return nil }
        let count =
            self.count >= Self.enough
            ? "\(HumanText.count(self.count)) or more items" : HumanText.count(self.count, "item")
        let names = self.examples.map { "“\(DisplayText.safe(String($0.prefix(80))))”" }.joined(separator: ", ")
        return Failure(
            .systemic,
            code: Self.code,
            message:
                "the board holds \(count) without an order key that the ledger does not explain, such as \(names): take "
                + "them over with ordersync-enqueue --adopt, or set monday.shared to true when others make items there too"
        )
    }
}
