package import FoundationEssentials
package import Orders
package import Warehouse

/// Where a run's rows come from: the source table, or a file of rows.
///
/// One reading is under way at a time; a failure ends it.
package protocol RowSource: Sendable {
    /// Whether rows may come, go and change while they are read.
    var mayChange: Bool { get }

    /// The columns, in their order.
    func layout() async throws -> SourceLayout

    /// Begins to read the rows that pass the filter.
    func open(plan: SourcePlan, fieldMap: FieldMap, filter: SourceFilter) async throws

    /// Begins to read the rows that are looked up.
    func open(plan: SourcePlan, fieldMap: FieldMap, lookUp: SourceLookUp) async throws

    /// The next rows, at least so many while there are any; empty at the end.
    func next(_ rows: Int) async throws -> [RowReading]

    /// The same, of which each row is still to be read by the field map's rules; nil at the end.
    func nextUnread(_ rows: Int) async throws -> UnreadRows?

    /// How many rows pass the filter now.
    func count(_ filter: SourceFilter, fieldMap: FieldMap) async throws -> Int

    /// Which rows pass the filter now, and which of these uuids are on none of them.
    func rows(
        _ filter: SourceFilter,
        fieldMap: FieldMap,
        seeking sought: Set<UUID>
    ) async throws -> (sum: RowSum, missing: Set<UUID>)

    /// Ends the reading and gives back what it holds.
    func close() async
}

extension OrderSource: RowSource {
    package nonisolated var mayChange: Bool { true }
}
