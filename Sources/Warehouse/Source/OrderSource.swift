package import FoundationEssentials
internal import ODBC
package import Orders
internal import ThreadExecutor

/// The source table, read only: one connection, on a thread of its own.
///
/// Its memory is a block of rows, however many there are. On SQL Server a reading is one SELECT, which takes no lock that outlives a
/// row. On SQLite, where a reader keeps writers waiting, it is a series of short ones by ranges of the row number.
package actor OrderSource {
    private let executor = ThreadExecutor(name: "source")
    private let cancelSwitch = CancelSwitch()
    private let session: Session
    private let table: String
    private var reading: SourceReading?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - settings: where the table is; nothing is connected before the first call
    ///   - table: a table or view, such as `dbo.ORDERS_UNIFIED`; SQLite ignores the schema
    package init(settings: WarehouseSettings, table: String) {
        self.session = Session(settings, accessMode: .readOnly, mayCreate: false, cancelSwitch: self.cancelSwitch)
        self.table = table
    }

    /// The table's columns, in its order.
    package func layout() throws(Failure) -> SourceLayout {
        try self.session.read { connection, dialect in
            let sql = "SELECT * FROM \(dialect.configuredTable(self.table)) WHERE 1 = 0"
            let columns = try connection.describe(sql, timeout: self.session.timeout)
            return SourceLayout(columns: columns.map { SourceColumn(name: $0.name, isInteger: $0.isInteger) })
        }
    }

    /// Begins to read the rows that pass the filter, in place of a reading that is under way.
    package func open(plan: SourcePlan, fieldMap: FieldMap, filter: SourceFilter) throws(Failure) {
        try self.open(plan, fieldMap) { SourceCondition(filter, fieldMap, $0) }
    }

    /// Begins to read the rows that are looked up, in place of a reading that is under way.
    package func open(plan: SourcePlan, fieldMap: FieldMap, lookUp: SourceLookUp) throws(Failure) {
        try self.open(plan, fieldMap) { SourceCondition(lookUp, fieldMap, $0) }
    }

    private func open(
        _ plan: SourcePlan,
        _ fieldMap: FieldMap,
        condition: (Dialect) -> SourceCondition
    ) throws(Failure) {
        self.reading = nil
        let query = try self.session.read { connection, dialect in
            SourceQuery(
                table: dialect.configuredTable(self.table),
                dialect: dialect,
                plan: plan,
                condition: condition(dialect),
                hasRowNumbers: try self.hasRowNumbers(connection, dialect)
            )
        }
        self.reading = SourceReading(query, fieldMap: fieldMap)
    }

    /// The next rows, at least so many while there are any; empty at the end.
    ///
    /// A failure ends the reading: what came before it is not the whole.
    package func next(_ rows: Int) throws(Failure) -> [RowReading] {
        try self.nextUnread(rows)?.read() ?? []
    }

    /// The next rows as they are; nil at the end.
    package func nextUnread(_ rows: Int) throws(Failure) -> UnreadRows? {
        guard let reading = self.reading else { return nil }
        do {
            // A reading can't go on with another connection: what was read would not be one state of the source.
            let rows = try self.session.read(once: true) { connection, _ in
                try reading.next(rows, connection, timeout: self.session.timeout)
            }
            return rows.count == 0 ? nil : UnreadRows(rows, reader: reading.reader)
        } catch {
            self.reading = nil
            throw error
        }
    }

    /// How many rows pass the filter.
    package func count(_ filter: SourceFilter, fieldMap: FieldMap) throws(Failure) -> Int {
        self.reading = nil
        return try self.session.read { connection, dialect in
            let condition = SourceCondition(filter, fieldMap, dialect)
            let sql = "SELECT COUNT(*) FROM \(dialect.configuredTable(self.table)) WHERE \(condition.sql)"
            var count: Int64 = 0
            try connection.query(sql, condition.values, timeout: self.session.timeout) {
                count = try $0.integer(0) ?? 0
            }
            return Int(count)
        }
    }

    /// Which rows pass the filter, and which of some uuids are on none of them.
    ///
    /// - Parameters:
    ///   - filter: which rows
    ///   - fieldMap: names the columns; without a column for the uuid rows are only counted
    ///   - sought: the uuids to look for
    /// - Returns: what tells the rows from others, and the uuids that were not found
    /// - Throws: what reading met
    package func rows(
        _ filter: SourceFilter,
        fieldMap: FieldMap,
        seeking sought: Set<UUID>
    ) throws(Failure) -> (sum: RowSum, missing: Set<UUID>) {
        guard let column = fieldMap.keys.recordUUID else {
            var sum = RowSum()
            for _ in 0..<(try self.count(filter, fieldMap: fieldMap)) { sum.add(nil) }
            return (sum, [])
        }
        self.reading = nil
        return try self.session.read { connection, dialect in
            var sum = RowSum()
            var missing = sought
            let query = IdentityQuery(
                table: dialect.configuredTable(self.table),
                column: dialect.quoted(column),
                condition: SourceCondition(filter, fieldMap, dialect),
                hasRowNumbers: try self.hasRowNumbers(connection, dialect)
            )
            try query.run(connection, timeout: self.session.timeout) { uuid in
                sum.add(uuid)
                if let uuid, !missing.isEmpty { missing.remove(uuid) }
            }
            return (sum, missing)
        }
    }

    /// Ends the reading and drops the connection.
    package func close() {
        self.reading = nil
        self.session.drop()
    }

    /// Ends the statement that is running, if any, from any thread.
    package nonisolated func cancel() {
        self.cancelSwitch.cancel()
    }

    /// Whether SQLite numbers the rows: it does in tables, but neither in views nor in tables WITHOUT ROWID.
    private func hasRowNumbers(_ connection: Connection, _ dialect: Dialect) throws -> Bool {
        guard dialect == .sqlite, let name = Dialect.parts(self.table).last else { return false }
        var isNumbered = false
        let sql = "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND lower(name) = lower(?)"
        try connection.query(sql, [.text(name)], timeout: self.session.timeout) { isNumbered = try $0.integer(0) == 0 }
        return isNumbered
    }
}
