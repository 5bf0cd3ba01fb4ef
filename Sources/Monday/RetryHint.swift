/// How long an answer asks to wait, in whichever of Monday's ways it says so.
enum RetryHint {
    /// The longest wait that is believed: a day, in milliseconds.
    static let maximum: Int64 = 86_400_000

    /// The `Retry-After` header: seconds, or an HTTP date against the time of the answer; in milliseconds.
    static func header(_ text: String?, now: Int64) -> Int64? {
        guard let text, text.utf8.count <= 64 else { return nil }
        if let seconds = Double(text) { return Self.milliseconds(seconds * 1000) }
        guard let date = HTTPDate.milliseconds(text) else { return nil }
        let (wait, overflow) = date.subtractingReportingOverflow(now)
        return overflow ? nil : min(max(wait, 0), Self.maximum)
    }

    /// The hints inside an error: `retry_in_seconds`, `retryAfterMs`, and the older words "reset in N seconds".
    static func error(extensions: JSON?, message: String) -> Int64? {
        let hints = [
            extensions?["retry_in_seconds"]?.double.flatMap { Self.milliseconds($0 * 1000) },
            extensions?["retryAfterMs"]?.double.flatMap { Self.milliseconds($0) },
            Self.words(message),
        ]
        return hints.compactMap(\.self).max()
    }

    /// The number in "reset in N seconds", in milliseconds.
    private static func words(_ message: String) -> Int64? {
        guard let match = message.prefix(4000).firstMatch(of: /reset in (\d{1,6}) second/) else { return nil }
        return Int64(match.1).map { min($0 * 1000, Self.maximum) }
    }

    private static func milliseconds(_ value: Double) -> Int64? {
        guard value.isFinite, value >= 0 else { return nil }
        return Int64(min(value.rounded(.up), Double(Self.maximum)))
    }

    /// The time until the next midnight in UTC, when Monday's count of daily calls starts anew.
    static func untilMidnight(now: Int64) -> Int64 {
        let day: Int64 = 86_400_000
        return day - (now % day + day) % day
    }
}

/// The dates of HTTP headers (RFC 9110 §5.6.7), in all three of their forms.
enum HTTPDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// UTC milliseconds since 1970; nil for anything that is no such date.
    static func milliseconds(_ text: String) -> Int64? {
        var day: Int64?
        var month: Int64?
        var year: Int64?
        var second: Int64?
        // The forms differ in order and separators only; the words tell themselves apart.
        for word in text.lowercased().split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }) {
            if let index = Self.months.firstIndex(of: String(word)) {
                month = Int64(index + 1)
            } else if word.contains(":") {
                second = Self.secondOfDay(word)
            } else if word.utf8.count <= 4, let number = Int64(word), number >= 0 {
                if day == nil { day = number } else { year = word.utf8.count == 2 ? Self.century(number) : number }
            }
        }
        guard let day, let month, let year, let second, (1...31).contains(day), (1970...9999).contains(year) else {
            return nil
        }
        return (Self.days(year: year, month: month, day: day) * 86_400 + second) * 1000
    }

    private static func secondOfDay(_ word: Substring) -> Int64? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func century(_ year: Int64) -> Int64 { year < 70 ? 2000 + year : 1900 + year }

    /// Days from 1970-01-01 in the Gregorian calendar, counted from the 1st of March so that leap days come last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
