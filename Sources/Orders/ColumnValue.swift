/// What one column of a board item shall hold.
package struct ColumnValue: Hashable, Sendable {
    package let columnID: String
    package let type: ColumnType
    /// The value, of which nil empties the column.
    ///
    /// A number or a day bound for a column of text comes as text.
    package let value: FieldValue?
    /// Whether a label that the board lacks may be created for it.
    package let createLabels: Bool

    package init(columnID: String, type: ColumnType, value: FieldValue?, createLabels: Bool = true) {
        self.columnID = columnID
        self.type = type
        self.value = value
        self.createLabels = createLabels
    }
}
