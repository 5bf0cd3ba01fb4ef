import FoundationEssentials
internal import ODBC
import Orders

/// Rows of a portion as the driver gave them, one after another in one piece of memory.
///
/// A row that is known by what its cells hold is never taken apart. So its cells are copied, and nothing is made of them: first the
/// uuid's, then all others behind the seed of their digest, each as ``Cursor/appendText(_:_:to:)`` has it. Numbers have a unit that
/// tells what follows.
struct RowBuffer: Sendable {
    /// What stands before a number.
    private enum Kind {
        static let null: UInt16 = 0
        static let number: UInt16 = 1
        static let malformed: UInt16 = 2
    }

    /// One row.
    private struct Entry: Sendable {
        /// The number of the row in its reading, from 1.
        let number: Int
        let units: Range<Int>
        let mark: RowMark?
        /// The row itself when it was read alone.
        let whole: CopiedCells?
    }

    private let query: SourceQuery
    private let seed: [UInt16]
    private var units: [UInt16] = []
    private var entries: [Entry] = []

    init(_ query: SourceQuery, seed: [UInt8], rows: Int) {
        self.query = query
        self.seed = stride(from: 0, to: seed.count - 1, by: 2).map { UInt16(seed[$0]) << 8 | UInt16(seed[$0 + 1]) }
        self.entries.reserveCapacity(rows)
    }

    var count: Int { self.entries.count }
    var marks: [RowMark?] { self.entries.map(\.mark) }

    /// The position of the first column of the plan in a block.
    private var first: Int { self.query.hasRowNumbers ? 1 : 0 }
    private var firstSize: Int { self.query.plan.firstSize }

    /// Appends a row of a block.
    mutating func append(_ cursor: Cursor, _ row: Int, number: Int) {
        let start = self.units.count
        let plan = self.query.plan
        var uuid: UUID?
        if let position = plan.recordUUIDPosition {
            uuid = cursor.text(row, self.first + position).flatMap { UUID(text: $0) }
            cursor.appendText(row, self.first + position, to: &self.units)
        }
        let hashed = self.units.count
        self.units.append(contentsOf: self.seed)
        for position in 0..<self.firstSize where position != plan.recordUUIDPosition {
            cursor.appendText(row, self.first + position, to: &self.units)
        }
        if self.query.hasRowNumbers {
            let lists = (self.first + self.firstSize)..<self.query.bindings.count
            for list in lists { cursor.appendText(row, list, to: &self.units) }
        } else {
            for column in self.firstSize..<plan.columns.count { self.appendNumber(cursor, row, column) }
        }
        let mark = uuid.map { RowMark(recordUUID: $0, digest: Digest.sha256(self.units[hashed...])) }
        self.entries.append(Entry(number: number, units: start..<self.units.count, mark: mark, whole: nil))
    }

    /// Appends a row that was read alone, which has no mark.
    mutating func append(_ whole: CopiedCells) {
        self.entries.append(Entry(number: whole.number, units: 0..<0, mark: nil, whole: whole))
    }

    private mutating func appendNumber(_ cursor: Cursor, _ row: Int, _ column: Int) {
        if let number = cursor.int64(row, column) {
            self.units.append(Kind.number)
            for shift in stride(from: 48, through: 0, by: -16) {
                self.units.append(UInt16(truncatingIfNeeded: number >> Int64(shift)))
            }
        } else if cursor.isNull(row, column) {
            self.units.append(Kind.null)
        } else {
            self.units.append(Kind.malformed)
            cursor.appendText(row, column, to: &self.units)
        }
    }

    /// The cells of a row.
    subscript(index: Int) -> CopiedCells {
        let entry = self.entries[index]
        if let whole = entry.whole { return whole }
        let cells = BufferedTexts(self.units, at: entry.units.lowerBound, self.query.plan, seed: self.seed.count)
        let sizes = self.sizes(at: cells.end)
        return CopiedCells(
            number: entry.number,
            texts: (0..<self.firstSize).map { cells.text(at: $0) },
            sizes: sizes.numbers,
            malformed: sizes.malformed
        )
    }

    /// The texts of a row, of which each is made when it is asked for; nil for a row that was read alone.
    func texts(_ index: Int) -> BufferedTexts? {
        let entry = self.entries[index]
        guard entry.whole == nil else { return nil }
        return BufferedTexts(self.units, at: entry.units.lowerBound, self.query.plan, seed: self.seed.count)
    }

    private func sizes(at start: Int) -> (numbers: [Int64?], malformed: [Int: String]) {
        var at = start
        var numbers: [Int64?] = []
        var malformed: [Int: String] = [:]
        let count = self.query.plan.sizeLabels.count
        numbers.reserveCapacity(count)
        guard !self.query.hasRowNumbers else {
            while numbers.count < count, let list = BufferedText(self.units, &at).text,
                SizeList.read(list, into: &numbers)
            {}
            return (numbers, malformed)
        }
        for position in 0..<count {
            let kind = self.units[at]
            at += 1
            switch kind {
            case Kind.number:
                numbers.append(self.units[at..<(at + 4)].reduce(0) { $0 << 16 | Int64($1) })
                at += 4
            case Kind.malformed:
                malformed[self.firstSize + position] = BufferedText(self.units, &at).text
                numbers.append(nil)
            default: numbers.append(nil)
            }
        }
        return (numbers, malformed)
    }
}

/// One cell of text in a ``RowBuffer``.
private struct BufferedText {
    /// Where its units stand; nil for NULL.
    let units: Range<Int>?
    private let buffer: [UInt16]

    /// Takes the cell at a place, and moves the place behind it.
    init(_ buffer: [UInt16], _ at: inout Int) {
        self.buffer = buffer
        let (high, low) = (buffer[at], buffer[at + 1])
        at += 2
        guard high != .max || low != .max else {
            self.units = nil
            return
        }
        let end = at + (Int(high) << 16 | Int(low))
        self.units = at..<end
        at = end
    }

    var text: String? { self.units.map { Cursor.text(self.buffer[$0]) } }
}

/// The texts of a row in a ``RowBuffer``.
struct BufferedTexts: SourceCells {
    private let buffer: [UInt16]
    private var places: [Range<Int>?] = []
    /// Where the sizes begin.
    let end: Int

    init(_ buffer: [UInt16], at start: Int, _ plan: SourcePlan, seed: Int) {
        self.buffer = buffer
        var at = start
        let uuid = plan.recordUUIDPosition.map { _ in BufferedText(buffer, &at).units }
        at += seed
        self.places.reserveCapacity(plan.firstSize)
        for position in 0..<plan.firstSize {
            let isUUID = position == plan.recordUUIDPosition
            self.places.append(isUUID ? uuid ?? nil : BufferedText(buffer, &at).units)
        }
        self.end = at
    }

    func text(at index: Int) -> String? { self.places[index].map { Cursor.text(self.buffer[$0]) } }
    func integer(at index: Int) -> Int64? { nil }
}
