import Monday
import Orders

/// Reading a board whole, in as few requests as Monday.com's pages allow.
extension WholeBoard {
    /// Items a page: Monday's own limit.
    private static let page = 500
    /// Parents whose subitems are read by one task, and how many tasks read at once.
    private static let (parents, readers) = (100, 4)

    /// All active items of a board, with these columns beside the key's.
    func items(of board: Board, columns: [String]) async throws -> [BoardItem] {
        let keyColumn = self.settings.keyColumn
        var page = try await self.patiently {
            try await self.client.page(of: board.id, keyColumn: keyColumn, columns: columns, limit: Self.page)
        }
        var items = page.items
        while let cursor = page.cursor {
            self.progress(RunProgress(phase: "items", done: items.count, total: board.itemsCount))
            page = try await self.patiently {
                try await self.client.page(after: cursor, keyColumn: keyColumn, columns: columns, limit: Self.page)
            }
            items += page.items
        }
        return items
    }

    /// The subitems of items, by the items' ids, read as the pages of their own board.
    ///
    /// A board that shows none there though it should is asked through the items, which costs far more requests.
    func subitems(of parents: [Int64], on board: Board, expected: Int) async throws -> [Int64: [BoardSubitem]] {
        let map = self.fieldMap.subitem
        var found: [Int64: [BoardSubitem]] = [:]
        if let board = self.settings.subitemBoard ?? board.subitemBoard {
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
        return found.isEmpty && expected > 0 ? try await self.subitems(throughItems: parents) : found
    }

    /// The subitems of items, by the items' ids, asked for through the items: what was made a moment ago is among them.
    func subitems(throughItems parents: [Int64]) async throws -> [Int64: [BoardSubitem]] {
        let map = self.fieldMap.subitem
        let parts = stride(from: 0, to: parents.count, by: Self.parents).map {
            Array(parents[$0..<min($0 + Self.parents, parents.count)])
        }
        return try await withThrowingTaskGroup(of: [Int64: [BoardSubitem]].self) { tasks in
            var found: [Int64: [BoardSubitem]] = [:]
            var (next, done) = (0, 0)
            while done < parts.count {
                while next < parts.count, next - done < Self.readers {
                    let part = parts[next]
                    next += 1
                    tasks.addTask {
                        try await self.patiently {
                            try await self.client.subitems(
                                of: part,
                                sizeColumn: map.sizeColumn,
                                quantityColumn: map.quantityColumn
                            )
                        }
                    }
                }
                guard let read = try await tasks.next() else { break }
                done += 1
                found.merge(read) { first, _ in first }
                self.progress(RunProgress(phase: "subitems", done: found.count, total: parents.count))
            }
            return found
        }
    }

    /// Reads again what failed in passing: a board of many thousand items takes hundreds of requests.
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
