package import FoundationEssentials
package import Orders
internal import ThreadExecutor

/// The only door to the staging, production, error and batch tables: one connection, on a thread of its own.
///
/// Every function may be repeated after a crash between any two of its statements. Every statement has a deadline; after
/// a failed one the connection is dropped when its state is in doubt, and the next call makes a new one.
package actor Warehouse {
    private let executor = ThreadExecutor(name: "warehouse")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// - Parameter now: The clock, in UTC milliseconds.
    package init(settings: WarehouseSettings, fieldMap: FieldMap, now: @escaping @Sendable () -> Int64) {}

    /// Brings the tables up to date; with `dryRun` only says what it would do.
    package func migrate(dryRun: Bool = false) throws(Failure) -> [MigrationStep] { throw Self.unfinished }
    /// The SQL of all migrations, for a person to read or run.
    package nonisolated static func script(_ dialect: Dialect) -> String { "" }
    /// The tables that ordersync needs and that aren't there.
    package func missingTables() throws(Failure) -> [String] { throw Self.unfinished }

    /// Writes the batch's row; repeatable.
    package func openBatch(_ opening: BatchOpening) throws(Failure) { throw Self.unfinished }
    /// Stages orders and their sizes in one transaction; an order that the warehouse refuses doesn't hold the others.
    ///
    /// - Returns: The refused orders with the reason of each; all others are staged.
    package func stage(
        batch: UUID,
        customerBatch: String,
        orders: [StagedOrder]
    ) throws(Failure) -> [OrderKey: Failure] { throw Self.unfinished }
    /// Writes to the staging rows what the calls came to.
    package func recordResults(
        batch: UUID,
        items: [ItemResult],
        subitems: [SubitemResult],
        failed: [FailedOrder]
    ) throws(Failure) { throw Self.unfinished }
    /// Writes complete orders to the production tables, and the guard row with them.
    package func promote(batch: UUID, orders: [PromotedOrder], guardRow: GuardRow) throws(Failure) { throw Self.unfinished }
    /// Says in the batch's row that a step is over.
    package func progress(batch: UUID, _ step: BatchStep) throws(Failure) { throw Self.unfinished }
    /// Writes how the batch ended; makes the row when it isn't there.
    package func closeBatch(_ closing: BatchClosing) throws(Failure) { throw Self.unfinished }

    /// Writes failures to the error tables; one that is there already is left as it is.
    package func writeErrors(_ rows: [ErrorRow]) throws(Failure) { throw Self.unfinished }
    /// Marks the open error rows of orders as resolved.
    package func resolveErrors(orderKeys: [OrderKey], by: String, at: Int64) throws(Failure) { throw Self.unfinished }
    /// Marks single failures as resolved, such as a reject that has passed.
    package func resolveErrors(errorKeys: [String], by: String, at: Int64) throws(Failure) { throw Self.unfinished }

    /// What the board's guard row says; nil when no promotion has written one.
    package func guardRow(board: Int64) throws(Failure) -> GuardRow? { throw Self.unfinished }
    /// Deletes what is older than its retention, each in milliseconds: promoted or abandoned staging rows, resolved errors, ended batches.
    package func cleanup(
        staging: Int64,
        errors: Int64,
        batches: Int64,
        now: Int64
    ) throws(Failure) -> CleanupCounts { throw Self.unfinished }

    /// Drops the connection; the next call makes a new one.
    package func reset() {}
    /// Ends the statement that is running, if any; it fails and rolls back. From any thread.
    package nonisolated func cancel() {}

    private static let unfinished = Failure(.systemic, code: "unfinished", message: "")
}
