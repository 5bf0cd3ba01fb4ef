internal import CODBC

/// The buffers that a cursor's rows are fetched into: for each column its values, one after another, and their lengths.
@safe final class Block {
    private let memory: UnsafeMutableRawPointer
    private let offsets: [(values: Int, indicators: Int)]
    private let rows: Int
    /// Where the driver writes the number of rows it fetched.
    let fetched: UnsafeMutablePointer<SQLULEN>
    /// Where it writes what became of each row.
    let statuses: UnsafeMutablePointer<SQLUSMALLINT>

    init(_ columns: [ColumnBinding], rows: Int) {
        precondition(rows > 0, "a block has at least one row")
        var offsets: [(values: Int, indicators: Int)] = []
        var size = 0
        for column in columns {
            let values = size
            size += Self.rounded(Self.width(column) * rows)
            offsets.append((values, size))
            size += MemoryLayout<SQLLEN>.stride * rows
        }
        self.rows = rows
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

    /// The bytes of one cell: text has a terminator.
    static func width(_ column: ColumnBinding) -> Int {
        switch column {
        case .text(let units): (units + 1) * 2
        case .integer, .double: 8
        }
    }

    func values(_ column: Int) -> UnsafeMutableRawPointer {
        unsafe self.memory + self.offsets[column].values
    }

    func indicators(_ column: Int) -> UnsafeMutablePointer<SQLLEN> {
        unsafe (self.memory + self.offsets[column].indicators).assumingMemoryBound(to: SQLLEN.self)
    }

    /// Forgets the last fetch: some drivers write no statuses at all.
    func reset() {
        unsafe self.fetched.pointee = 0
        unsafe self.statuses.update(repeating: SQLUSMALLINT(SQL_ROW_SUCCESS), count: self.rows)
    }

    var fetchedRows: Int { unsafe min(Int(self.fetched.pointee), self.rows) }

    /// Whether one of the fetched rows is marked as failed.
    var hasBadRow: Bool {
        for row in 0..<self.fetchedRows where unsafe self.statuses[row] == SQLUSMALLINT(SQL_ROW_ERROR) { return true }
        return false
    }

    private static func rounded(_ bytes: Int) -> Int { (bytes + 7) & ~7 }
}
