package import Orders

/// One change of a board, as one aliased field of a request.
package enum Mutation: Hashable, Sendable {
    /// A group; placed after the group of that id, or on top.
    case createGroup(title: String, after: String?)
    /// An item with its values, and with the order's key in a text column where the board has one.
    case createItem(group: String, name: String, columns: [ColumnValue], key: ItemKey?)
    case createSubitem(parent: Int64, name: String, columns: [ColumnValue])
    /// New values of an item or subitem, null ones clearing the cell; `board` is the one the item itself is on.
    case changeColumns(board: Int64, item: Int64, columns: [ColumnValue], name: String?, key: ItemKey?)
    case moveItem(item: Int64, group: String)
    /// Archives an item with its subitems.
    case archiveItem(item: Int64)
    /// Deletes an item or subitem.
    case deleteItem(item: Int64)
    /// A text column on the board, for the order keys.
    case createTextColumn(title: String)
}

/// The order key to be written on an item, and the column that takes it.
package struct ItemKey: Hashable, Sendable {
    package let column: String
    package let key: OrderKey

    package init(column: String, key: OrderKey) {
        self.column = column
        self.key = key
    }
}

extension Mutation {
    /// What a call does, for learning what it costs.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case createGroup = "create_group"
        case createItem = "create_item"
        case createSubitem = "create_subitem"
        case changeColumns = "change_columns"
        case moveItem = "move_item"
        case archiveItem = "archive_item"
        case deleteItem = "delete_item"
        case createColumn = "create_column"
    }

    package var kind: Kind {
        switch self {
        case .createGroup: .createGroup
        case .createItem: .createItem
        case .createSubitem: .createSubitem
        case .changeColumns: .changeColumns
        case .moveItem: .moveItem
        case .archiveItem: .archiveItem
        case .deleteItem: .deleteItem
        case .createTextColumn: .createColumn
        }
    }

    /// The longest name of an item, subitem or group, in UTF-16 units.
    package static let maximumNameLength = 255

    /// Why Monday would refuse the mutation for its form, known before it is sent; nil when nothing is wrong.
    ///
    /// A name that is too long is refused, never cut: a cut name could stand for another order.
    package var refusal: Failure? {
        let (what, name): (String, String?) =
            switch self {
            case .createGroup(let title, _): ("group", title)
            case .createItem(_, let name, _, _): ("item", name)
            case .createSubitem(_, let name, _): ("subitem", name)
            case .changeColumns(_, _, _, let name, _): ("item", name)
            case .createTextColumn(let title): ("column", title)
            case .moveItem, .archiveItem, .deleteItem: ("item", nil)
            }
        guard let name else { return nil }
        let length = name.utf16.count
        if length == 0 {
            return Failure(.permanent, code: ErrorCode.nameEmpty, message: "The \(what)'s name is empty.")
        }
        if length > Self.maximumNameLength {
            return Failure(
                .permanent,
                code: ErrorCode.nameTooLong,
                message: "The \(what)'s name has \(length) characters; Monday takes \(Self.maximumNameLength)."
            )
        }
        return nil
    }
}
