package import Orders

extension MondayClient {
    /// The most ids that Monday takes in one request; keys are looked for in the same number.
    private static let idsPerRequest = 100
    /// Parents whose subitems are read at once: each brings dozens, and Monday counts them all.
    private static let parentsPerRequest = 25

    /// Reads a board's groups and columns.
    package func board(_ id: Int64) async throws(Failure) -> Board {
        let data = try await self.read(Documents.board, [JSON.Member("board", .id(id))])
        guard let boards = data["boards"]?.elements else { throw .misshapen("boards") }
        guard let json = boards.first(where: { !$0.isNull }) else {
            throw Failure(
                .systemic,
                code: ErrorCode.boardNotFound,
                message: "Board \(id) does not exist, or the token's owner may not see it."
            )
        }
        guard let board = Board(json), board.id == id else { throw .misshapen("boards") }
        return board
    }

    /// The items that carry one of the keys; also all of several that carry the same.
    ///
    /// - Parameters:
    ///   - keys: the order keys to look for.
    ///   - column: the text column that holds them.
    ///   - board: the board's id.
    ///   - limit: items a page; Monday's own limit leaves room for several copies of each key.
    /// - Returns: items whose key is one of `keys`; archived and deleted items are never found.
    /// - Throws: a ``Failure``; also when only a part was found.
    package func items(
        withKeys keys: [OrderKey],
        keyColumn column: String,
        board: Int64,
        limit: Int = 500
    ) async throws(Failure) -> [BoardItem] {
        let wanted = Set(keys)
        var items: [BoardItem] = []
        for chunk in keys.chunks(of: Self.idsPerRequest) {
            let data = try await self.read(
                Documents.itemsByKey,
                [
                    JSON.Member("board", .id(board)), JSON.Member("column", .string(column)),
                    JSON.Member("keys", .array(chunk.map { .string($0.description) })),
                    JSON.Member("columns", .array([.string(column)])),
                    JSON.Member("limit", .number(String(limit))),
                ]
            )
            var page = try BoardPage(data["items_page_by_column_values"], keyColumn: column)
            items += page.items
            while let cursor = page.cursor {
                page = try await self.page(after: cursor, keyColumn: column, limit: limit)
                items += page.items
            }
        }
        return items.filter { $0.key.map { wanted.contains($0) } ?? false }
    }

    /// One page of all active items of a board; `columns` are read beside the key's.
    package func page(
        of board: Int64,
        keyColumn: String?,
        columns: [String] = [],
        limit: Int = 250
    ) async throws(Failure) -> BoardPage {
        let data = try await self.read(
            Documents.itemsOfBoard,
            [
                JSON.Member("board", .id(board)), Self.columns(columns, keyColumn),
                JSON.Member("limit", .number(String(limit))),
            ]
        )
        guard let json = data["boards"]?.elements?.first(where: { !$0.isNull }) else {
            throw Failure(.systemic, code: ErrorCode.boardNotFound, message: "Board \(board) does not exist.")
        }
        return try BoardPage(json["items_page"], keyColumn: keyColumn)
    }

    /// One page of the items whose key column is empty; a fresh key may not have been noticed yet.
    package func pageWithoutKey(of board: Int64, keyColumn: String, limit: Int = 500) async throws(Failure) -> BoardPage
    {
        let data = try await self.read(
            Documents.itemsWithoutKey,
            [
                JSON.Member("board", .id(board)), JSON.Member("column", .string(keyColumn)),
                Self.columns([], keyColumn), JSON.Member("limit", .number(String(limit))),
            ]
        )
        guard let json = data["boards"]?.elements?.first(where: { !$0.isNull }) else {
            throw Failure(.systemic, code: ErrorCode.boardNotFound, message: "Board \(board) does not exist.")
        }
        return try BoardPage(json["items_page"], keyColumn: keyColumn)
    }

    /// The page after the one that gave the cursor.
    package func page(
        after cursor: String,
        keyColumn: String?,
        columns: [String] = [],
        limit: Int = 250
    ) async throws(Failure) -> BoardPage {
        let data = try await self.read(
            Documents.nextItems,
            [
                JSON.Member("cursor", .string(cursor)), Self.columns(columns, keyColumn),
                JSON.Member("limit", .number(String(limit))),
            ]
        )
        let page = try BoardPage(data["next_items_page"], keyColumn: keyColumn)
        // A cursor that leads to itself would be read for ever.
        guard page.cursor != cursor else { throw .misshapen("next_items_page") }
        return page
    }

