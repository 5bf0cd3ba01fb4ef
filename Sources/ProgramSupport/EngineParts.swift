package import Journal
package import Logging
package import Orders
package import OrdersyncConfiguration
package import SyncEngine
package import Warehouse

/// What stands behind every command that works on a whole board, made before the journal is opened: what is configured wrongly leaves it alone.
package struct EngineParts: Sendable {
    package let fieldMap: FieldMap
    /// The board's lock; nil where the journal's lock file keeps others out.
    package let lock: BoardLock?
    private let warehouse: Warehouse
    private let settings: SyncSettings

    package init(_ configuration: Configuration) throws {
        self.fieldMap = try Wiring.fieldMap(configuration)
        self.settings = try Wiring.settings(configuration)
        self.warehouse = try Wiring.warehouse(configuration, fieldMap: self.fieldMap)
        self.lock = try Wiring.boardLock(configuration)
    }

    /// What a run over the whole board works with.
    package func wholeBoard(_ journal: Journal, _ monday: Wiring.MondayParts, _ progress: ProgressLine) -> WholeBoard {
        WholeBoard(
            journal: journal,
            warehouse: self.warehouse,
            client: monday.client,
            fieldMap: self.fieldMap,
            settings: self.settings
        ) { progress.show($0) }
    }

    /// What drains the journal, as ``SyncService`` says.
    package func service(
        _ journal: Journal,
        _ monday: Wiring.MondayParts,
        log: Logger,
        longestNap: Duration? = nil,
        report: @escaping @Sendable (ServiceStatus) -> Void = { _ in }
    ) -> SyncService {
        SyncService(
            journal: journal,
            warehouse: self.warehouse,
            lock: self.lock,
            client: monday.client,
            pacer: monday.pacer,
            fieldMap: self.fieldMap,
            settings: self.settings,
            stop: StopSignal(),
            log: log,
            longestNap: longestNap,
            report: report
        )
    }
}
