/// A column of the source table, as the source describes it.
package struct SourceColumn: Hashable, Sendable {
    package let name: String
    /// Whether its type is one of the integer types.
    package let isInteger: Bool

    package init(name: String, isInteger: Bool) {
        self.name = name
        self.isInteger = isInteger
    }
}

/// The columns of the source table, in its order.
package struct SourceLayout: Hashable, Sendable {
    package let columns: [SourceColumn]

    package init(columns: [SourceColumn]) {
        self.columns = columns
    }
}

/// One column to select from the source.
package struct PlannedColumn: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Fetched as text; cells of up to so many UTF-16 units are usual, longer ones must be fetched whole as well.
        case text(maxUnits: Int)
        /// Fetched as a 64-bit integer.
        case integer
    }

    package let name: String
    package let kind: Kind
}