    /// The items of those ids, whatever their state; ids that no longer exist are left out.
    package func items(
        _ ids: [Int64],
        keyColumn: String? = nil,
        columns: [String] = []
    ) async throws(Failure) -> [BoardItem] {
        var items: [BoardItem] = []
        let bare = columns.isEmpty && keyColumn == nil
        for chunk in ids.chunks(of: Self.idsPerRequest) {
            let data = try await self.read(
                bare ? Documents.itemStates : Documents.itemsByID,
                [
                    JSON.Member("items", .array(chunk.map { .id($0) })),
                    JSON.Member("limit", .number(String(Self.idsPerRequest))),
                ] + (bare ? [] : [Self.columns(columns, keyColumn)])
            )
            guard let elements = data["items"]?.elements else { throw .misshapen("items") }
            for element in elements where !element.isNull {
                guard let item = BoardItem(element, keyColumn: keyColumn) else { throw .misshapen("items") }
                items.append(item)
            }
        }
        return items
    }

    /// The subitems of each parent that exists, by the parent's id.
    package func subitems(
        of parents: [Int64],
        sizeColumn: String,
        quantityColumn: String
    ) async throws(Failure) -> [Int64: [BoardSubitem]] {
        var subitems: [Int64: [BoardSubitem]] = [:]
        for chunk in parents.chunks(of: Self.parentsPerRequest) {
            let data = try await self.read(
                Documents.subitems,
                [
                    JSON.Member("parents", .array(chunk.map { .id($0) })),
                    JSON.Member("columns", .array([.string(sizeColumn), .string(quantityColumn)])),
                    JSON.Member("limit", .number(String(Self.idsPerRequest))),
                ]
            )
            guard let elements = data["items"]?.elements else { throw .misshapen("items") }
            for element in elements where !element.isNull {
                guard let parent = element["id"]?.itemID else { throw .misshapen("items") }
                var found: [BoardSubitem] = []
                // Null is how Monday says that there are none.
                for child in element["subitems"]?.elements ?? [] where !child.isNull {
                    guard
                        let subitem = BoardSubitem(child, sizeColumn: sizeColumn, quantityColumn: quantityColumn)
                    else { throw .misshapen("subitems") }
                    found.append(subitem)
                }
                subitems[parent] = found
            }
        }
        return subitems
    }

    /// One page of a subitem board; the first without a cursor.
    package func subitemPage(
        of board: Int64,
        after cursor: String? = nil,
        sizeColumn: String,
        quantityColumn: String,
        limit: Int = 500
    ) async throws(Failure) -> SubitemPage {
        let columns: [JSON.Member] = [
            JSON.Member("columns", .array([.string(sizeColumn), .string(quantityColumn)])),
            JSON.Member("limit", .number(String(limit))),
        ]
        let json: JSON?
        if let cursor {
            let data = try await self.read(
                Documents.nextSubitems,
                [JSON.Member("cursor", .string(cursor))] + columns
            )
            json = data["next_items_page"]
        } else {
            let data = try await self.read(Documents.subitemsOfBoard, [JSON.Member("board", .id(board))] + columns)
            json = data["boards"]?.elements?.first { !$0.isNull }?["items_page"]
        }
        let page = try SubitemPage(json, sizeColumn: sizeColumn, quantityColumn: quantityColumn)
        guard page.cursor == nil || page.cursor != cursor else { throw .misshapen("next_items_page") }
        return page
    }

    private static func columns(_ columns: [String], _ keyColumn: String?) -> JSON.Member {
        JSON.Member("columns", .array((columns + (keyColumn.map { [$0] } ?? [])).map { .string($0) }))
    }
}

extension Failure {
    /// An answer whose data has not the shape that was asked for.
    static func misshapen(_ field: String) -> Failure {
        Failure(.transient, code: ErrorCode.malformedAnswer, message: "The answer's \(field) has an unexpected shape.")
    }
}

extension Array {
    /// The elements in order, in groups of at most `count`.
    fileprivate func chunks(of count: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
    }
}
