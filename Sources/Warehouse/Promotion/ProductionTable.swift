import FoundationEssentials
internal import ODBC
import Orders

/// The production table of orders as it is: it exists in more than one shape.
///
/// The predecessor's first one has text without bound, FLOAT and DATE. A later deployment has text of 255 characters, DECIMAL(18,4),
/// and dates and some numbers as text. Columns are matched by name and converted, whatever their order.
struct ProductionTable {
    private let columns: [String: ColumnDescription]

    init(_ connection: Connection, _ dialect: Dialect, timeout: Int) throws {
        let sql = "SELECT * FROM \(dialect.table(Table.orders)) WHERE 1 = 0"
        self.init(try connection.describe(sql, timeout: timeout))
    }

    init(_ columns: [ColumnDescription]) {
        self.columns = Dictionary(columns.map { ($0.name.lowercased(), $0) }) { first, _ in first }
    }

    func has(_ column: String) -> Bool { self.columns[column.lowercased()] != nil }

    /// The staging column `s.…` as this table's column takes it.
    ///
    /// T-SQL would write a FLOAT into text with six digits, so numbers go by way of DECIMAL, and lose the zeros at their end.
    func converted(_ column: String, _ type: Field.StagingType?, _ dialect: Dialect) -> String {
        let value = "s.\(dialect.quoted(column))"
        guard dialect == .sqlServer, self.columns[column.lowercased()]?.isText == true else { return value }
        switch type {
        case .float:
            let zeros = "RTRIM(REPLACE(CAST(CAST(\(value) AS DECIMAL(38, 10)) AS NVARCHAR(50)), N'0', N' '))"
            let point = "RTRIM(REPLACE(REPLACE(\(zeros), N' ', N'0'), N'.', N' '))"
            return "REPLACE(\(point), N' ', N'.')"
        case .date: return "CONVERT(NVARCHAR(10), \(value), 23)"
        case .text, nil: return value
        }
    }

    /// Why an order could be made on the board and then not be promoted; nil when it could.
    ///
    /// It is asked before anything is made. Only SQL Server's columns have bounds.
    func refusal(of order: Order, _ fieldMap: FieldMap) -> Failure? {
        for (column, text) in [("Title", order.title), ("Group", order.group)] {
            if let failure = self.refusal(of: text, column) { return failure }
        }
        for (field, value) in zip(fieldMap.fields, order.values) {
            guard let value, let failure = self.refusal(of: value.text, field.staging) else { continue }
            return failure
        }
        return nil
    }

    private func refusal(of text: String, _ name: String) -> Failure? {
        guard let column = self.columns[name.lowercased()] else { return nil }
        if column.isText {
            guard column.size > 0, text.utf8.count > column.size, text.utf16.count > column.size else { return nil }
            return Failure(
                .permanent,
                code: "truncation",
                message: """
                    \(name): \(text.utf16.count) characters, where that column of \(Table.orders) takes \(column.size).
                    """
            )
        }
        guard column.isDecimal, let number = Double(text), abs(number) >= column.bound else { return nil }
        return Failure(
            .permanent,
            code: "conversion",
            message: "\(name): the number is larger than that column of \(Table.orders) takes."
        )
    }
}
