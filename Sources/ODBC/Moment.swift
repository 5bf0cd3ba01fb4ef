internal import CODBC

/// A day, with or without a time, read from its ISO text.
struct Moment: Hashable {
    private var year = 0
    private var month = 0
    private var day = 0
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var milliseconds = 0
    /// Whether the text held no time.
    private(set) var isDay = true

    /// Reads `YYYY-MM-DD`, or that with ` HH:MM:SS`, with or without a fraction; nil for anything else.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]),
            year >= 1, (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        guard bytes.count > 10 else { return }
        guard bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]),
            let second = Self.number(bytes[17..<19]), hour < 24, minute < 60, second < 60
        else { return nil }
        (self.hour, self.minute, self.second, self.isDay) = (hour, minute, second, false)
        guard bytes.count > 19 else { return }
        guard bytes[19] == UInt8(ascii: "."), (21...29).contains(bytes.count), Self.number(bytes[20...]) != nil else {
            return nil
        }
        let digits = (Array(bytes[20...]) + [UInt8](repeating: UInt8(ascii: "0"), count: 3)).prefix(3)
        self.milliseconds = Self.number(digits) ?? 0
    }

    var date: SQL_DATE_STRUCT {
        SQL_DATE_STRUCT(year: SQLSMALLINT(self.year), month: SQLUSMALLINT(self.month), day: SQLUSMALLINT(self.day))
    }

    var timestamp: SQL_TIMESTAMP_STRUCT {
        SQL_TIMESTAMP_STRUCT(
            year: SQLSMALLINT(self.year),
            month: SQLUSMALLINT(self.month),
            day: SQLUSMALLINT(self.day),
            hour: SQLUSMALLINT(self.hour),
            minute: SQLUSMALLINT(self.minute),
            second: SQLUSMALLINT(self.second),
            fraction: SQLUINTEGER(self.milliseconds * 1_000_000)  // in nanoseconds
        )
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
