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
/// Its memory is the block's: rows × (2 × (units + 1) for text, 8 for a number, and 8 for the length of each); numbers of SQLite
/// take 64. Blocks of 20 to 100 rows stay in the processor's cache and are the fastest.
@safe package final class Cursor {
    private let statement: Statement
    private let connection: Connection
    private let block: Block
    private var isAtEnd = false

    /// How many rows the block holds now; 0 before the first ``nextBlock()`` and at the end.
    package private(set) var rowCount = 0

    init(_ statement: Statement, connection: Connection, columns: [ColumnBinding], rows: Int) throws(ODBCError) {
        let asText = connection.link.driver.isSQLite
        self.statement = statement
        self.connection = connection
        self.block = Block(columns.map { $0.format(asText: asText) }, rows: rows)
        try statement.set(SQL_ATTR_ROW_BIND_TYPE, number: Int(SQL_BIND_BY_COLUMN))
        try statement.set(SQL_ATTR_ROW_ARRAY_SIZE, number: rows)
        try unsafe statement.set(SQL_ATTR_ROWS_FETCHED_PTR, address: self.block.fetched)
        try unsafe statement.set(SQL_ATTR_ROW_STATUS_PTR, address: self.block.statuses)
        for (index, format) in self.block.formats.enumerated() {
            let (values, indicators) = unsafe (self.block.values(index), self.block.indicators(index))
            try statement.quick("SQLBindCol") {
                unsafe SQLBindCol(
                    $0.raw,
                    SQLUSMALLINT(index + 1),
                    format.bufferType,
                    values,
                    SQLLEN(format.width),
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
        self.rowCount = 0
        guard !self.isAtEnd else { return 0 }
        self.block.reset()
        // After an error there is nothing more to read: some drivers would go on behind the row that failed, or call it the end.
        self.isAtEnd = true
        let code = try self.statement.call("SQLFetch") { unsafe SQLFetch($0.raw) }
        guard !self.block.hasBadRow else {
            throw self.statement.error("SQLFetch", or: "The driver could not read a row of the block.")
        }
        guard code != SQL_NO_DATA, self.block.fetchedRows > 0 else { return 0 }
        self.isAtEnd = false
        self.rowCount = self.block.fetchedRows
        return self.rowCount
    }

    package func isNull(_ row: Int, _ column: Int) -> Bool {
        self.length(row, column) == SQL_NULL_DATA
    }

    /// The cell of an integer column; nil for NULL, and for a cell that holds no integer, which only SQLite lets happen:
    /// ``isNull(_:_:)`` tells one from the other.
    package func int64(_ row: Int, _ column: Int) -> Int64? {
        guard self.length(row, column) != SQL_NULL_DATA else { return nil }
        guard case .numeral = self.block.formats[column] else {
            return self.block.value(row, column, as: Int64.self)
        }
        return unsafe Text.integer(self.block.units(row, column, kept: self.block.formats[column].units ?? 0))
    }

    /// The cell of a column of doubles; nil for NULL, and for a cell that holds no number, which only SQLite lets happen.
    package func double(_ row: Int, _ column: Int) -> Double? {
        guard self.length(row, column) != SQL_NULL_DATA else { return nil }
        guard case .numeral = self.block.formats[column] else {
            return self.block.value(row, column, as: Double.self)
        }
        return self.text(row, column).flatMap { Double($0) }
    }

    /// Whether the text is longer than its column keeps.
    package func isTruncated(_ row: Int, _ column: Int) -> Bool {
        precondition(row >= 0 && row < self.rowCount, "row out of range")
        return self.block.isTruncated(row, column)
    }

    /// Lends the UTF-16 units of a text cell, as many as are kept; nil for NULL.
    package func withUTF16<Result>(
        _ row: Int,
        _ column: Int,
        _ body: (UnsafeBufferPointer<UInt16>) throws -> Result
    ) rethrows -> Result? {
        guard let units = self.block.formats[column].units, self.length(row, column) != SQL_NULL_DATA else {
            return nil
        }
        return try unsafe body(self.block.units(row, column, kept: units))
    }

    /// Appends the cell of a text column, as much as is kept: the number of its units in two units, all ones for NULL, then its units.
    package func appendText(_ row: Int, _ column: Int, to buffer: inout [UInt16]) {
        guard let units = self.block.formats[column].units, self.length(row, column) != SQL_NULL_DATA else {
            buffer.append(.max)
            return buffer.append(.max)
        }
        let text = unsafe self.block.units(row, column, kept: units)
        buffer.append(UInt16(truncatingIfNeeded: text.count >> 16))
        buffer.append(UInt16(truncatingIfNeeded: text.count))
        unsafe buffer.append(contentsOf: text)
    }

    /// The text of units in memory.
    package static func text(_ units: ArraySlice<UInt16>) -> String {
        unsafe units.withUnsafeBufferPointer { unsafe Text.decode($0) }
    }

    /// The text of a cell, as much as is kept; nil for NULL.
    package func text(_ row: Int, _ column: Int) -> String? {
        unsafe self.withUTF16(row, column) { unsafe Text.decode($0) }
    }

    /// Ends the reading, so that the connection can do other work while this is still held.
    package func close() {
        self.isAtEnd = true
        self.rowCount = 0
        self.statement.close()
        if self.connection.cursor === self { self.connection.cursor = nil }
    }

    private func length(_ row: Int, _ column: Int) -> SQLLEN {
        precondition(row >= 0 && row < self.rowCount, "row out of range")
        return unsafe self.block.indicators(column)[row]
    }
}

extension ColumnBinding {
    fileprivate func format(asText: Bool) -> Block.Format {
        switch self {
        case .text(let units): .text(units: units)
        case .integer: asText ? .numeral : .integer
        case .double: asText ? .numeral : .double
        }
    }
}

extension Connection {
    /// Executes a SELECT whose rows are then read in blocks.
    ///
    /// Memory stays flat only where the driver keeps the result at the server. SQLite's does so for a connection string with
    /// `StepAPI=1` and a statement without parameters; in any other case it reads the whole result first, so select ranges there.
    ///
    /// - Parameters:
    ///   - sql: the text, with `?` for each parameter
    ///   - parameters: the parameters' values
    ///   - columns: how to read each column, in the result's order
    ///   - rowsPerBlock: rows a block
    ///   - timeout: seconds for the execution, and for each block; 0 is without end
    /// - Returns: the cursor, before its first block.
    /// - Throws: what the driver says; 07002 when the result has other than that many columns.
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
        let cursor = try Cursor(statement, connection: self, columns: columns, rows: rowsPerBlock)
        self.cursor = cursor
        return cursor
    }
}
