internal import CODBC

/// What a parameter is, as the caller describes it: the driver is never asked, for some guess wrong and some lose rows by it.
package enum ParameterType: Hashable, Sendable {
    /// Text of at most `size` UTF-16 units: the width of the column it goes to. Over 4,000, or 0, means without bound (NVARCHAR(MAX)).
    case text(size: Int)
    /// A 64-bit integer.
    case integer
    /// A double.
    case double
    /// True or false.
    case bit
    /// A day.
    case date
    /// A moment without zone, kept to the millisecond, which DATETIME and DATETIME2 both take.
    case timestamp
    /// A UUID, sent as its text of 36 characters, which every server converts, and which drivers that have no GUID take too.
    case guid

    /// The widest text that SQL Server takes as NVARCHAR(n).
    static let widestBoundedText = 4000

    var isText: Bool {
        switch self {
        case .text, .guid: true
        case .integer, .double, .bit, .date, .timestamp: false
        }
    }

    /// The type of our buffer, an SQL_C_… number.
    var bufferType: Int16 {
        switch self {
        case .text, .guid: Int16(SQL_C_WCHAR)
        case .integer: Int16(SQL_C_SBIGINT)
        case .double: Int16(SQL_C_DOUBLE)
        case .bit: Int16(SQL_C_BIT)
        case .date: Int16(SQL_C_TYPE_DATE)
        case .timestamp: Int16(SQL_C_TYPE_TIMESTAMP)
        }
    }

    /// The type of the server's side, its size in characters or digits, and the digits after the point.
    func described(for driver: Driver, longest: Int) -> (type: Int16, size: SQLULEN, digits: Int16) {
        switch self {
        case .text(let size) where size > 0 && max(size, longest) <= Self.widestBoundedText:
            // A value over the column's width goes as it is: the server must refuse it, the driver must not cut it.
            (Int16(SQL_WVARCHAR), SQLULEN(max(size, longest)), 0)
        case .text: driver.unboundedText(longest: longest)
        case .guid: (Int16(SQL_WVARCHAR), 36, 0)
        case .integer: (Int16(SQL_BIGINT), 19, 0)
        case .double: (Int16(SQL_DOUBLE), 53, 0)
        case .bit: (Int16(SQL_BIT), 1, 0)
        case .date: (Int16(SQL_TYPE_DATE), 10, 0)
        case .timestamp: (Int16(SQL_TYPE_TIMESTAMP), 23, 3)
        }
    }

    /// The bytes of one value that is not text.
    var fixedSize: Int {
        switch self {
        case .text, .guid: 0
        case .integer, .double: 8
        case .bit: 1
        case .date: MemoryLayout<SQL_DATE_STRUCT>.stride
        case .timestamp: MemoryLayout<SQL_TIMESTAMP_STRUCT>.stride
        }
    }
}
