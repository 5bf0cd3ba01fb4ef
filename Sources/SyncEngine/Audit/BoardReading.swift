import Monday
import Orders

/// Reads a board whole, in as few requests as Monday.com's pages allow.
struct BoardReading: Sendable {
    let client: MondayClient
    let fieldMap: FieldMap
    let keyColumn: String?
    let time: TimeSource
    var progress: @Sendable (RunProgress) -> Void = { _ in }

    /// Items a page: Monday's own limit.
    private static let page = 500

    /// All active items of a board, with these columns beside the key's.
    func items(of board: Int64, columns: [String], total: Int?) async throws -> [BoardItem] {
        var page = try await self.patiently {
            try await self.client.page(of: board, keyColumn: self.keyColumn, columns: columns, limit: Self.page)
        }
        var items = page.items
        while let cursor = page.cursor {
            self.progress(RunProgress(phase: "items", done: items.count, total: total))
            page = try await self.patiently {
                try await self.client.page(
                    after: cursor,
                    keyColumn: self.keyColumn,
                    columns: columns,
                    limit: Self.page
                )
            }
            items += page.items
        }
        return items
    }

    /// The subitems of items, by the items' ids.
    ///
    /// They are read as the pages of their own board. A board that shows none there though it should is asked through the
    /// items, which costs far more requests.
    func subitems(of parents: [Int64], board: Int64?, expected: Int) async throws -> [Int64: [BoardSubitem]] {
        let map = self.fieldMap.subitem
        var found: [Int64: [BoardSubitem]] = [:]
        if let board {
            var cursor: String?
            repeat {
                let page = try await self.patiently { [cursor] in
                    try await self.client.subitemPage(
                        of: board,
                        after: cursor,
                        sizeColumn: map.sizeColumn,
                        quantityColumn: map.quantityColumn,
                        limit: Self.page
                    )
                }
                for entry in page.entries { found[entry.parent, default: []].append(entry.subitem) }
                cursor = page.cursor
                self.progress(RunProgress(phase: "subitems", done: found.count, total: parents.count))
            } while cursor != nil
        }
        guard found.isEmpty, expected > 0 else { return found }
        return try await self.patiently {
            try await self.client.subitems(
                of: parents,
                sizeColumn: map.sizeColumn,
                quantityColumn: map.quantityColumn
            )
        }
    }

    /// Reads again what failed in passing.
    func patiently<T: Sendable>(_ read: () async throws -> T) async throws -> T {
        let policy = RetryPolicy()
        var errors = 0
        while true {
            do {
                return try await read()
            } catch let failure as Failure where failure.class == .transient || failure.class == .throttled {
                let now = self.time.now()
                let wait: Int64
                switch policy.decision(after: failure, errors: errors, now: now, jitter: self.time.random()) {
                case .retry(let at), .wait(let at): wait = at - now
                case .dead, .inDoubt: throw failure
                }
                errors += 1
                guard errors < policy.attempts else { throw failure }
                try await self.time.sleep(wait)
            }
        }
    }
}
