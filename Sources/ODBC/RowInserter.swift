/// Inserts many rows through parameter arrays: a row is set value by value, and rows are sent in sets.
///
/// A set is sent when it holds its number of rows. Sets become smaller when long texts would take their buffers over the memory they
/// may have; a row that is large by itself goes alone. Use it in a transaction, see ``Connection/insertArray(_:columns:rows:timeout:)``.
package final class RowInserter {
    /// The memory that the buffers of a set may take, in bytes.
    package static let defaultMemory = 16 << 20
    private static let cacheMemory = 512 << 10
    /// Sets don't become smaller than this for one row's sake.
    private static let fewestRows = 16

    private let connection: Connection
    private let sql: String
    private let memory: Int
    private let timeout: Int
    /// The columns of the set that is being filled.
    private var columns: [ParameterColumn]
    /// The columns to go back to while a large row has columns of its own.
    private var columnsAside: [ParameterColumn]?
    private var row = 0

    /// The rows that were sent.
    package private(set) var sent = 0
    /// The rows affected, as the driver told; nil when it did not tell for one of the sets.
    package private(set) var affected: Int? = 0

    init(
        _ connection: Connection,
        _ sql: String,
        columns: [ParameterType],
        rowsPerSet: Int,
        memory: Int,
        timeout: Int
    ) {
        self.connection = connection
        self.sql = sql
        self.timeout = timeout
        // SQLite has no round trips to save, and rows that stay in the processor's cache go in at twice the speed.
        self.memory = connection.link.driver.isSQLite ? min(memory, Self.cacheMemory) : memory
        let width = columns.reduce(0) { $0 + ParameterColumn($1, rows: 1).byteCount }
        let rows = max(1, min(rowsPerSet, self.memory / max(width, 1)))
        self.columns = columns.map { ParameterColumn($0, rows: rows) }
    }

    /// Sets text, or NULL, in the row under way.
    ///
    /// - Throws: also what the database says of rows that must be sent to make room.
    package func setText(_ column: Int, _ text: String?) throws(ODBCError) {
        guard let text else { return self.columns[column].setNull(self.row) }
        // No text has more UTF-16 units than UTF-8 bytes.
        let units = text.utf8.count
        if self.columns[column].byteCount(withText: units) > self.columns[column].byteCount {
            try self.makeRoom(for: units, in: column)
        }
        self.columns[column].setText(self.row, text)
    }

    package func setInteger(_ column: Int, _ value: Int64?) { self.columns[column].setInteger(self.row, value) }

    package func setDouble(_ column: Int, _ value: Double?) { self.columns[column].setDouble(self.row, value) }

    package func setBit(_ column: Int, _ value: Bool?) { self.columns[column].setBit(self.row, value) }

    package func setDate(_ column: Int, _ value: String?) throws(ODBCError) {
        try self.columns[column].setDate(self.row, value)
    }

    package func setTimestamp(_ column: Int, _ value: String?) throws(ODBCError) {
        try self.columns[column].setTimestamp(self.row, value)
    }

    /// Sets a value of the column's type.
    package func set(_ column: Int, _ value: ODBCValue) throws(ODBCError) {
        switch value {
        case .text(let text), .guid(let text): try self.setText(column, text)
        default: try self.columns[column].set(self.row, value)
        }
    }

    /// Ends the row under way, and sends the set when it is full.
    ///
    /// What was not set in the row is NULL.
    package func endRow() throws(ODBCError) {
        self.row += 1
        if self.columnsAside != nil || self.row == self.capacity { try self.send() }
    }

    /// Sends the rows that wait.
    package func finish() throws(ODBCError) {
        try self.send()
    }

    private var capacity: Int { self.columns.first?.capacity ?? 1 }

    private func send() throws(ODBCError) {
        let rows = self.row
        guard rows > 0 else { return }
        try self.send(rows)
        if let columns = self.columnsAside {
            self.columns = columns
            self.columnsAside = nil
        }
        self.row = 0
        for column in self.columns { column.clear() }
    }

    /// Makes the set smaller, or gives the row columns of its own, when a text of that many units would take too much memory.
    private func makeRoom(for units: Int, in column: Int) throws(ODBCError) {
        guard self.columnsAside == nil else { return }
        var width = 0
        for (index, other) in self.columns.enumerated() {
            width += (index == column ? other.byteCount(withText: units) : other.byteCount) / other.capacity
        }
        guard width * self.capacity > self.memory else { return }
        let unfinished = self.columns
        let row = self.row
        // The rows that are complete go; the values of the one under way stay where they are until they are copied.
        if row > 0 { try self.send(row) }
        self.row = 0
        let rows = self.memory / width
        if rows >= min(Self.fewestRows, self.capacity) {
            self.columns = unfinished.map { ParameterColumn($0, row: row, rows: rows) }
        } else {
            let own = unfinished.map { ParameterColumn($0, row: row, rows: 1) }
            for column in unfinished { column.clear() }
            self.columnsAside = unfinished
            self.columns = own
        }
    }

    private func send(_ rows: Int) throws(ODBCError) {
        let told = try self.connection.insertArray(self.sql, columns: self.columns, rows: rows, timeout: self.timeout)
        self.sent += rows
        self.affected = told < 0 ? nil : self.affected.map { $0 + told }
    }
}

extension Connection {
    /// Begins to insert rows.
    ///
    /// - Parameters:
    ///   - sql: the statement, with one `?` for each column
    ///   - columns: what each parameter is
    ///   - rowsPerSet: rows a round trip, at most
    ///   - memory: bytes that the set's buffers may take
    ///   - timeout: seconds for each set; 0 is without end
    /// - Returns: the inserter, without rows.
    package func inserter(
        _ sql: String,
        columns: [ParameterType],
        rowsPerSet: Int = 500,
        memory: Int = RowInserter.defaultMemory,
        timeout: Int
    ) -> RowInserter {
        RowInserter(self, sql, columns: columns, rowsPerSet: rowsPerSet, memory: memory, timeout: timeout)
    }
}
