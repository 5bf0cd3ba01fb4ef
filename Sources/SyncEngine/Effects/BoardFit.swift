package import Monday
package import Orders

/// Whether a board has what the field map writes: a pure check, since column ids and types drift.
package enum BoardFit {
    /// Everything that does not fit, each in words that say what to do; empty when all fits.
    package static func problems(board: Board, fieldMap: FieldMap, keyColumn: String?) -> [String] {
        var problems: [String] = []
        if board.state != "active" { problems.append("board \(board.id) is \(board.state)") }
        let columns = Dictionary(board.columns.map { ($0.id, $0) }) { first, _ in first }
        for field in fieldMap.fields {
            guard let id = field.mondayColumn else { continue }
            guard let column = columns[id], !column.archived else {
                problems.append(
                    "the field map sends \"\(field.source)\" to column \(id), which board \(board.id) does not have: "
                        + "correct the field map"
                )
                continue
            }
            if column.type != field.mondayType.rawValue {
                problems.append(
                    "the field map says that column \(id) (\"\(column.title)\") is of type "
                        + "\(field.mondayType.rawValue), the board says \(column.type): correct the field map"
                )
            }
        }
        if let keyColumn {
            switch columns[keyColumn] {
            case .some(let column) where column.type == "text" && !column.archived: break
            case .some(let column):
                problems.append("the external key column \(keyColumn) is of type \(column.type), it must be text")
            case nil:
                problems.append(
                    "board \(board.id) has no column \(keyColumn): correct monday.external_key_column"
                )
            }
        }
        return problems
    }
}
