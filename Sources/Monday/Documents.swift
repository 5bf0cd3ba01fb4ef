import Orders

/// Every GraphQL document that is ever sent, by name.
///
/// Values go in variables only. A document asks for nothing but what is used: an answer over 1 MB is not kept by
/// Monday's idempotency cache, and nested fields have limits of their own.
package enum Documents {
    static let board = """
        query($board: ID!) { boards(ids: [$board], state: all, latest: true) { id name state items_count \
        groups { id title archived deleted } columns { id title type archived settings } } }
        """

    static let itemsByKey = """
        query($board: ID!, $column: String!, $keys: [String]!, $columns: [String!]!, $limit: Int!) { \
        items_page_by_column_values(board_id: $board, limit: $limit, \
        columns: [{ column_id: $column, column_values: $keys }]) { cursor items { \(Self.itemFields) } } }
        """

    static let itemsOfBoard = """
        query($board: ID!, $columns: [String!]!, $limit: Int!) { boards(ids: [$board]) { id \
        items_page(limit: $limit) { cursor items { \(Self.itemFields) } } } }
        """

    static let nextItems = """
        query($cursor: String!, $columns: [String!]!, $limit: Int!) { next_items_page(cursor: $cursor, limit: $limit) { \
        cursor items { \(Self.itemFields) } } }
        """

    static let itemsByID = """
        query($items: [ID!]!, $columns: [String!]!, $limit: Int!) { items(ids: $items, limit: $limit) { \(Self.itemFields) } }
        """

    /// Without columns: an empty list of them would bring all.
    static let itemStates = """
        query($items: [ID!]!, $limit: Int!) { items(ids: $items, limit: $limit) { id name state board { id } group { id } } }
        """

    static let subitems = """
        query($parents: [ID!]!, $columns: [String!]!, $limit: Int!) { items(ids: $parents, limit: $limit) { id \
        subitems { id name state board { id } column_values(ids: $columns) { id text value } } } }
        """

    /// Items whose key is empty: of a board that is in step, none.
    static let itemsWithoutKey = """
        query($board: ID!, $column: ID!, $columns: [String!]!, $limit: Int!) { boards(ids: [$board]) { id \
        items_page(limit: $limit, query_params: { rules: [{ column_id: $column, compare_value: [], operator: is_empty }] }) { \
        cursor items { \(Self.itemFields) } } } }
        """

    /// The subitem board is a board like any other: a page of it costs a fraction of asking hundreds of parents.
    static let subitemsOfBoard = """
        query($board: ID!, $columns: [String!]!, $limit: Int!) { boards(ids: [$board]) { id \
        items_page(limit: $limit) { cursor items { \(Self.subitemFields) } } } }
        """

    static let nextSubitems = """
        query($cursor: String!, $columns: [String!]!, $limit: Int!) { next_items_page(cursor: $cursor, limit: $limit) { \
        cursor items { \(Self.subitemFields) } } }
        """

    private static let subitemFields =
        "id name state board { id } parent_item { id } column_values(ids: $columns) { id text value }"

    private static let itemFields =
        "id name state board { id } group { id } column_values(ids: $columns) { id text value }"

    /// All documents: the queries, and one request for changes of each kind and of all kinds together.
    package static var all: [(name: String, text: String)] {
        let values = [ColumnValue(columnID: "text", type: .text, value: .text("value"))]
        let mutations: [(String, Mutation)] = [
            ("create_group_top", .createGroup(title: "A", after: nil)),
            ("create_group", .createGroup(title: "A", after: "topics")),
            ("create_item", .createItem(group: "topics", name: "A", columns: values, key: nil)),
            ("create_subitem", .createSubitem(parent: 1, name: "A", columns: values)),
            ("change_columns", .changeColumns(board: 1, item: 1, columns: values, name: "A", key: nil)),
            ("move_item", .moveItem(item: 1, group: "topics")),
            ("archive_item", .archiveItem(item: 1)), ("delete_item", .deleteItem(item: 1)),
            ("create_column", .createTextColumn(title: "A")),
        ]
        let items = Array(repeating: mutations[2].1, count: MutationRequest.maximumMutations)
        return [
            ("board", Self.board), ("items_by_key", Self.itemsByKey), ("items_of_board", Self.itemsOfBoard),
            ("next_items", Self.nextItems), ("items_by_id", Self.itemsByID), ("item_states", Self.itemStates),
            ("subitems", Self.subitems), ("subitems_of_board", Self.subitemsOfBoard),
            ("next_subitems", Self.nextSubitems), ("items_without_key", Self.itemsWithoutKey),
        ]
            + mutations.map { ($0.0, Self.text([$0.1])) }
            + [("mixed", Self.text(mutations.map(\.1))), ("create_items", Self.text(items))]
    }

    private static func text(_ mutations: [Mutation]) -> String {
        var document = MutationDocument(board: 1)
        for mutation in mutations { document.add(mutation) }
        return document.text
    }
}
