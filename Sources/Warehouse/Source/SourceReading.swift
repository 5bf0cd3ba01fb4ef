internal import ODBC
import Orders

/// A reading of the source under way.
///
/// Rows are looked at in the driver's block. One with a cell that is longer than its column is bound, or with a packed size that is no
/// number, is left out there and read by itself, whole, as soon as the block's result is closed: a connection has one result at a time.
final class SourceReading {
    private static let rowsPerBlock = 256

    private let query: SourceQuery
    let reader: OrderReader
    private var cursor: Cursor?
    private var isFinished = false
    private var row = 0
    /// The number of the last row that was read, and how many rows the range had, where rows have numbers.
    private var lastNumber: Int64?
    private var rowsInRange = 0
    /// The rows to be read by themselves: by their numbers, or only counted.
    private var aside: [Int64] = []
    /// What the digests of all rows begin with.
    private let seed: [UInt8]

    init(_ query: SourceQuery, fieldMap: FieldMap) {
        self.query = query
        self.reader = OrderReader(plan: query.plan, fieldMap: fieldMap)
        self.seed = query.plan.rowSeed(fieldMap)
    }

    /// At least `rows` rows, while there are any.
    func next(_ rows: Int, _ connection: Connection, timeout: Int) throws -> RowBuffer {
        var readings = RowBuffer(self.query, seed: self.seed, rows: rows + Self.rowsPerBlock)
        while readings.count < rows, !self.isFinished {
            let cursor = try self.cursor ?? self.open(connection, timeout)
            self.cursor = cursor
            if try cursor.nextBlock() > 0 {
                self.read(cursor, into: &readings)
            } else {
                cursor.close()
                self.cursor = nil
                try self.readAside(connection, timeout, into: &readings)
                self.isFinished = !self.query.hasRowNumbers || self.rowsInRange < SourceQuery.rowsPerRange
                self.rowsInRange = 0
            }
        }
        return readings
    }

    private func open(_ connection: Connection, _ timeout: Int) throws -> Cursor {
        try connection.cursor(
            self.query.blocks(after: self.lastNumber),
            self.query.condition.values,
            columns: self.query.bindings,
            rowsPerBlock: Self.rowsPerBlock,
            timeout: timeout
        )
    }

    private func read(_ cursor: Cursor, into readings: inout RowBuffer) {
        let firstSize = self.query.plan.firstSize
        let isPacked = self.query.hasRowNumbers
        let texts = isPacked ? 1..<self.query.bindings.count : 0..<firstSize
        for row in 0..<cursor.rowCount {
            if isPacked { self.lastNumber = cursor.int64(row, 0) ?? self.lastNumber }
            self.rowsInRange += 1
            let isWhole = !texts.contains { cursor.isTruncated(row, $0) }
            guard isWhole, !isPacked || Self.areReadable(cursor, row, texts.dropFirst(firstSize)) else {
                self.aside.append(self.lastNumber ?? 0)
                continue
            }
            self.row += 1
            readings.append(cursor, row, number: self.row)
        }
    }

    /// Whether all packed sizes are numbers.
    private static func areReadable(_ cursor: Cursor, _ row: Int, _ lists: Range<Int>) -> Bool {
        lists.allSatisfy { unsafe cursor.withUTF16(row, $0) { unsafe SizeList.isReadable($0) } ?? false }
    }

    private func readAside(_ connection: Connection, _ timeout: Int, into readings: inout RowBuffer) throws {
        guard !self.aside.isEmpty else { return }
        var found = 0
        func take(_ row: Row, always: Bool) throws {
            let cells = try WholeCells(row, self.query.plan)
            guard always || cells.hasLongText(self.query.plan) else { return }
            found += 1
            self.row += 1
            readings.append(CopiedCells(cells, self.query.plan, number: self.row))
        }
        if self.query.hasRowNumbers {
            for number in self.aside {
                try connection.query(self.query.byNumber, [.integer(number)], timeout: timeout) {
                    try take($0, always: true)
                }
            }
        } else {
            try connection.query(self.query.long, self.query.condition.values, timeout: timeout) {
                try take($0, always: false)
            }
        }
        guard found == self.aside.count else {
            throw Failure(.transient, code: "source_changed", message: "The source was changed while it was read.")
        }
        self.aside = []
    }
}
