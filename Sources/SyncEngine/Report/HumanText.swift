import FoundationEssentials

/// Numbers, durations and times in the words of a person.
package enum HumanText {
    /// A span of time: `250 ms`, `12.3 s`, `3 min 12 s`, `4 h 5 min`, `2 d 4 h`.
    package static func duration(milliseconds: Int64) -> String {
        let milliseconds = max(0, milliseconds)
        let seconds = milliseconds / 1000
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case ..<60: return "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<3600: return Self.pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: return Self.pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: return Self.pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
        }
    }

    /// How long ago something was, in one unit: `12 s`, `5 min`, `3 h`, `2 d`.
    package static func age(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// A count with separators: `12,345`.
    package static func count(_ count: Int) -> String {
        var digits = Array(String(count.magnitude).utf8)
        var index = digits.count - 3
        while index > 0 {
            digits.insert(UInt8(ascii: ","), at: index)
            index -= 3
        }
        return (count < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }

    /// A count and what is counted: `1 order`, `69 orders`.
    package static func count(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(Self.count(count)) \(count == 1 ? singular : plural ?? singular + "s")"
    }

    /// A number of bytes: `512 B`, `48.0 KB`, `1.5 MB`.
    package static func size(_ bytes: Int64) -> String {
        let units = ["KB", "MB", "GB", "TB"]
        guard bytes >= 1024 else { return "\(max(0, bytes)) B" }
        var tenths = bytes * 10 / 1024
        var unit = 0
        while tenths >= 10_240, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    /// A time in UTC: `2026-11-23T02:00:53.120Z`.
    package static func time(_ milliseconds: Int64) -> String {
        // Whole seconds are exact in a Date, thousandths are not.
        let (seconds, thousandths) = milliseconds.quotientAndFloorRemainder(1000)
        let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let padded = String(String(1000 + thousandths).dropFirst())
        return text.hasSuffix("Z") ? "\(text.dropLast()).\(padded)Z" : text
    }

    private static func pair(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}

extension Int64 {
    /// Division that rounds down, so that times before 1970 keep a positive remainder.
    fileprivate func quotientAndFloorRemainder(_ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
