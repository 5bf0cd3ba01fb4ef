/// What is to be written on an item that is there: a pure decision.
///
/// Only what differs from what the item is known to hold. Columns that the map doesn't name are never written.
package struct ItemChange: Hashable, Sendable {
    /// What is known of an item before it is changed.
    package enum Known: Hashable, Sendable {
        /// Nothing: all that the map names is written once.
        case nothing
        /// The order whose values it was last written with.
        case written(Order)
        /// What its cells show: they were read in order to compare.
        case shown(name: String)
    }

    package let columns: [ColumnValue]
    /// The item's new name; nil when it has it already.
    package let name: String?

    package var isEmpty: Bool { self.columns.isEmpty && self.name == nil }

    /// Decides what to write.
    ///
    /// - Parameters:
    ///   - order: What the item shall show.
    ///   - known: What it is known to hold.
    ///   - fieldMap: Which columns are written, and which of them people may change for good (`on_board: keep`).
    ///   - cells: The texts of the item's cells by column, as far as they were read; nil when none was.
    package init(to order: Order, known: Known, fieldMap: FieldMap, cells: [String: String]?) {
        let before = Self.before(known, fieldMap)
        var columns: [ColumnValue] = []
        for field in fieldMap.fields {
            guard let column = field.mondayColumn, order.values.indices.contains(field.index) else { continue }
            let value = order.values[field.index].map { field.boardValue($0) }
            if let before, before.values[field.index].map({ field.boardValue($0) }) == value { continue }
            if case .shown = known, BoardText.shows(cells?[column], value?.text) { continue }
            if field.onBoard == .keep, !Self.isOurs(field, column, before, known, cells) { continue }
            columns.append(
                ColumnValue(columnID: column, type: field.mondayType, value: value, createLabels: field.createLabels)
            )
        }
        self.columns = columns
        self.name =
            switch known {
            case .nothing: order.title
            case .written(let before): before.title == order.title ? nil : order.title
            case .shown(let name): name == order.title ? nil : order.title
            }
    }

    /// Whether the cells of an item must be read before its change is decided: a column that differs belongs to people
    /// once they have changed it.
    package static func needsCells(to order: Order, known: Known, fieldMap: FieldMap) -> Bool {
        let before = Self.before(known, fieldMap)
        return fieldMap.fields.contains { field in
            guard field.onBoard == .keep, field.mondayColumn != nil, order.values.indices.contains(field.index) else {
                return false
            }
            return before.map { $0.values[field.index] != order.values[field.index] } ?? true
        }
    }

    /// The order that the item was last written with; values of another map stand in other columns, and tell nothing.
    private static func before(_ known: Known, _ fieldMap: FieldMap) -> Order? {
        guard case .written(let order) = known, order.columnsDigest == fieldMap.columnsDigest,
            order.values.count == fieldMap.fields.count
        else { return nil }
        return order
    }

    /// Whether a cell that people may own still shows what we last wrote, or was never filled.
    private static func isOurs(
        _ field: Field,
        _ column: String,
        _ before: Order?,
        _ known: Known,
        _ cells: [String: String]?
    ) -> Bool {
        if case .shown = known { return false }
        guard let cells else { return false }
        return BoardText.shows(cells[column], before?.values[field.index].map { field.boardValue($0).text })
    }
}
