import Crypto

/// An unambiguous sequence of values to hash: each has a kind byte and a length, so no two sequences share their bytes.
struct DigestEncoding {
    private enum Kind {
        static let null: UInt8 = 0
        static let text: UInt8 = 1
        static let number: UInt8 = 2
        static let date: UInt8 = 3
        static let integer: UInt8 = 4
    }

    private var bytes: [UInt8] = []

    /// Starts with the version and the purpose, so that values hashed for different ends never coincide.
    init(purpose: String, version: UInt8, capacity: Int = 256) {
        self.bytes.reserveCapacity(capacity)
        self.bytes.append(version)
        self.append(purpose)
    }

    mutating func append(_ text: String?) {
        guard let text else {
            self.bytes.append(Kind.null)
            return
        }
        self.append(Kind.text, text)
    }

    mutating func append(_ value: FieldValue?) {
        switch value {
        case nil: self.bytes.append(Kind.null)
        case .text(let text): self.append(Kind.text, text)
        case .number(let text): self.append(Kind.number, text)
        case .date(let text): self.append(Kind.date, text)
        }
    }

    mutating func append(_ number: Int64) {
        self.bytes.append(Kind.integer)
        self.appendBigEndian(UInt64(bitPattern: number))
    }

    private mutating func append(_ kind: UInt8, _ text: String) {
        self.bytes.append(kind)
        self.appendBigEndian(UInt32(truncatingIfNeeded: text.utf8.count))
        self.bytes.append(contentsOf: text.utf8)
    }

    private mutating func appendBigEndian(_ number: some FixedWidthInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// SHA-256 over the sequence.
    var digest: Digest { Digest(SHA256.hash(data: self.bytes)) }
}
