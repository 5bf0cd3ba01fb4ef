import FoundationEssentials
internal import ODBC
import Orders

/// Reads nothing of the source but the uuids of its rows.
struct IdentityQuery {
    let table: String
    /// The column of the uuids, quoted.
    let column: String
    let condition: SourceCondition
    /// Whether each row has a number by which ranges are read, as in ``SourceQuery``.
    let hasRowNumbers: Bool

    private static let rowsPerRange = 20_000
    private static let rowsPerBlock = 500
    /// A uuid in braces.
    private static let units = 38

    /// Hands each row's uuid over; nil for one that has none.
    func run(_ connection: Connection, timeout: Int, _ body: (UUID?) -> Void) throws {
        var last: Int64?
        var found = 0
        repeat {
            found = 0
            let cursor = try connection.cursor(
                self.sql(after: last),
                self.condition.values,
                columns: self.hasRowNumbers ? [.integer, .text(units: Self.units)] : [.text(units: Self.units)],
                rowsPerBlock: Self.rowsPerBlock,
                timeout: timeout
            )
            defer { cursor.close() }
            while try cursor.nextBlock() > 0 {
                found += cursor.rowCount
                for row in 0..<cursor.rowCount {
                    if self.hasRowNumbers { last = cursor.int64(row, 0) ?? last }
                    body(Self.uuid(cursor.text(row, self.hasRowNumbers ? 1 : 0)))
                }
            }
        } while self.hasRowNumbers && found == Self.rowsPerRange
    }

    private func sql(after number: Int64?) -> String {
        guard self.hasRowNumbers else { return "SELECT \(self.column) FROM \(self.table) WHERE \(self.condition.sql)" }
        let range = number.map { "rowid > \($0) AND " } ?? ""
        return """
            SELECT rowid, \(self.column) FROM \(self.table)
            WHERE \(range)\(self.condition.sql) ORDER BY rowid LIMIT \(Self.rowsPerRange)
            """
    }

    /// The uuid as the field map's rules read it: blanks around it aside.
    private static func uuid(_ text: String?) -> UUID? {
        guard let text else { return nil }
        return UUID(text: text) ?? UUID(text: String(text.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }))
    }
}
