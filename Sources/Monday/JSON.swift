/// A JSON value whose members keep their order, so that the same value always makes the same bytes.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number in its own text, so that an id of 64 bits loses nothing.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    struct Member: Hashable, Sendable {
        let key: String
        let value: JSON

        init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// An id, carried as text: GraphQL's `ID` takes it so, and no reader rounds it.
    static func id(_ id: Int64) -> JSON { .string(String(id)) }
}

extension JSON {
    /// The member of that name; nil when this is no object or has none.
    subscript(_ key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    var elements: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    var isNull: Bool { self == .null }

    /// The value of a number, or of a string that holds one, as far as a Double goes; never infinite.
    var double: Double? {
        let value: Double? =
            switch self {
            case .number(let text), .string(let text): Double(text)
            case .null, .bool, .array, .object: nil
            }
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A whole number, given as number or as string.
    var integer: Int64? {
        switch self {
        case .number(let text), .string(let text): Int64(text)
        case .null, .bool, .array, .object: nil
        }
    }

    /// A positive id of decimal digits, given as string or as number.
    var itemID: Int64? {
        let text: String
        switch self {
        case .number(let number): text = number
        case .string(let string): text = string
        case .null, .bool, .array, .object: return nil
        }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(text).flatMap { $0 > 0 ? $0 : nil }
    }
}

extension JSON {
    /// The value as text, without blanks.
    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// The value in UTF-8, without blanks.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        self.write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let bool): bytes += (bool ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let string): Self.write(string, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Escapes only what JSON must have escaped: quote, backslash and control characters.
    private static func write(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += #"\""#.utf8
            case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
            case 0x0A: bytes += #"\n"#.utf8
            case 0x0D: bytes += #"\r"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += [
                    UInt8(ascii: "\\"), UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"),
                    digits[Int(byte >> 4)], digits[Int(byte & 15)],
                ]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
