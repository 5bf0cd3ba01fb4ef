package import Monday

/// The board's column for the orders' keys.
package enum KeyColumn {
    /// What it is called when we make it; a person may rename it.
    package static let title = "ORDERSYNC KEY"

    /// The text columns that bear our title, the first on the board first.
    static func made(on board: Board) -> [Board.Column] {
        board.columns.filter { $0.title == Self.title && $0.type == "text" && !$0.archived }
    }

    /// What to do about a configuration that names no column.
    package static func advice(_ board: Board) -> String {
        guard let column = Self.made(on: board).first else { return "run ordersyncd check --create-key-column" }
        return "column \(column.id) is there for it: set monday.external_key_column to that"
    }
}
