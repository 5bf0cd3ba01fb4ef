import Crypto

/// A SHA-256 value, held in four words so that a hundred thousand of them stay small.
package struct Digest: Hashable, Comparable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes of a SHA-256 value; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// Takes the 32 bytes of a SHA-256 value; nil for any other count.
    ///
    /// The same for an array, which other modules call by the hundred thousand: a generic one is not specialised there.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for index in 0..<8 {
            words.0 = words.0 << 8 | UInt64(bytes[index])
            words.1 = words.1 << 8 | UInt64(bytes[index + 8])
            words.2 = words.2 << 8 | UInt64(bytes[index + 16])
            words.3 = words.3 << 8 | UInt64(bytes[index + 24])
        }
        self.words = words
    }

    /// Takes over a value that swift-crypto made.
    init(_ hash: SHA256.Digest) {
        let words = unsafe hash.withUnsafeBytes { unsafe $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
        self.words = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }

    /// Lends the 32 bytes, without an array for them.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let words = (
            self.words.0.bigEndian, self.words.1.bigEndian, self.words.2.bigEndian, self.words.3.bigEndian
        )
        return try unsafe withUnsafeBytes(of: words, body)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] { unsafe self.withBytes { unsafe [UInt8]($0) } }

    /// The value in lower-case hexadecimal, 64 characters.
    package var hexadecimal: String {
        let digits: StaticString = "0123456789abcdef"
        let table = unsafe UnsafeBufferPointer(start: digits.utf8Start, count: 16)
        return unsafe String(unsafeUninitializedCapacity: 64) { text in
            unsafe self.withBytes { bytes in
                for index in 0..<32 {
                    unsafe text[2 * index] = table[Int(bytes[index] >> 4)]
                    unsafe text[2 * index + 1] = table[Int(bytes[index] & 15)]
                }
            }
            return 64
        }
    }

    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words
    }

    package static func < (left: Digest, right: Digest) -> Bool {
        left.words < right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.words.0)
        hasher.combine(self.words.1)
    }
}
