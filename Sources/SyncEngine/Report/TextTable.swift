/// A table for people: a line of titles, columns in step, no wider than the terminal.
package struct TextTable: Sendable {
    package enum Alignment: Hashable, Sendable { case left, right }

    package struct Column: Hashable, Sendable {
        package let title: String
        package let alignment: Alignment
        /// Whether its cells may be cut when the terminal is too narrow.
        package let isFlexible: Bool

        package init(_ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.isFlexible = isFlexible
        }
    }

    /// Below that many cells a flexible column is not made narrower.
    private static let leastWidth = 8
    private static let gap = "  "

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells are empty, surplus ones are dropped, and nothing in them can reach the terminal's controls.
    package mutating func add(_ cells: [String]) {
        let padding = Array(repeating: "", count: max(0, self.columns.count - cells.count))
        self.rows.append(cells.prefix(self.columns.count).map(DisplayText.safe) + padding)
    }

    package var isEmpty: Bool { self.rows.isEmpty }

    /// The lines of the table.
    ///
    /// - Parameter width: The cells of a line; nil where there is no limit, as in a pipe.
    /// - Returns: The titles, then a line a row, without trailing blanks.
    package func lines(width: Int?) -> [String] {
        let widths = self.widths(limit: width)
        return ([self.columns.map(\.title)] + self.rows).map { self.line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, column) in self.columns.enumerated() {
            let text = column.isFlexible ? DisplayText.cut(cells[index], to: widths[index]) : cells[index]
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayText.width(text)))
            if index > 0 { line += Self.gap }
            line += column.alignment == .left ? text + padding : padding + text
        }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private func widths(limit: Int?) -> [Int] {
        var widths = self.columns.indices.map { index in
            self.rows.reduce(DisplayText.width(self.columns[index].title)) { max($0, DisplayText.width($1[index])) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - limit
        while excess > 0 {
            // The widest gives first, so that short columns stay whole.
            let candidates = self.columns.indices.filter { self.columns[$0].isFlexible && widths[$0] > Self.leastWidth }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
