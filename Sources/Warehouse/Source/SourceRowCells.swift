internal import ODBC
import Orders

/// A row that was read by itself, with cells of any length.
struct WholeCells: SourceCells {
    private let texts: [String?]

    /// Reads the row, whose columns are the plan's.
    init(_ row: Row, _ plan: SourcePlan) throws {
        self.texts = try plan.columns.indices.map { try row.text($0) }
    }

    func text(at index: Int) -> String? { self.texts[index] }
    func integer(at index: Int) -> Int64? { self.texts[index].flatMap { Int64($0) } }
    func malformedInteger(at index: Int) -> String? { self.texts[index] }

    /// Whether a cell is longer than its column is bound in blocks.
    func hasLongText(_ plan: SourcePlan) -> Bool {
        zip(plan.columns, self.texts).contains { column, text in
            guard case .text(let maxUnits) = column.kind, let text, text.utf8.count > maxUnits else { return false }
            return text.utf16.count > maxUnits
        }
    }
}
