/// How wide the text columns of the warehouse are, as its own SQL Server script says, and cuts to that width.
///
/// Copies in error rows, batch rows and labels are cut, so that they can always be written, on both dialects alike. An order's own
/// values never are: one too long is a reject.
enum ColumnWidth {
    /// For each table its columns' widths in UTF-16 units; columns without bound are absent.
    private static let widths: [String: [String: Int]] = {
        var widths: [String: [String: Int]] = [:]
        for migration in Migration.all(.sqlServer) {
            for statement in migration.statements {
                switch statement.change {
                case .table(let name, let columns):
                    for column in columns { widths[name, default: [:]][column.name] = Self.width(column.definition) }
                case .column(let table, let column):
                    widths[table, default: [:]][column.name] = Self.width(column.definition)
                case .index, .view, .procedure, .other: break
                }
            }
        }
        return widths
    }()

    /// The text, cut to the column's width.
    static func cut(_ text: String?, _ table: String, _ column: String) -> String? {
        guard let text, let width = self.widths[table]?[column], text.utf8.count > width else { return text }
        let units = text.utf16
        guard units.count > width else { return text }
        var end = units.index(units.startIndex, offsetBy: width)
        // Half a surrogate pair is no text.
        if UTF16.isTrailSurrogate(units[end]) { end = units.index(before: end) }
        return String(text[..<end])
    }

    static func width(of column: String, in table: String) -> Int? { self.widths[table]?[column] }

    private static func width(_ definition: String) -> Int? {
        guard let start = definition.firstRange(of: "NVARCHAR(")?.upperBound else { return nil }
        return Int(definition[start...].prefix { $0 != ")" })
    }
}
