package import Orders

/// A board as it stands: its groups and columns.
package struct Board: Hashable, Sendable {
    package struct Group: Hashable, Sendable {
        package let id: String
        package let title: String
        package let archived: Bool
        package let deleted: Bool

        package init(id: String, title: String, archived: Bool = false, deleted: Bool = false) {
            self.id = id
            self.title = title
            self.archived = archived
            self.deleted = deleted
        }
    }

    package struct Column: Hashable, Sendable {
        package let id: String
        package let title: String
        /// The type in Monday's own word, as `long_text` or `subtasks`.
        package let type: String
        package let archived: Bool
        /// The labels of a status or dropdown column that can be chosen; nil for other types.
        package let labels: [String]?

        package init(id: String, title: String, type: String, archived: Bool = false, labels: [String]? = nil) {
            self.id = id
            self.title = title
            self.type = type
            self.archived = archived
            self.labels = labels
        }
    }

    package let id: Int64
    package let name: String
    /// `active`, `archived` or `deleted`.
    package let state: String
    package let itemsCount: Int?
    /// The hidden board that holds the subitems, as the subitems column names it; nil without such a column.
    package let subitemBoard: Int64?
    package let groups: [Group]
    package let columns: [Column]

    package init(
        id: Int64,
        name: String,
        state: String,
        itemsCount: Int?,
        subitemBoard: Int64?,
        groups: [Group],
        columns: [Column]
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.itemsCount = itemsCount
        self.subitemBoard = subitemBoard
        self.groups = groups
        self.columns = columns
    }
}

/// An item as it stands on a board.
package struct BoardItem: Hashable, Sendable {
    package let id: Int64
    package let name: String
    /// `active`, `archived` or `deleted`; empty when Monday does not say.
    package let state: String
    package let board: Int64?
    package let group: String?
    /// The order key in the key column; nil when there is none, or when it is no key.
    package let key: OrderKey?
    /// The text of the columns that were asked for, by column id; an empty cell is left out.
    package let texts: [String: String]

    package init(
        id: Int64,
        name: String,
        state: String,
        board: Int64?,
        group: String?,
        key: OrderKey?,
        texts: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.board = board
        self.group = group
        self.key = key
        self.texts = texts
    }

    /// An item of which Monday does not say that it is off the board is on it.
    package var isActive: Bool { self.state == "active" || self.state.isEmpty }
}

/// A subitem as it stands under its parent.
package struct BoardSubitem: Hashable, Sendable {
    package let id: Int64
    package let name: String
    package let state: String
    package let board: Int64?
    /// The label in the size column; nil when the cell is empty.
    package let size: String?
    /// The quantity, when the cell holds a whole number.
    package let quantity: Int64?

    package init(id: Int64, name: String, state: String, board: Int64?, size: String?, quantity: Int64?) {
        self.id = id
        self.name = name
        self.state = state
        self.board = board
        self.size = size
        self.quantity = quantity
    }

    package var isActive: Bool { self.state == "active" || self.state.isEmpty }
}

/// One page of a subitem board.
package struct SubitemPage: Hashable, Sendable {
    /// Subitems with their parents.
    package struct Entry: Hashable, Sendable {
        package let parent: Int64
        package let subitem: BoardSubitem
    }

    package let entries: [Entry]
    /// Nil after the last page.
    package let cursor: String?
}

/// One page of a board's items, and where the next begins.
package struct BoardPage: Hashable, Sendable {
    package let items: [BoardItem]
    /// Nil after the last page; lives for 60 minutes from the first.
    package let cursor: String?
}
