/// The sizes of a row as SQLite packs them: JSON lists of numbers and nulls, such as `[22,null,104]`.
///
/// The SQLite driver spends more on each cell than SQLite itself, and nearly all cells of a row are sizes, mostly empty: in a few lists
/// they cost a third of what they do one by one. SQL Server's drivers have no such need.
enum SizeList {
    /// How many sizes go into a list: SQLite's functions take 127 arguments at most.
    static let length = 100
    private static let mostDigits = 18
    /// The units that the numbers of INT, with a comma each, never exceed.
    static let unitsPerSize = 12

    /// Whether a list holds nothing but integers and nulls, of few enough digits.
    static func isReadable(_ units: UnsafeBufferPointer<UInt16>) -> Bool {
        var digits = 0
        var isReadable = true
        for index in 0..<units.count {
            let unit = unsafe units[index]
            if unit &- 0x30 < 10 {
                digits += 1
                isReadable = isReadable && digits <= Self.mostDigits
            } else {
                digits = 0
                // A text is quoted; a fraction has a point or an exponent.
                isReadable = isReadable && unit != 0x22 && unit != 0x2E && unit | 0x20 != 0x65
            }
        }
        return isReadable
    }

    /// Appends the sizes of a list.
    ///
    /// - Parameters:
    ///   - text: the list
    ///   - sizes: where the sizes go
    /// - Returns: Whether all were integers or null; if not, `sizes` holds a part of them.
    static func read(_ text: String, into sizes: inout [Int64?]) -> Bool {
        var value: Int64 = 0
        var digits = 0
        var isNegative = false
        var isNull = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                guard digits <= Self.mostDigits else { return false }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: ","), UInt8(ascii: "]"):
                guard isNull != (digits > 0) else { return false }
                sizes.append(isNull ? nil : isNegative ? -value : value)
                (value, digits, isNegative, isNull) = (0, 0, false, false)
            case UInt8(ascii: "n"): isNull = true
            case UInt8(ascii: "u"), UInt8(ascii: "l"), UInt8(ascii: "["): break
            case UInt8(ascii: "-"): isNegative = true
            default: return false
            }
        }
        return true
    }
}
