internal import ODBC

/// Takes rows value by value and sends them in sets, by whatever means serves the database best.
///
/// What was not set in a row is NULL. Use it in a transaction: of a set that fails, a part may be done.
protocol RowWriter: AnyObject {
    /// The rows that were sent.
    var sent: Int { get }

    func setText(_ column: Int, _ text: String?) throws
    func setInteger(_ column: Int, _ value: Int64?) throws
    func setDouble(_ column: Int, _ value: Double?) throws
    /// Sets a day from `YYYY-MM-DD`.
    func setDate(_ column: Int, _ value: String?) throws
    /// Sets a moment from `YYYY-MM-DD HH:MM:SS.fff`.
    func setTimestamp(_ column: Int, _ value: String?) throws
    /// Ends the row under way, and sends the set when it is full.
    func endRow() throws
    /// Sends the rows that wait.
    func finish() throws
}

/// Rows as parameter arrays, one parameter a column.
///
/// The keys of ``RowStatement/Action/insertMissing`` stand twice in that statement, and so are set twice.
final class ArrayRows: RowWriter {
    private let rows: RowInserter
    private let columnCount: Int
    /// The first column that stands twice; those behind it do as well.
    private let firstRepeated: Int?

    init(_ rows: RowInserter, columnCount: Int, firstRepeated: Int?) {
        self.rows = rows
        self.columnCount = columnCount
        self.firstRepeated = firstRepeated
    }

    var sent: Int { self.rows.sent }

    func setText(_ column: Int, _ text: String?) throws {
        try self.rows.setText(column, text)
        if let again = self.repeated(column) { try self.rows.setText(again, text) }
    }

    func setInteger(_ column: Int, _ value: Int64?) throws {
        self.rows.setInteger(column, value)
        if let again = self.repeated(column) { self.rows.setInteger(again, value) }
    }

    func setDouble(_ column: Int, _ value: Double?) throws {
        self.rows.setDouble(column, value)
        if let again = self.repeated(column) { self.rows.setDouble(again, value) }
    }

    func setDate(_ column: Int, _ value: String?) throws {
        try self.rows.setDate(column, value)
        if let again = self.repeated(column) { try self.rows.setDate(again, value) }
    }

    func setTimestamp(_ column: Int, _ value: String?) throws {
        try self.rows.setTimestamp(column, value)
        if let again = self.repeated(column) { try self.rows.setTimestamp(again, value) }
    }

    func endRow() throws { try self.rows.endRow() }

    func finish() throws { try self.rows.finish() }

    private func repeated(_ column: Int) -> Int? {
        guard let first = self.firstRepeated, column >= first else { return nil }
        return self.columnCount + column - first
    }
}
