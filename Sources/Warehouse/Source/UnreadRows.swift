package import Orders

/// Rows as they came from the source, apart from the driver's buffers.
///
/// Reading them by the field map's rules takes as long as fetching them, so it is left to another thread, and left out for rows
/// that are known by their marks.
package struct UnreadRows: Sendable {
    /// What each row is known by; nil for a row without a uuid, and for one that is told by its reading alone.
    package let marks: [RowMark?]
    private let row: @Sendable (Int) -> RowReading
    private let key: @Sendable (Int) -> Digest?

    init(_ rows: RowBuffer, reader: OrderReader) {
        self.marks = rows.marks
        self.row = { position in
            let cells = rows[position]
            return reader.read(cells, row: cells.number)
        }
        self.key = { position in rows.texts(position).flatMap { reader.keyDigest($0) } }
    }

    /// Takes rows that were read.
    package init(_ readings: [RowReading]) {
        self.marks = [RowMark?](repeating: nil, count: readings.count)
        self.row = { readings[$0] }
        self.key = { _ in nil }
    }

    /// The row at that position by the field map's rules.
    package func read(_ position: Int) -> RowReading { self.row(position) }

    /// What is known of the row at that position from the cells of its business key; nil for one without a mark or a key.
    package func keyed(_ position: Int) -> KeyedMark? {
        guard let mark = self.marks[position], let key = self.key(position) else { return nil }
        return KeyedMark(keyDigest: key, rowDigest: mark.digest)
    }

    /// All rows.
    package func read() -> [RowReading] { self.marks.indices.map(self.row) }
}

/// One row of the source, its cells copied.
struct CopiedCells: SourceCells {
    /// The number of the row in its reading, from 1.
    let number: Int
    private let texts: [String?]
    private let sizes: [Int64?]
    /// What stands in sizes that hold no number, which is rare.
    private let malformed: [Int: String]

    init(number: Int, texts: [String?], sizes: [Int64?], malformed: [Int: String]) {
        self.number = number
        self.texts = texts
        self.sizes = sizes
        self.malformed = malformed
    }

    /// Copies the cells of a row, whose columns are the plan's.
    init(_ cells: WholeCells, _ plan: SourcePlan, number: Int) {
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

    func text(at index: Int) -> String? { self.texts[index] }
    func integer(at index: Int) -> Int64? { self.sizes[index - self.texts.count] }
    func malformedInteger(at index: Int) -> String? { self.malformed[index] }
}
