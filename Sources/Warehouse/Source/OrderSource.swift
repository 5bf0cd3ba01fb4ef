package import Orders
internal import ThreadExecutor

/// The source table, read only: one connection, on a thread of its own.
package actor OrderSource {
    private let executor = ThreadExecutor(name: "source")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// - Parameter table: Such as `dbo.ORDERS_UNIFIED`; SQLite ignores the schema.
    package init(settings: WarehouseSettings, table: String) {}

    /// The table's columns.
    package func layout() throws(Failure) -> SourceLayout { throw Self.unfinished }
    /// Begins to read the rows that pass the filter.
    package func open(plan: SourcePlan, fieldMap: FieldMap, filter: SourceFilter) throws(Failure) { throw Self.unfinished }
    /// The next rows, about so many; empty at the end.
    package func next(_ rows: Int) throws(Failure) -> [RowReading] { throw Self.unfinished }
    /// How many rows pass the filter.
    package func count(_ filter: SourceFilter, fieldMap: FieldMap) throws(Failure) -> Int { throw Self.unfinished }
    /// Ends the reading and drops the connection.
    package func close() {}
    /// Ends the statement that is running, if any. From any thread.
    package nonisolated func cancel() {}

    private static let unfinished = Failure(.systemic, code: "unfinished", message: "")
}
