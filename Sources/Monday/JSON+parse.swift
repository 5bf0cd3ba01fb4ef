/// Text that is no JSON, or JSON beyond what an answer may hold.
struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where reading stopped, in bytes.
    let offset: Int
    let reason: String

    var description: String { "\(self.reason) at byte \(self.offset)" }
}

extension JSON {
    /// The deepest nesting that is read.
    static let maximumDepth = 64

    /// Reads one value and nothing after it.
    ///
    /// Stricter than it must be: a repeated member name, broken UTF-8 and deep nesting are errors, since an answer that
    /// can be read in two ways must not count as a yes.
    init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// A recursive reader over bytes, bounded in depth.
private struct JSONParser {
    private let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONError) -> JSON {
        let value = try self.value(depth: 0)
        self.skipBlanks()
        guard self.offset == self.bytes.count else { throw self.error("text after the value") }
        return value
    }

    private func error(_ reason: String) -> JSONError { JSONError(offset: self.offset, reason: reason) }

    private var next: UInt8? { self.offset < self.bytes.count ? self.bytes[self.offset] : nil }

    private mutating func skipBlanks() {
        while let byte = self.next, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { self.offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth <= JSON.maximumDepth else { throw self.error("nesting too deep") }
        self.skipBlanks()
        guard let next = self.next else { throw self.error("unexpected end") }
        switch next {
        case UInt8(ascii: "{"): return try self.object(depth: depth)
        case UInt8(ascii: "["): return try self.array(depth: depth)
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try self.number()
        default: throw self.error("unexpected character")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let letters = word.description.utf8
        guard self.bytes[self.offset...].starts(with: letters) else { throw self.error("unknown word") }
        self.offset += letters.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        self.offset += 1
        var members: [JSON.Member] = []
        var keys: Set<String> = []
        self.skipBlanks()
        if self.take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            self.skipBlanks()
            guard self.next == UInt8(ascii: "\"") else { throw self.error("member name missing") }
            let key = try self.string()
            guard keys.insert(key).inserted else { throw self.error("member name twice") }
            self.skipBlanks()
            guard self.take(UInt8(ascii: ":")) else { throw self.error("colon missing") }
            members.append(JSON.Member(key, try self.value(depth: depth + 1)))
            self.skipBlanks()
        } while self.take(UInt8(ascii: ","))
        guard self.take(UInt8(ascii: "}")) else { throw self.error("object not closed") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        self.offset += 1
        var elements: [JSON] = []
        self.skipBlanks()
        if self.take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            elements.append(try self.value(depth: depth + 1))
            self.skipBlanks()
        } while self.take(UInt8(ascii: ","))
        guard self.take(UInt8(ascii: "]")) else { throw self.error("array not closed") }
        return .array(elements)
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = self.offset
        _ = self.take(UInt8(ascii: "-"))
        let whole = self.digits()
        guard whole > 0 else { throw self.error("digit missing") }
        if whole > 1, self.bytes[self.offset - whole] == UInt8(ascii: "0") { throw self.error("leading zero") }
        if self.take(UInt8(ascii: ".")), self.digits() == 0 { throw self.error("digit missing") }
        if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
            _ = self.take(UInt8(ascii: "+")) || self.take(UInt8(ascii: "-"))
            guard self.digits() > 0 else { throw self.error("digit missing") }
        }
        return .number(String(decoding: self.bytes[start..<self.offset], as: UTF8.self))
    }

    /// Passes over digits; answers how many.
    private mutating func digits() -> Int {
        let start = self.offset
        while let byte = self.next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { self.offset += 1 }
        return self.offset - start
    }

    private mutating func string() throws(JSONError) -> String {
        self.offset += 1
        var text: [UInt8] = []
        while let byte = self.next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw self.error("broken UTF-8") }
                self.offset += 1
                return string
            case UInt8(ascii: "\\"): try self.escape(into: &text)
            case 0..<0x20: throw self.error("control character in a string")
            default:
                text.append(byte)
                self.offset += 1
            }
        }
        throw self.error("string not closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        self.offset += 1
        guard let letter = self.next else { throw self.error("unexpected end") }
        self.offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += String(Character(try self.scalar())).utf8
        default: throw self.error("unknown escape")
        }
    }

    /// The character of one `\u` escape or of a pair of them; a lone half becomes U+FFFD.
    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let first = try self.hexadecimal()
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard self.bytes[self.offset...].starts(with: #"\u"#.utf8) else { return "\u{FFFD}" }
        let mark = self.offset
        self.offset += 2
        let second = try self.hexadecimal()
        guard (0xDC00...0xDFFF).contains(second) else {
            self.offset = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt32
            switch self.next {
            case .some(let byte) where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
                digit = UInt32(byte - UInt8(ascii: "0"))
            case .some(let byte) where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
                digit = UInt32((byte | 0x20) - UInt8(ascii: "a")) + 10
            default: throw self.error("hexadecimal digit missing")
            }
            value = value << 4 | digit
            self.offset += 1
        }
        return value
    }
}
