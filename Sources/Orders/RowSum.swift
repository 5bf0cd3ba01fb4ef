package import FoundationEssentials

/// Which rows a reading met, in three words: how many, and a sum over their uuids.
///
/// Two readings of one sum met the same rows, whatever their sequence. So a source that was loaded anew while it was read is told from
/// one that was not, without a list of its rows.
package struct RowSum: Hashable, Sendable {
    package private(set) var count = 0
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    package init() {}

    /// Takes a row in; one without a uuid is only counted.
    package mutating func add(_ recordUUID: UUID?) {
        self.count += 1
        guard let recordUUID else { return }
        let (high, low) = Self.words(recordUUID)
        // Neighbours in a sequence of uuids must not make up for each other.
        self.high &+= Self.mixed(high ^ Self.mixed(low))
        self.low &+= Self.mixed(low &+ Self.mixed(high))
    }

    private static func words(_ uuid: UUID) -> (UInt64, UInt64) {
        let words = unsafe withUnsafeBytes(of: uuid.uuid) { bytes in
            unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        return words
    }

    /// The finalizer of SplitMix64: every bit of the word changes half of the others.
    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
