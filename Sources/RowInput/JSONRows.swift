package import Foundation

/// The rows of an NDJSON file: one JSON object a line, in which a key that is missing is null.
package struct JSONRows {
    /// One cell of a row, under its column's name.
    package struct Cell: Hashable, Sendable {
        package let name: String
        /// The value as text; nil for null and for the empty text.
        package let text: String?
    }

    /// The row that was read last, from 1, and its line.
    package private(set) var row = 0
    package private(set) var line = 0
    private var stream: ByteStream

    package init(_ handle: FileHandle) throws {
        self.stream = try ByteStream(handle)
    }

    /// The cells of the next row, in the order of its text; nil at the end.
    package mutating func next() throws -> [Cell]? {
        while try self.stream.peek() != nil {
            self.line = self.stream.line
            var bytes: [UInt8] = []
            try self.stream.take(into: &bytes) { $0 == 0x0A }
            guard bytes.count <= InputLimits.rowBytes else {
                throw InputError(line: self.line, row: self.row + 1, "it is longer than \(InputLimits.rowBytes) bytes")
            }
            _ = try self.stream.next()
            guard bytes.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { continue }
            self.row += 1
            var parser = JSONRowParser(bytes)
            do {
                return try parser.object()
            } catch {
                throw InputError(line: self.line, row: self.row, error.text)
            }
        }
        return nil
    }
}

/// Reads one JSON object whose values are plain: text, numbers, true, false and null.
///
/// Numbers keep their digits as they stand, and keys their order, both of which Foundation's reading loses.
struct JSONRowParser {
    struct Problem: Error {
        let text: String
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func object() throws(Problem) -> [JSONRows.Cell] {
        var cells: [JSONRows.Cell] = []
        try self.expect(UInt8(ascii: "{"), "it is not a JSON object")
        if self.skip() == UInt8(ascii: "}") {
            self.position += 1
        } else {
            repeat {
                guard cells.count < InputLimits.columns else {
                    throw Problem(text: "it has more than \(InputLimits.columns) keys")
                }
                guard self.skip() == UInt8(ascii: "\"") else { throw self.malformed() }
                let name = try self.string()
                try self.expect(UInt8(ascii: ":"))
                cells.append(JSONRows.Cell(name: name, text: try self.value(of: name)))
            } while try self.isFollowed()
        }
        guard self.skip() == nil else {
            throw Problem(text: "something follows the object, which must stand alone on its line")
        }
        var names: Set<String> = []
        for cell in cells where !names.insert(cell.name).inserted {
            throw Problem(text: "the key “\(cell.name)” occurs twice")
        }
        return cells
    }

    /// Whether a comma follows, and not the end of the object.
    private mutating func isFollowed() throws(Problem) -> Bool {
        switch self.skip() {
        case UInt8(ascii: ","):
            self.position += 1
            return true
        case UInt8(ascii: "}"):
            self.position += 1
            return false
        default: throw self.malformed()
        }
    }

    private mutating func value(of name: String) throws(Problem) -> String? {
        switch self.skip() {
        case UInt8(ascii: "\""):
            let text = try self.string()
            return text.isEmpty ? nil : text
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw Problem(text: "“\(name)” is a list or an object; a cell is text, a number, true, false or null")
        default: return try self.literal()
        }
    }

    private mutating func literal() throws(Problem) -> String? {
        let start = self.position
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                self.position += 1
                continue
            default: break
            }
            break
        }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        switch text {
        case "null", "NaN": return nil
        case "true": return "TRUE"
        case "false": return "FALSE"
        default:
            guard
                text.utf8.first.map({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
                    ?? false,
                Double(text) != nil
            else { throw self.malformed() }
            return text
        }
    }

    private mutating func string() throws(Problem) -> String {
        self.position += 1
        var text: [UInt8] = []
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            self.position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw Problem(text: "it is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): try self.escape(into: &text)
            case 0..<0x20: throw self.malformed()
            default: text.append(byte)
            }
        }
        throw Problem(text: "a text is opened and never closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Problem) {
        guard self.position < self.bytes.count else { throw self.malformed() }
        let byte = self.bytes[self.position]
        self.position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let unit = try self.unit()
            var scalar = UInt32(unit)
            if (0xD800..<0xDC00).contains(unit) {
                guard self.bytes[self.position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                    throw self.malformed()
                }
                self.position += 2
                let low = try self.unit()
                guard (0xDC00..<0xE000).contains(low) else { throw self.malformed() }
                scalar = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
            }
            guard let character = Unicode.Scalar(scalar) else { throw self.malformed() }
            text.append(contentsOf: Array(String(Character(character)).utf8))
        default: throw self.malformed()
        }
    }

    /// Four hexadecimal digits.
    private mutating func unit() throws(Problem) -> UInt16 {
        let end = self.position + 4
        guard end <= self.bytes.count,
            let unit = UInt16(String(decoding: self.bytes[self.position..<end], as: UTF8.self), radix: 16)
        else { throw self.malformed() }
        self.position = end
        return unit
    }

    private mutating func expect(_ byte: UInt8, _ problem: String? = nil) throws(Problem) {
        guard self.skip() == byte else { throw problem.map { Problem(text: $0) } ?? self.malformed() }
        self.position += 1
    }

    /// Passes white space over; the byte behind it.
    private mutating func skip() -> UInt8? {
        while self.position < self.bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(self.bytes[self.position]) {
            self.position += 1
        }
        return self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private func malformed() -> Problem { Problem(text: "it is not JSON at byte \(self.position + 1)") }
}
