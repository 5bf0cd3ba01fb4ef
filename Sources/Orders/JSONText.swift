/// Writes JSON without a detour: a hundred thousand snapshots a run are written through it.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    /// Whether the next element needs a comma before it.
    private var needsComma = false

    init(capacity: Int) {
        self.bytes.reserveCapacity(capacity)
    }

    mutating func open(_ bracket: Unicode.Scalar) {
        self.separate()
        self.bytes.append(UInt8(ascii: bracket))
        self.needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        self.bytes.append(UInt8(ascii: bracket))
        self.needsComma = true
    }

    mutating func key(_ name: String) {
        self.separate()
        self.append(quoted: name)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    mutating func element(_ text: String) {
        self.separate()
        self.append(quoted: text)
    }

    mutating func element(_ number: Int64) {
        self.separate()
        self.bytes.append(contentsOf: String(number).utf8)
    }

    /// A member that is left out when it is null.
    mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        self.key(name)
        self.element(text)
    }

    mutating func member(_ name: String, _ number: Int64) {
        self.key(name)
        self.element(number)
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
    }

    /// Escapes what RFC 8259 requires: quotes, backslashes and control characters.
    private mutating func append(quoted text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        defer { self.bytes.append(UInt8(ascii: "\"")) }
        // Most texts need no escape and are copied in one piece.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            self.bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                self.bytes.append(UInt8(ascii: "\\"))
                self.bytes.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                self.bytes.append(contentsOf: "\\u00".utf8)
                self.bytes.append(digits[Int(byte >> 4)])
                self.bytes.append(digits[Int(byte & 15)])
            default:
                self.bytes.append(byte)
            }
        }
    }
}
