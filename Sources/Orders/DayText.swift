/// Days as sources write them, brought to `YYYY-MM-DD`.
enum DayText {
    /// The years an order can belong to; others are slips of the pen or a null in disguise.
    static let years = 1900...2100

    enum Problem: Error {
        case notADay
        case yearOutOfRange
    }

    /// The canonical form of a trimmed text: ISO first, with a time of midnight or none, then month/day/year.
    static func canonical(_ text: String) throws(Problem) -> String {
        let bytes = Array(text.utf8)
        if bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") {
            guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
                let day = Self.number(bytes[8..<10]), Self.isMidnight(bytes[10...])
            else { throw .notADay }
            try Self.check(year, month, day)
            return bytes.count == 10 ? text : String(decoding: bytes[0..<10], as: UTF8.self)
        }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3, (1...2).contains(parts[0].count), (1...2).contains(parts[1].count), parts[2].count == 4,
            let month = Self.number(parts[0]), let day = Self.number(parts[1]), let year = Self.number(parts[2])
        else { throw .notADay }
        try Self.check(year, month, day)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    /// Nothing, or ` 00:00:00` or `T00:00:00` with a fraction of zeros: a time would be lost otherwise.
    private static func isMidnight(_ time: ArraySlice<UInt8>) -> Bool {
        guard let separator = time.first else { return true }
        guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "T") else { return false }
        let clock = time.dropFirst()
        guard clock.prefix(8).elementsEqual("00:00:00".utf8) else { return false }
        let fraction = clock.dropFirst(8)
        guard let point = fraction.first else { return true }
        let digits = fraction.dropFirst()
        return point == UInt8(ascii: ".") && !digits.isEmpty && digits.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    private static func check(_ year: Int, _ month: Int, _ day: Int) throws(Problem) {
        guard (1...12).contains(month) else { throw .notADay }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day >= 1, day <= days[month - 1] else { throw .notADay }
        guard Self.years.contains(year) else { throw .yearOutOfRange }
    }
}
