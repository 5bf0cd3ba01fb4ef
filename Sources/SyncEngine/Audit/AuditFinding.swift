/// One thing in which board, ledger and production tables don't agree.
package struct AuditFinding: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The ledger's item is not on the board.
        case missing
        /// An item carries an order key that nobody knows, or that of an order which is off the board.
        case extra
        /// An item carries the key of an order that has another item.
        case duplicate
        /// An item carries no order key.
        case unexplained
        /// A cell, the name or the key of an item shows something else.
        case column
        case group
        case subitemMissing = "subitem_missing"
        case subitemExtra = "subitem_extra"
        case quantity
        /// The production tables lack an order or a size.
        case productionMissing = "production_missing"
        /// The production tables hold an order or a size too many.
        case productionExtra = "production_extra"
        /// A value of a production row is another than what was brought to the board.
        case production
    }

    package let kind: Kind
    package var orderKey: String?
    package var orderNumber: String?
    package var customer: String?
    package var item: Int64?
    /// The column, by its id on the board or its name in production, or the size.
    package var place: String?
    package var expected: String?
    package var found: String?
    /// Whether a repair may put it right.
    package var isRepairable: Bool

    package init(
        _ kind: Kind,
        item: Int64? = nil,
        place: String? = nil,
        expected: String? = nil,
        found: String? = nil,
        isRepairable: Bool
    ) {
        self.kind = kind
        self.item = item
        self.place = place
        self.expected = expected
        self.found = found
        self.isRepairable = isRepairable
    }
}
