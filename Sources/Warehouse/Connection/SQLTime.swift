/// Moments as the warehouse keeps them: UTC, to the millisecond.
enum SQLTime {
    /// `YYYY-MM-DD HH:MM:SS.fff` of UTC milliseconds since 1970.
    static func text(_ milliseconds: Int64) -> String {
        let day = milliseconds.dividedFloored(by: 86_400_000)
        let rest = milliseconds - day * 86_400_000
        let (year, month, date) = Self.civil(day)
        let parts = [
            Self.digits(year, 4), "-", Self.digits(month, 2), "-", Self.digits(date, 2), " ",
            Self.digits(rest / 3_600_000, 2), ":", Self.digits(rest / 60_000 % 60, 2), ":",
            Self.digits(rest / 1000 % 60, 2), ".", Self.digits(rest % 1000, 3),
        ]
        return parts.joined()
    }

    /// The date of a day counted from 1970-01-01, by the usual trick of years that begin in March, so that the leap day comes last.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, date: Int64) {
        let shifted = day + 719_468
        let era = shifted.dividedFloored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * month + 2) / 5 + 1
        let isNextYear = month >= 10
        return (yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, date)
    }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension Int64 {
    fileprivate func dividedFloored(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}
