package import Foundation

/// The rows of a CSV file, as RFC 4180 has it: cells in quotes may hold separators, line breaks and doubled quotes.
package struct CSVRows {
    /// The column names.
    package let header: [String]
    /// The row that was read last, from 1.
    package private(set) var row = 0
    private var stream: ByteStream
    private let separator: UInt8

    /// Reads the header.
    package init(_ handle: FileHandle) throws {
        var stream = try ByteStream(handle)
        let line = try Self.headerLine(&stream)
        // A header without a comma is one of the other two kinds that spreadsheets write.
        let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
        let separator = separators.first { line.contains($0) } ?? separators[0]
        let names = try Self.split(line, separator)
        guard names.contains(where: { !$0.isEmpty }) else {
            throw InputError("it has no header: the first line of a CSV file names its columns")
        }
        guard names.count <= InputLimits.columns else {
            throw InputError(line: 1, "the header has \(names.count) columns; \(InputLimits.columns) are allowed")
        }
        self.header = names
        self.separator = separator
        self.stream = stream
    }

    /// The cells of the next row, one a column, empty ones as nil; nil at the end.
    package mutating func next() throws -> [String?]? {
        while true {
            let line = self.stream.line
            guard let cells = try Self.record(&self.stream, separator: self.separator, row: self.row + 1) else {
                return nil
            }
            // An empty line is no row.
            if cells.count == 1, cells[0] == nil, self.header.count > 1 { continue }
            self.row += 1
            guard cells.count == self.header.count else {
                throw InputError(
                    line: line,
                    row: self.row,
                    "it has \(cells.count) cells, the header \(self.header.count) columns"
                )
            }
            return cells
        }
    }

    /// Reads the header's line as it stands.
    private static func headerLine(_ stream: inout ByteStream) throws -> [UInt8] {
        var line: [UInt8] = []
        try stream.take(into: &line) { $0 == 0x0A }
        guard line.count <= InputLimits.rowBytes else {
            throw InputError(line: 1, "the header is longer than \(InputLimits.rowBytes) bytes")
        }
        _ = try stream.next()
        if line.last == 0x0D { line.removeLast() }
        return line
    }

    /// Reads one record; nil at the end.
    private static func record(_ stream: inout ByteStream, separator: UInt8, row: Int) throws -> [String?]? {
        guard try stream.peek() != nil else { return nil }
        var record = CSVRecord(line: stream.line, row: row)
        var cell: [UInt8] = []
        while true {
            cell.removeAll(keepingCapacity: true)
            if try stream.peek() == UInt8(ascii: "\"") {
                try Self.quoted(&stream, into: &cell, line: record.line, row: row)
            }
            try stream.take(into: &cell) { $0 == separator || $0 == 0x0A || $0 == 0x0D }
            try record.add(cell)
            let end = try stream.next()
            if end == separator { continue }
            if end == 0x0D, try stream.peek() == 0x0A { _ = try stream.next() }
            return record.cells
        }
    }

    /// Reads a cell in quotes.
    private static func quoted(_ stream: inout ByteStream, into cell: inout [UInt8], line: Int, row: Int?) throws {
        _ = try stream.next()
        while true {
            try stream.take(into: &cell) { $0 == UInt8(ascii: "\"") }
            guard cell.count <= InputLimits.rowBytes else {
                throw InputError(line: line, row: row, "it is longer than \(InputLimits.rowBytes) bytes")
            }
            guard try stream.next() != nil else {
                throw InputError(line: line, row: row, "a quote is opened and never closed")
            }
            guard try stream.peek() == UInt8(ascii: "\"") else { return }
            _ = try stream.next()
            cell.append(UInt8(ascii: "\""))
        }
    }

    /// Splits the header, which stands on one line.
    private static func split(_ header: [UInt8], _ separator: UInt8) throws -> [String] {
        var names: [String] = []
        var name: [UInt8] = []
        var isQuoted = false
        for byte in header {
            if byte == UInt8(ascii: "\"") {
                // A quote that is closed and opened again stands for itself.
                if !isQuoted, !name.isEmpty { name.append(byte) }
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                names.append(String(decoding: name, as: UTF8.self))
                name.removeAll()
            } else {
                name.append(byte)
            }
        }
        guard !isQuoted else { throw InputError(line: 1, "a quote is opened and never closed in the header") }
        names.append(String(decoding: name, as: UTF8.self))
        return names
    }
}

/// The cells of a record as they are gathered, within what is allowed.
private struct CSVRecord {
    let line: Int
    let row: Int
    private(set) var cells: [String?] = []
    private var size = 0

    init(line: Int, row: Int) {
        self.line = line
        self.row = row
    }

    mutating func add(_ cell: [UInt8]) throws {
        self.size += cell.count + 1
        guard self.size <= InputLimits.rowBytes else {
            throw InputError(line: self.line, row: self.row, "it is longer than \(InputLimits.rowBytes) bytes")
        }
        guard self.cells.count < InputLimits.columns else {
            throw InputError(line: self.line, row: self.row, "it has more than \(InputLimits.columns) cells")
        }
        guard let text = String(validating: cell, as: UTF8.self) else {
            throw InputError(line: self.line, row: self.row, "cell \(self.cells.count + 1) is not UTF-8")
        }
        self.cells.append(text.isEmpty ? nil : text)
    }
}
