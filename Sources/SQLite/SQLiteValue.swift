/// A value that goes into a statement or comes out of a row.
package enum SQLiteValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension SQLiteValue {
    /// The value, or null for nil.
    package static func optional(_ value: Int64?) -> SQLiteValue { value.map(Self.integer) ?? .null }

    /// The value, or null for nil.
    package static func optional(_ value: Double?) -> SQLiteValue { value.map(Self.real) ?? .null }

    /// The value, or null for nil.
    package static func optional(_ value: String?) -> SQLiteValue { value.map(Self.text) ?? .null }

    /// The value, or null for nil.
    package static func optional(_ value: [UInt8]?) -> SQLiteValue { value.map(Self.blob) ?? .null }
}

extension SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(nilLiteral: ()) { self = .null }
}
