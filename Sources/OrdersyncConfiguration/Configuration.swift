package import Orders

/// Everything the programs can be told, read once at start and checked as a whole.
package struct Configuration: Sendable {
    package struct JournalSettings: Sendable {
        package var path: String
    }

    package struct SourceSettings: Sendable {
        /// The complete ODBC connection string, password included; nil when none is configured.
        package var connection: Secret?
        package var table: String
    }

    package struct WarehouseSettings: Sendable {
        /// As the source's, when none is configured.
        package var connection: Secret?
        package var dialect: DialectName?
        package var statementTimeout: Duration
        package var loginTimeout: Duration
        package var bulk: BulkName
    }

    package struct MondaySettings: Sendable {
        package var endpoint: String
        package var token: Secret?
        /// The file that the token was read from; nil when it comes from the environment.
        package var tokenFile: String?
        package var board: Int64?
        package var subitemBoard: Int64?
        package var externalKeyColumn: String?
        package var requestTimeout: Duration
        package var boardConcurrency: BoardConcurrency
        package var searchLag: Duration
        package var executionLimit: Duration
        package var recheck: Duration
        package var idempotencyWindow: Duration
        package var pointsPerMinute: Int?
        package var callsPerDay: Int?
        /// Whether people and other programs make items on the board too.
        package var isShared: Bool
        package var removedItems: RemovedItemsPolicy
        package var removedSizes: RemovedSizesPolicy
    }

    package struct RetrySettings: Sendable {
        package var base: Duration
        package var cap: Duration
        package var attempts: Int
    }

    package struct BatchSettings: Sendable {
        /// Orders a batch, at most.
        package var orders: Int
        package var inFlight: Int
        /// How long a batch may stand still before its jobs are taken back.
        package var lease: Duration
    }

    package struct GoneSettings: Sendable {
        package var policy: GonePolicy
        package var limitPercent: Int
        package var confirm: Duration
    }

    package struct RetentionSettings: Sendable {
        package var done: Duration
        package var staging: Duration
        package var errors: Duration
        package var batches: Duration
    }

    package struct LogSettings: Sendable {
        package var level: LogLevel
        package var format: LogFormat
    }

    package var journal: JournalSettings
    package var source: SourceSettings
    package var warehouse: WarehouseSettings
    package var monday: MondaySettings
    package var retry: RetrySettings
    package var batch: BatchSettings
    package var gone: GoneSettings
    package var retention: RetentionSettings
    package var log: LogSettings
    /// The path of the field map.
    package var fieldMap: String
    /// `host:port` of metrics, health and page; nil when switched off.
    package var httpListen: String?

    /// What is allowed but unwise, for the log.
    package var warnings: [String] = []
    /// Every value in force and where it came from, secrets redacted.
    package var settings: [Setting] = []

    /// The values in force, one a line in the order of the documents; no secret in it.
    package var summary: String { self.settings.map(\.description).joined(separator: "\n") }
}
