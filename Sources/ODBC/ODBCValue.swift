/// A parameter of a single statement.
package enum ODBCValue: Hashable, Sendable {
    /// NULL of a type, which drivers must be told for NULL as well.
    case null(ParameterType)
    case text(String)
    case integer(Int64)
    case double(Double)
    case bit(Bool)
    /// A day as `YYYY-MM-DD`.
    case date(String)
    /// A moment as `YYYY-MM-DD HH:MM:SS[.fff]`.
    case timestamp(String)
    /// A UUID in its text form.
    case guid(String)

    /// Text, or NULL for nil.
    package static func textOrNull(_ text: String?) -> ODBCValue { text.map { .text($0) } ?? .null(.text(size: 1)) }

    /// An integer, or NULL for nil.
    package static func integerOrNull(_ number: Int64?) -> ODBCValue { number.map { .integer($0) } ?? .null(.integer) }

    /// How it is described to the driver.
    ///
    /// Text up to 4,000 units is always NVARCHAR(4000), so that the server keeps one plan.
    var type: ParameterType {
        switch self {
        case .null(let type): type
        case .text(let text):
            text.utf8.count <= ParameterType.widestBoundedText || text.utf16.count <= ParameterType.widestBoundedText
                ? .text(size: ParameterType.widestBoundedText) : .text(size: 0)
        case .integer: .integer
        case .double: .double
        case .bit: .bit
        case .date: .date
        case .timestamp: .timestamp
        case .guid: .guid
        }
    }
}
