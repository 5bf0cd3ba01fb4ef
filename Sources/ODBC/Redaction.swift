/// What must not stand in an error: secrets of the connection string and values that came in as parameters.
///
/// Drivers quote both: SQL Server tells the duplicate key's value, the text it could not convert and the value it truncated.
struct Redaction {
    private static let mark = "…"
    /// Shorter values are left: they would tear holes into every message, and tell nothing by themselves.
    private static let shortest = 4

    /// The words after which servers quote a value, and the one that ends it.
    private static let quotations: [(before: String, end: String)] = [
        ("duplicate key value is (", ")."),  // SQL Server 2601, 2627
        ("Truncated value: '", "'."),  // SQL Server 2628
        (" value '", "' to data type"),  // SQL Server 245, 8114
        ("Failing row contains (", ")."),  // PostgreSQL 23502, 23514
        (")=(", ")"),  // PostgreSQL 23505, 23503: Key (name)=(value)
        ("invalid input syntax for type ", "\n"),  // PostgreSQL 22P02
    ]

    private let secrets: [String]
    private let parameters: [ParameterColumn]
    private let rows: Int

    init(secrets: [String] = [], parameters: [ParameterColumn] = [], rows: Int = 0) {
        self.secrets = secrets
        self.parameters = parameters
        self.rows = rows
    }

    func apply(to message: String) -> String {
        var message = message
        for secret in self.secrets where !secret.isEmpty {
            message = message.replacing(secret, with: Self.mark)
        }
        for quotation in Self.quotations {
            message = Self.cut(message, after: quotation.before, until: quotation.end)
        }
        for column in self.parameters {
            for row in 0..<min(self.rows, column.capacity) {
                guard let value = column.text(at: row), value.utf8.count >= Self.shortest else { continue }
                message = message.replacing(value, with: Self.mark)
            }
        }
        return message
    }

    private static func cut(_ message: String, after before: String, until end: String) -> String {
        guard let start = message.firstRange(of: before) else { return message }
        let rest = message[start.upperBound...]
        let tail = rest.firstRange(of: end).map { rest[$0.lowerBound...] } ?? ""
        return String(message[..<start.upperBound]) + Self.mark + String(tail)
    }
}
