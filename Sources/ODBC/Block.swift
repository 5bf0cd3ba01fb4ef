internal import CODBC

/// The buffers that a cursor's rows are fetched into: for each column its values, one after another, and their lengths.
@safe final class Block {
    /// How a column's cells lie in memory.
    enum Format: Hashable {
        /// UTF-16 with a terminator, at most that many units before it.
        case text(units: Int)
        case integer
        case double
        /// A number as text.
        ///
        /// SQLite's driver turns text into numbers by itself: what is none into NULL, `12abc` into 12, `010` into 8. So there
        /// they are read as the text that they are in the driver's hands anyway, and turned into numbers here.
        case numeral

        /// Room for any 64-bit integer and any double as text, and a bit more, so that a longer text shows as no number.
        private static let numeralUnits = 31

        /// The bytes of one cell.
        var width: Int {
            switch self {
            case .text(let units): (units + 1) * 2
            case .numeral: (Self.numeralUnits + 1) * 2
            case .integer, .double: 8
            }
        }

        /// The units that a cell of text keeps; nil for other cells.
        var units: Int? {
            switch self {
            case .text(let units): units
            case .numeral: Self.numeralUnits
            case .integer, .double: nil
            }
        }

        /// The type of the buffer, an SQL_C_… number.
        var bufferType: Int16 {
            switch self {
            case .text, .numeral: Int16(SQL_C_WCHAR)
            case .integer: Int16(SQL_C_SBIGINT)
            case .double: Int16(SQL_C_DOUBLE)
            }
        }
    }

    private let memory: UnsafeMutableRawPointer
    private let offsets: [(values: Int, indicators: Int)]
    let formats: [Format]
    let rows: Int
    /// Where the driver writes the number of rows it fetched.
    let fetched: UnsafeMutablePointer<SQLULEN>
    /// Where it writes what became of each row.
    let statuses: UnsafeMutablePointer<SQLUSMALLINT>

    init(_ formats: [Format], rows: Int) {
        precondition(rows > 0, "a block has at least one row")
        var offsets: [(values: Int, indicators: Int)] = []
        var size = 0
        for format in formats {
            let values = size
            size += (format.width * rows + 7) & ~7
            offsets.append((values, size))
            size += MemoryLayout<SQLLEN>.stride * rows
        }
        self.rows = rows
        self.formats = formats
        self.offsets = offsets
        unsafe self.memory = .allocate(byteCount: max(size, 8), alignment: 8)
        unsafe self.memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        unsafe self.fetched = .allocate(capacity: 1)
        unsafe self.fetched.initialize(to: 0)
        unsafe self.statuses = .allocate(capacity: rows)
        unsafe self.statuses.initialize(repeating: SQLUSMALLINT(SQL_ROW_SUCCESS), count: rows)
    }

    deinit {
        unsafe self.memory.deallocate()
        unsafe self.fetched.deallocate()
        unsafe self.statuses.deallocate()
    }

    /// The first value of a column.
    func values(_ column: Int) -> UnsafeMutableRawPointer {
        unsafe self.memory + self.offsets[column].values
    }

    /// The first length of a column.
    func indicators(_ column: Int) -> UnsafeMutablePointer<SQLLEN> {
        unsafe (self.memory + self.offsets[column].indicators).assumingMemoryBound(to: SQLLEN.self)
    }

    /// The units of a cell of text that is not NULL, as many as are kept.
    func units(_ row: Int, _ column: Int, kept: Int) -> UnsafeBufferPointer<UInt16> {
        let length = unsafe self.indicators(column)[row]
        let count = length == SQL_NO_TOTAL ? kept : min(length / 2, kept)
        let start = unsafe (self.values(column) + row * self.formats[column].width).assumingMemoryBound(to: UInt16.self)
        return unsafe UnsafeBufferPointer(start: start, count: count)
    }

    /// The cell of a column of 64-bit values.
    func value<Value: BitwiseCopyable>(_ row: Int, _ column: Int, as type: Value.Type) -> Value {
        unsafe (self.values(column) + row * 8).load(as: type)
    }

    /// Forgets the last fetch: some drivers write no statuses at all.
    func reset() {
        unsafe self.fetched.pointee = 0
        unsafe self.statuses.update(repeating: SQLUSMALLINT(SQL_ROW_SUCCESS), count: self.rows)
    }

    var fetchedRows: Int { unsafe min(Int(self.fetched.pointee), self.rows) }

    /// Whether one of the rows is marked as failed, be it counted as fetched or not.
    ///
    /// Microsoft's driver marks a row with a truncated cell so, too, and says SQL_SUCCESS_WITH_INFO (01004): that is none.
    var hasBadRow: Bool {
        for row in 0..<self.rows where unsafe self.statuses[row] == SQLUSMALLINT(SQL_ROW_ERROR) {
            guard row < self.fetchedRows, self.formats.indices.contains(where: { self.isTruncated(row, $0) }) else {
                return true
            }
        }
        return false
    }

    /// Whether a text is longer than its cell keeps.
    func isTruncated(_ row: Int, _ column: Int) -> Bool {
        guard let units = self.formats[column].units else { return false }
        let length = unsafe self.indicators(column)[row]
        return length == SQL_NO_TOTAL || length > units * 2
    }
}
