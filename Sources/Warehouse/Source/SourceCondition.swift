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

    /// - Parameters:
    ///   - lookUp: what to look for; with neither numbers nor uuids every row outside of its filter
    ///   - fieldMap: names the columns
    ///   - dialect: the dialect
    init(_ lookUp: SourceLookUp, _ fieldMap: FieldMap, _ dialect: Dialect) {
        var alternatives: [String] = []
        var values: [ODBCValue] = []
        if !lookUp.orderNumbers.isEmpty {
            let marks = lookUp.orderNumbers.map { _ in "?" }.joined(separator: ", ")
            alternatives.append("\(Self.trimmed(dialect.quoted(fieldMap.keys.orderNumber), dialect)) IN (\(marks))")
            values += lookUp.orderNumbers.map { .text($0) }
        }
        if let column = fieldMap.keys.recordUUID, !lookUp.recordUUIDs.isEmpty {
            let marks = lookUp.recordUUIDs.map { _ in "?" }.joined(separator: ", ")
            let name = dialect.quoted(column)
            let text = dialect == .sqlServer ? "CAST(\(name) AS NVARCHAR(36))" : name
            alternatives.append("LOWER(LTRIM(RTRIM(\(text)))) IN (\(marks))")
            values += lookUp.recordUUIDs.map { .text($0.lowercaseText) }
        }
        var conditions = alternatives.isEmpty ? [] : ["(\(alternatives.joined(separator: " OR ")))"]
        if !lookUp.outside.isEmpty {
            let filter = SourceCondition(lookUp.outside, fieldMap, dialect)
            // Where a column is null, neither the filter nor its negation would be true.
            conditions.append("CASE WHEN \(filter.sql) THEN 1 ELSE 0 END = 0")
            values += filter.values
        }
        self.sql = conditions.isEmpty ? "1 = 1" : conditions.joined(separator: " AND ")
        self.values = values
    }

    /// The column's text as the field map's rules have it: tabs, line breaks and hard spaces are blanks, and the ends are trimmed.
    ///
    /// It is compared as it is: on SQL Server by a binary collation, since the usual ones take other case, and some other accents, for
    /// the same; and cast, since a column of numbers is no text on every server.
    private static func trimmed(_ column: String, _ dialect: Dialect) -> String {
        let (character, text, collation) =
            switch dialect {
            case .sqlServer: ("NCHAR", "CAST(\(column) AS NVARCHAR(MAX))", " COLLATE Latin1_General_BIN2")
            case .sqlite: ("char", column, "")
            }
        let blanks = [9, 10, 13, 160].reduce(text) { "REPLACE(\($0), \(character)(\($1)), ' ')" }
        return "LTRIM(RTRIM(\(blanks)))\(collation)"
    }
}
