import FoundationEssentials
internal import ODBC

extension ODBCValue {
    /// A UUID in lower case, or NULL for nil.
    static func guid(_ uuid: UUID?) -> ODBCValue {
        uuid.map { .guid($0.uuidString.lowercased()) } ?? .null(.guid)
    }
}
