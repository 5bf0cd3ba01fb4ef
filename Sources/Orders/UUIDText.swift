package import FoundationEssentials

/// Reads a UUID's text: Foundation's own reading goes through `sscanf`, which would take a fifth of a row's time.
enum UUIDText {
    /// Takes 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, in either case; nil for anything else.
    static func parse(_ text: String) -> UUID? {
        guard text.utf8.count == 36 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in text.utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Self.digit(byte) else { return nil }
            high = high << 4 | low >> 60
            low = low << 4 | digit
        }
        let byte = { (word: UInt64, index: Int) in UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            )
        )
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension UUID {
    /// Reads 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, in either case; nil for anything else.
    package init?(text: String) {
        guard let uuid = UUIDText.parse(text) else { return nil }
        self = uuid
    }

    /// The text in lower case; `uuidString` is upper-case, and lowering it costs more than writing it anew.
    package var lowercaseText: String {
        let digits: StaticString = "0123456789abcdef"
        let table = unsafe UnsafeBufferPointer(start: digits.utf8Start, count: 16)
        return unsafe String(unsafeUninitializedCapacity: 36) { text in
            var at = 0
            unsafe withUnsafeBytes(of: self.uuid) { bytes in
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        unsafe text[at] = UInt8(ascii: "-")
                        at += 1
                    }
                    unsafe text[at] = table[Int(bytes[index] >> 4)]
                    unsafe text[at + 1] = table[Int(bytes[index] & 15)]
                    at += 2
                }
            }
            return at
        }
    }
}
