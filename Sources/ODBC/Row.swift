internal import CODBC

/// The row a query stands on, with cells of any length.
///
/// Cells are read from the driver in their order and kept until the next row, since some drivers give each once and none backwards.
@safe package final class Row {
    private enum Cell { case null, text(String), integer(Int64), double(Double) }

    /// The columns of the result.
    package let columns: [ColumnDescription]
    private let statement: Statement
    private var cells: [Cell] = []
    private var piece: [SQLWCHAR] = []

    /// The units of the first piece of a text, and of the largest one.
    private static let (firstPiece, widestPiece) = (4096, 4 << 20)
    /// Whether numbers are read as text, see ``Block/Format/numeral``.
    private let asText: Bool

    /// The rows of an executed statement; without columns when it has no result.
    init(_ statement: Statement) throws(ODBCError) {
        self.statement = statement
        self.columns = try statement.columns()
        self.asText = statement.link.driver.isSQLite
        self.cells.reserveCapacity(self.columns.count)
    }

    /// Goes to the next row; false at the end.
    func advance() throws(ODBCError) -> Bool {
        self.cells.removeAll(keepingCapacity: true)
        // The buffer of a long text is not kept for all the rows to come.
        if self.piece.count > Self.firstPiece { self.piece = [] }
        return try self.statement.call("SQLFetch") { unsafe SQLFetch($0.raw) } != SQL_NO_DATA
    }

    /// The cell as text, numbers in their shortest form; nil for NULL.
    package func text(_ index: Int) throws(ODBCError) -> String? {
        switch try self.cell(index) {
        case .null: nil
        case .text(let text): text
        case .integer(let number): String(number)
        case .double(let number): String(number)
        }
    }

    /// The cell as an integer; nil for NULL.
    ///
    /// - Throws: 22018 when it is no integer.
    package func integer(_ index: Int) throws(ODBCError) -> Int64? {
        switch try self.cell(index) {
        case .null: return nil
        case .integer(let number): return number
        case .text(let text):
            guard let number = Int64(text) else { throw self.mismatch(index, "an integer") }
            return number
        case .double(let number):
            guard let number = Int64(exactly: number) else { throw self.mismatch(index, "an integer") }
            return number
        }
    }

    /// The cell as a double; nil for NULL.
    ///
    /// - Throws: 22018 when it is no number.
    package func double(_ index: Int) throws(ODBCError) -> Double? {
        switch try self.cell(index) {
        case .null: return nil
        case .integer(let number): return Double(number)
        case .double(let number): return number
        case .text(let text):
            guard let number = Double(text) else { throw self.mismatch(index, "a number") }
            return number
        }
    }

    package func isNull(_ index: Int) throws(ODBCError) -> Bool {
        if case .null = try self.cell(index) { true } else { false }
    }

    private func mismatch(_ index: Int, _ kind: String) -> ODBCError {
        ODBCError("22018", "Column \(self.columns[index].name) does not hold \(kind).")
    }

    private func cell(_ index: Int) throws(ODBCError) -> Cell {
        precondition(index >= 0 && index < self.columns.count, "column out of range")
        while self.cells.count <= index { self.cells.append(try self.read(self.cells.count)) }
        return self.cells[index]
    }

    private func read(_ index: Int) throws(ODBCError) -> Cell {
        let column = self.columns[index]
        if self.asText { return try self.pieces(index).map { .text($0) } ?? .null }
        if column.isInteger || column.sqlType == SQL_BIT {
            return try self.number(index, SQL_C_SBIGINT, Int64(0)).map { .integer($0) } ?? .null
        }
        if column.isFloatingPoint { return try self.number(index, SQL_C_DOUBLE, 0.0).map { .double($0) } ?? .null }
        return try self.pieces(index).map { .text($0) } ?? .null
    }

    private func number<Value: BitwiseCopyable>(_ index: Int, _ type: Int32, _ zero: Value) throws(ODBCError) -> Value?
    {
        var value = zero
        var length: SQLLEN = 0
        try self.statement.call("SQLGetData") {
            unsafe SQLGetData($0.raw, SQLUSMALLINT(index + 1), Int16(type), &value, MemoryLayout<Value>.size, &length)
        }
        return length == SQL_NULL_DATA ? nil : value
    }

    /// Reads text piece by piece, however long it is.
    private func pieces(_ index: Int) throws(ODBCError) -> String? {
        if self.piece.isEmpty { self.piece = [SQLWCHAR](repeating: 0, count: Self.firstPiece) }
        var units: [SQLWCHAR] = []
        while true {
            var length: SQLLEN = 0
            let room = SQLLEN(self.piece.count * 2)
            let code = try self.statement.call("SQLGetData") {
                unsafe SQLGetData($0.raw, SQLUSMALLINT(index + 1), Int16(SQL_C_WCHAR), &self.piece, room, &length)
            }
            if code == SQL_NO_DATA { break }
            if length == SQL_NULL_DATA { return nil }
            // The length is that of all that was left. When it doesn't fit, or is unknown, a terminator ended the piece.
            let isLast = length != SQL_NO_TOTAL && length < room
            let count = isLast ? length / 2 : self.piece.count - 1
            if isLast, units.isEmpty {
                return unsafe self.piece.withUnsafeBufferPointer { unsafe Text.decode($0.extracting(..<count)) }
            }
            units.append(contentsOf: self.piece[..<count])
            if isLast { break }
            self.widenPiece(for: length == SQL_NO_TOTAL ? 0 : length / 2 - count)
        }
        return unsafe units.withUnsafeBufferPointer { unsafe Text.decode($0) }
    }

    /// Makes room for what is left of a text, or for twice as much when that is unknown: SQLite's driver converts the whole text for
    /// each piece of it.
    private func widenPiece(for units: Int) {
        let wanted = units > 0 ? units + 1 : self.piece.count * 2
        guard wanted > self.piece.count else { return }
        self.piece = [SQLWCHAR](repeating: 0, count: min(wanted, Self.widestPiece))
    }
}

extension Connection {
    /// Reads the rows of a SELECT one by one, with cells of any length.
    ///
    /// - Parameters:
    ///   - sql: the text, with `?` for each parameter
    ///   - parameters: the parameters' values
    ///   - timeout: seconds for the execution, and for each row; 0 is without end
    ///   - each: called for each row; what it throws ends the reading
    /// - Throws: what the driver says, and what `each` throws.
    package func query(
        _ sql: String,
        _ parameters: [ODBCValue] = [],
        timeout: Int,
        _ each: (Row) throws -> Void
    ) throws {
        let statement = try self.statement(timeout: timeout)
        _ = try statement.execute(sql, parameters)
        let row = try Row(statement)
        guard !row.columns.isEmpty else { return }
        while try row.advance() { try each(row) }
    }
}
