/// Text of a driver's buffers, which is UTF-16, and what the standard library does too slowly for millions of cells.
enum Text {
    /// The string of those units; what is no valid UTF-16 becomes U+FFFD.
    ///
    /// Nearly all text is ASCII, and the standard library's general way takes ten times as long for it.
    static func decode(_ units: UnsafeBufferPointer<UInt16>) -> String {
        var seen: UInt16 = 0
        for index in 0..<units.count { seen |= unsafe units[index] }
        guard seen < 0x80 else { return unsafe String(decoding: units, as: UTF16.self) }
        return unsafe String(unsafeUninitializedCapacity: units.count) { bytes in
            for index in 0..<units.count { unsafe bytes[index] = UInt8(truncatingIfNeeded: units[index]) }
            return units.count
        }
    }

    /// Whether all bytes are ASCII.
    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var seen: UInt8 = 0
        for index in 0..<bytes.count { seen |= unsafe bytes[index] }
        return seen < 0x80
    }

    /// The integer of those digits, with or without a sign; nil for anything else and for what does not fit into 64 bits.
    static func integer(_ units: UnsafeBufferPointer<UInt16>) -> Int64? {
        var index = 0
        var isNegative = false
        if let first = unsafe units.first, first == 0x2D || first == 0x2B {
            isNegative = first == 0x2D
            index = 1
        }
        guard index < units.count else { return nil }
        var value: Int64 = 0
        while index < units.count {
            let digit = unsafe Int64(units[index]) - 0x30
            guard digit >= 0, digit <= 9 else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            // Downwards, since there is one more negative number than positive ones.
            let (sum, overflowedToo) = product.subtractingReportingOverflow(digit)
            guard !overflowed, !overflowedToo else { return nil }
            value = sum
            index += 1
        }
        guard !isNegative else { return value }
        return value == .min ? nil : -value
    }
}
