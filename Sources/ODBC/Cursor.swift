internal import CODBC

/// How a column of a block is read.
package enum ColumnBinding: Hashable, Sendable {
    /// Text of which at most that many UTF-16 units are kept; a longer cell shows by ``Cursor/isTruncated(_:_:)``.
    case text(units: Int)
    /// A 64-bit integer.
    case integer
    /// A double.
    case double
}

/// A result that is read in blocks of rows, whose cells are looked at where the driver put them, without a copy.
///
/// Its memory is the block's: rows × (2 × (units + 1) for text, 8 for a number, and 8 for the length of each).
@safe package final class Cursor {
    private let statement: Statement
    private let connection: Connection
    private let bindings: [ColumnBinding]
    private let block: Block
    private var isAtEnd = false

    /// How many rows the block holds now; 0 before the first ``nextBlock()`` and at the end.
    package private(set) var rowCount = 0

    init(_ statement: Statement, connection: Connection, columns: [ColumnBinding], rowsPerBlock: Int) throws(ODBCError)
    {
        self.statement = statement
        self.connection = connection
        self.bindings = columns
        self.block = Block(columns, rows: rowsPerBlock)
        try statement.set(SQL_ATTR_ROW_BIND_TYPE, number: Int(SQL_BIND_BY_COLUMN))
        try statement.set(SQL_ATTR_ROW_ARRAY_SIZE, number: rowsPerBlock)
        try unsafe statement.set(SQL_ATTR_ROWS_FETCHED_PTR, address: self.block.fetched)
        try unsafe statement.set(SQL_ATTR_ROW_STATUS_PTR, address: self.block.statuses)
        for (index, binding) in columns.enumerated() {
            let width = Block.width(binding)
            let (values, indicators) = unsafe (self.block.values(index), self.block.indicators(index))
            try statement.quick("SQLBindCol") {
                unsafe SQLBindCol(
                    $0.raw,
                    SQLUSMALLINT(index + 1),
                    binding.bufferType,
                    values,
                    SQLLEN(width),
                    indicators
                )
            }
        }
    }

    /// Reads the next rows.
    ///
    /// - Returns: how many the block holds now; 0 at the end.
    /// - Throws: also when the driver could not read one of them.
    package func nextBlock() throws(ODBCError) -> Int {
        guard !self.isAtEnd else { return 0 }
        self.rowCount = 0
        self.block.reset()
        let code = try self.statement.call("SQLFetch") { unsafe SQLFetch($0.raw) }
        guard code != SQL_NO_DATA, self.block.fetchedRows > 0 else {
            self.isAtEnd = true
            return 0
        }
        guard !self.block.hasBadRow else {
            throw ODBCError("01S01", "The driver could not read a row of the block.")
        }
        self.rowCount = self.block.fetchedRows
        return self.rowCount
    }

    package func isNull(_ row: Int, _ column: Int) -> Bool {
        self.indicator(row, column) == SQL_NULL_DATA
    }

    /// The cell of an integer column; nil for NULL.
    package func int64(_ row: Int, _ column: Int) -> Int64? {
        guard self.indicator(row, column) != SQL_NULL_DATA else { return nil }
        return unsafe (self.block.values(column) + row * 8).load(as: Int64.self)
    }

    /// The cell of a column of doubles; nil for NULL.
    package func double(_ row: Int, _ column: Int) -> Double? {
        guard self.indicator(row, column) != SQL_NULL_DATA else { return nil }
        return unsafe (self.block.values(column) + row * 8).load(as: Double.self)
    }

    /// Whether the text is longer than its column keeps.
    package func isTruncated(_ row: Int, _ column: Int) -> Bool {
        guard case .text(let units) = self.bindings[column] else { return false }
        let length = self.indicator(row, column)
        return length == SQL_NO_TOTAL || length > units * 2
    }

    /// Lends the UTF-16 units of a text cell, as many as are kept; nil for NULL.
    package func withUTF16<Result>(
        _ row: Int,
        _ column: Int,
        _ body: (UnsafeBufferPointer<UInt16>) throws -> Result
    ) rethrows -> Result? {
        guard case .text(let units) = self.bindings[column] else { return nil }
        let length = self.indicator(row, column)
        guard length != SQL_NULL_DATA else { return nil }
        let count = length == SQL_NO_TOTAL ? units : min(length / 2, units)
        let start = unsafe (self.block.values(column) + row * Block.width(self.bindings[column]))
        return try unsafe body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt16.self), count: count))
    }

    /// The text of a cell, as much as is kept; nil for NULL.
    package func text(_ row: Int, _ column: Int) -> String? {
        unsafe self.withUTF16(row, column) { unsafe String(decoding: $0, as: UTF16.self) }
    }

    /// Ends the reading, so that the connection can do other work while this is still held.
    package func close() {
        self.isAtEnd = true
        self.rowCount = 0
        self.statement.close()
        if self.connection.cursor === self { self.connection.cursor = nil }
    }

    private func indicator(_ row: Int, _ column: Int) -> SQLLEN {
        precondition(row >= 0 && row < self.rowCount, "row out of range")
        return unsafe self.block.indicators(column)[row]
    }
}

extension ColumnBinding {
    /// The type of the buffer, an SQL_C_… number.
    fileprivate var bufferType: Int16 {
        switch self {
        case .text: Int16(SQL_C_WCHAR)
        case .integer: Int16(SQL_C_SBIGINT)
        case .double: Int16(SQL_C_DOUBLE)
        }
    }
}

extension Connection {
    /// Executes a SELECT whose rows are then read in blocks.
    ///
    /// - Parameters:
    ///   - sql: the text, with `?` for each parameter
    ///   - parameters: the parameters' values
    ///   - columns: how to read each column, in the result's order
    ///   - rowsPerBlock: rows a block
    ///   - timeout: seconds for the execution, and for each block; 0 is without end
    package func cursor(
        _ sql: String,
        _ parameters: [ODBCValue] = [],
        columns: [ColumnBinding],
        rowsPerBlock: Int,
        timeout: Int
    ) throws(ODBCError) -> Cursor {
        let statement = try self.statement(timeout: timeout)
        _ = try statement.execute(sql, parameters)
        let found = try statement.columns()
        guard found.count == columns.count else {
            throw ODBCError("07002", "The result has \(found.count) columns, where \(columns.count) were expected.")
        }
        let cursor = try Cursor(statement, connection: self, columns: columns, rowsPerBlock: rowsPerBlock)
        self.cursor = cursor
        return cursor
    }
}
