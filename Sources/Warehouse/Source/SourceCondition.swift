internal import ODBC
import Orders

/// A filter as SQL, its values as parameters.
struct SourceCondition {
    let sql: String
    let values: [ODBCValue]

    init(_ filter: SourceFilter, _ fieldMap: FieldMap, _ dialect: Dialect) {
        var conditions: [String] = []
        var values: [ODBCValue] = []
        for (column, wanted) in [
            (fieldMap.keys.customer, filter.customers), (fieldMap.keys.poNumber, filter.purchaseOrders),
            (fieldMap.keys.aagSeason, filter.aagSeasons), (fieldMap.keys.customerSeason, filter.customerSeasons),
            (fieldMap.keys.orderNumber, filter.orderNumbers),
        ] where !wanted.isEmpty {
            let marks = wanted.map { _ in "?" }.joined(separator: ", ")
            conditions.append("\(Self.trimmed(dialect.quoted(column), dialect)) IN (\(marks))")
            values += wanted.map { .text($0) }
        }
        self.sql = conditions.isEmpty ? "1 = 1" : conditions.joined(separator: " AND ")
        self.values = values
    }

    /// The column's text as the field map's rules have it: tabs, line breaks and hard spaces are blanks, and the ends are trimmed.
    private static func trimmed(_ column: String, _ dialect: Dialect) -> String {
        let character = dialect == .sqlServer ? "NCHAR" : "char"
        let blanks = [9, 10, 13, 160].reduce(column) { "REPLACE(\($0), \(character)(\($1)), ' ')" }
        return "LTRIM(RTRIM(\(blanks)))"
    }
}
