extension FieldMap {
    /// Compares the map with the board it writes to.
    /// - Parameters:
    ///   - columns: The types of the board's columns by their ids, in Monday's words.
    ///   - subitemColumns: The same of the subitem board; nil while that board is not known.
    /// - Returns: Every column that is missing or of another type, in words; empty when the map fits.
    package func mismatches(columns: [String: String], subitemColumns: [String: String]?) -> [String] {
        var mismatches = self.fields.compactMap { field in
            field.mondayColumn.flatMap { column in
                Self.mismatch("the board", columns, column, field.mondayType, of: "“\(field.source)”")
            }
        }
        if let subitemColumns {
            let wanted = [
                (self.subitem.sizeColumn, self.subitem.sizeType, "sizes"),
                (self.subitem.quantityColumn, self.subitem.quantityType, "quantities"),
            ]
            mismatches += wanted.compactMap { column, type, what in
                Self.mismatch("the subitem board", subitemColumns, column, type, of: what)
            }
        }
        return mismatches
    }

    private static func mismatch(
        _ board: String,
        _ columns: [String: String],
        _ column: String,
        _ type: ColumnType,
        of what: String
    ) -> String? {
        guard let found = columns[column] else { return "\(board) has no column “\(column)” for \(what)" }
        guard found != type.rawValue else { return nil }
        return "\(board)'s column “\(column)” for \(what) is of type \(found), the field map says \(type.rawValue)"
    }
}
