internal import ODBC

/// Rows as one JSON text a set: an array of arrays, each a row.
///
/// A set is sent when it holds its number of rows or of bytes, so that memory stays flat however wide the rows are.
///
/// No text needs JSON's escapes, which some servers leave in the values (Babelfish does): what would is written by ``marks``, and
/// the statement turns it back for the columns that hold such a text.
final class JSONRows: RowWriter {
    private enum Cell { case null, text(String), integer(Int64), double(Double) }

    private static let rowsPerSet = 2000
    /// Twice that much goes over the wire, as UTF-16.
    private static let bytesPerSet = 4 << 20

    private let connection: Connection
    private let statement: RowStatement
    private let timeout: Int
    private var sql: String
    /// The columns that had a text with marks.
    private var marked: Set<Int> = []
    private var areMarksKnown = true
    /// The JSON text, as UTF-8; empty before the first row.
    private var text: [UInt8] = []
    private var rows = 0
    private var cells: [Cell]

    private(set) var sent = 0

    init(_ connection: Connection, _ statement: RowStatement, timeout: Int) {
        self.connection = connection
        self.statement = statement
        self.sql = statement.jsonSQL(marked: [])
        self.timeout = timeout
        self.cells = [Cell](repeating: .null, count: statement.columns.count)
    }

    func setText(_ column: Int, _ text: String?) { self.cells[column] = text.map { .text($0) } ?? .null }
    func setInteger(_ column: Int, _ value: Int64?) { self.cells[column] = value.map { .integer($0) } ?? .null }
    func setDouble(_ column: Int, _ value: Double?) { self.cells[column] = value.map { .double($0) } ?? .null }
    func setDate(_ column: Int, _ value: String?) { self.setText(column, value) }
    func setTimestamp(_ column: Int, _ value: String?) { self.setText(column, value) }

    func endRow() throws {
        self.text.append(UInt8(ascii: self.text.isEmpty ? "[" : ","))
        for index in self.cells.indices {
            self.text.append(UInt8(ascii: index == 0 ? "[" : ","))
            if self.append(self.cells[index]), self.marked.insert(index).inserted { self.areMarksKnown = false }
            self.cells[index] = .null
        }
        self.text.append(UInt8(ascii: "]"))
        self.rows += 1
        if self.rows == Self.rowsPerSet || self.text.count >= Self.bytesPerSet { try self.finish() }
    }

    func finish() throws {
        guard self.rows > 0 else { return }
        self.text.append(UInt8(ascii: "]"))
        if !self.areMarksKnown {
            self.sql = self.statement.jsonSQL(marked: self.marked)
            self.areMarksKnown = true
        }
        let column = ParameterColumn(.text(size: 0), rows: 1)
        column.setText(0, String(decoding: self.text, as: UTF8.self))
        self.text.removeAll(keepingCapacity: true)
        try self.connection.insertArray(self.sql, columns: [column], rows: 1, timeout: self.timeout)
        self.sent += self.rows
        self.rows = 0
    }

    /// What stands for a character that JSON would escape, and what a text must hold for itself where it looks like one.
    ///
    /// The sign behind `~` is the character's place here; `~` itself comes first, so that it is turned back last.
    static let marks: [UInt8] = [
        UInt8(ascii: "~"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
        UInt8(ascii: "\t"),
    ]

    /// - Returns: whether it holds a mark.
    private func append(_ cell: Cell) -> Bool {
        switch cell {
        case .null: self.text.append(contentsOf: "null".utf8)
        case .integer(let number): self.text.append(contentsOf: String(number).utf8)
        case .double(let number): self.text.append(contentsOf: number.description.utf8)
        case .text(let text): return self.append(quoted: text)
        }
        return false
    }

    private func append(quoted text: String) -> Bool {
        var hasMark = false
        self.text.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "~") {
                self.text.append(byte)
            } else if let place = Self.marks.firstIndex(of: byte) {
                hasMark = true
                self.text.append(UInt8(ascii: "~"))
                self.text.append(UInt8(ascii: "0") + UInt8(place))
            } else {
                // A control character, which no order holds.
                self.text.append(contentsOf: "\\u00".utf8)
                self.text.append(Self.hexadecimal(byte >> 4))
                self.text.append(Self.hexadecimal(byte & 15))
            }
        }
        self.text.append(UInt8(ascii: "\""))
        return hasMark
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
