package import Orders

/// Rows as they came from the source, apart from the driver's buffers.
///
/// Reading them by the field map's rules takes as long as fetching them, so it is left to another thread.
package struct UnreadRows: Sendable {
    private let rows: @Sendable () -> [RowReading]

    init(_ rows: [CopiedCells], reader: OrderReader) {
        self.rows = { rows.map { reader.read($0, row: $0.number) } }
    }

    /// Takes rows that were read.
    package init(_ readings: [RowReading]) {
        self.rows = { readings }
    }

    /// The rows by the field map's rules.
    package func read() -> [RowReading] { self.rows() }
}

/// One row of the source, its cells copied.
struct CopiedCells: SourceCells {
    /// The number of the row in its reading, from 1.
    let number: Int
    private let texts: [String?]
    private let sizes: [Int64?]
    /// What stands in sizes that hold no number, which is rare.
    private let malformed: [Int: String]

    /// Copies the cells of a row, whose columns are the plan's.
    init(_ cells: some SourceCells, _ plan: SourcePlan, number: Int) {
        self.number = number
        self.texts = (0..<plan.firstSize).map { cells.text(at: $0) }
        var malformed: [Int: String] = [:]
        self.sizes = (plan.firstSize..<plan.columns.count).map { index in
            let size = cells.integer(at: index)
            if size == nil, let text = cells.malformedInteger(at: index) { malformed[index] = text }
            return size
        }
        self.malformed = malformed
    }

    /// Copies the texts of a row whose sizes were unpacked.
    init(_ cells: PackedCells, number: Int) {
        self.number = number
        self.texts = (0..<cells.firstSize).map { cells.text(at: $0) }
        self.sizes = cells.sizes
        self.malformed = [:]
    }

    func text(at index: Int) -> String? { self.texts[index] }
    func integer(at index: Int) -> Int64? { self.sizes[index - self.texts.count] }
    func malformedInteger(at index: Int) -> String? { self.malformed[index] }
}
