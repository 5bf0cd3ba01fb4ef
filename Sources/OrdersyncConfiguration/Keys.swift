/// Every key there is.
///
/// A key that is not here is a typo.
enum Keys {
    static let journalPath = Key("journal.path", .path, fallback: "/var/lib/ordersync/journal.sqlite", isPath: true)

    static let sourceConnection = Key("source.connection", Self.connectionFormat, isSecret: true)
    static let sourceTable = Key(
        "source.table",
        .text("a table or view, such as dbo.ORDERS"),
        fallback: "dbo.ORDERS_UNIFIED"
    )
    static let sourcePasswordFile = Key("source.password_file", .path, isSecret: true, isPath: true)

    static let warehouseConnection = Key("warehouse.connection", Self.connectionFormat, isSecret: true)
    static let warehousePasswordFile = Key("warehouse.password_file", .path, isSecret: true, isPath: true)
    static let warehouseDialect = Key("warehouse.dialect", ValueFormat<DialectName>.word)
    static let statementTimeout = Key("warehouse.statement_timeout", .duration("1s", "1h"), fallback: "120s")
    static let loginTimeout = Key("warehouse.login_timeout", .duration("1s", "10m"), fallback: "15s")

    static let bulk = Key("warehouse.bulk", ValueFormat<BulkName>.word, fallback: "auto")

    static let endpoint = Key("monday.endpoint", .endpoint, fallback: "https://api.monday.com/v2", isSecret: true)
    static let tokenFile = Key("monday.token_file", .path, isSecret: true, isPath: true)
    static let board = Key("monday.board", .identifier)
    static let subitemBoard = Key("monday.subitem_board", .identifier)
    static let externalKeyColumn = Key(
        "monday.external_key_column",
        .text("the id of a text column, such as text_mkr5hya2")
    )
    static let requestTimeout = Key("monday.request_timeout", .duration("1s", "10m"), fallback: "60s")
    static let boardConcurrency = Key("monday.board_concurrency", .concurrency, fallback: "auto")
    static let searchLag = Key("monday.search_lag", .duration("0s", "1h"), fallback: "30s")
    static let executionLimit = Key("monday.execution_limit", .duration("0s", "1h"), fallback: "60s")
    static let recheck = Key("monday.recheck", .duration("0s", "1d"), fallback: "15m")
    static let idempotencyWindow = Key("monday.idempotency_window", .duration("0s", "30m"), fallback: "25m")
    static let pointsPerMinute = Key("monday.points_per_minute", .integer(1...1_000_000_000))
    static let callsPerDay = Key("monday.calls_per_day", .integer(1...1_000_000_000))

    static let shared = Key("monday.shared", ValueFormat<Bool>.bool, fallback: "false")
    static let removedItems = Key("monday.removed_items", ValueFormat<RemovedItemsPolicy>.word, fallback: "dead")
    static let removedSizes = Key("monday.removed_sizes", ValueFormat<RemovedSizesPolicy>.word, fallback: "zero")

    static let retryBase = Key("retry.base", .duration("1ms", "1h"), fallback: "2s")
    static let retryCap = Key("retry.cap", .duration("1ms", "1d"), fallback: "5m")
    static let retryAttempts = Key("retry.attempts", .integer(1...100), fallback: "8")

    static let batchOrders = Key("batch.orders", .integer(1...5000), fallback: "500")
    static let batchInFlight = Key("batch.in_flight", .integer(1...32), fallback: "4")

    static let batchLease = Key("batch.lease", .duration("1s", "1d"), fallback: "15m")

    static let gonePolicy = Key("gone.policy", ValueFormat<GonePolicy>.word, fallback: "report")
    static let goneLimit = Key("gone.limit_percent", .integer(0...100), fallback: "20")
    static let goneConfirm = Key("gone.confirm", .duration("0s", "365d"), fallback: "1h")

    static let fieldMap = Key("field_map", .path, fallback: "/etc/ordersync/fieldmap.yaml", isPath: true)

    static let retentionDone = Key("retention.done", .duration("1h", "3650d"), fallback: "30d")
    static let retentionStaging = Key("retention.staging", .duration("1h", "3650d"), fallback: "7d")
    static let retentionErrors = Key("retention.errors", .duration("1h", "3650d"), fallback: "30d")
    static let retentionBatches = Key("retention.batches", .duration("1h", "3650d"), fallback: "90d")

    static let logLevel = Key("log.level", ValueFormat<LogLevel>.word, fallback: "info")
    static let logFormat = Key("log.format", ValueFormat<LogFormat>.word, fallback: "auto")

    static let httpListen = Key("http.listen", .listenAddress, fallback: "127.0.0.1:9464")

    static let names: [String] = [
        Self.journalPath.name,
        Self.sourceConnection.name, Self.sourceTable.name, Self.sourcePasswordFile.name,
        Self.warehouseConnection.name, Self.warehousePasswordFile.name, Self.warehouseDialect.name,
        Self.statementTimeout.name, Self.loginTimeout.name, Self.bulk.name,
        Self.endpoint.name, Self.tokenFile.name, Self.board.name, Self.subitemBoard.name, Self.externalKeyColumn.name,
        Self.requestTimeout.name, Self.boardConcurrency.name, Self.searchLag.name, Self.executionLimit.name,
        Self.recheck.name, Self.idempotencyWindow.name, Self.pointsPerMinute.name, Self.callsPerDay.name,
        Self.shared.name, Self.removedItems.name, Self.removedSizes.name,
        Self.retryBase.name, Self.retryCap.name, Self.retryAttempts.name,
        Self.batchOrders.name, Self.batchInFlight.name, Self.batchLease.name,
        Self.gonePolicy.name, Self.goneLimit.name, Self.goneConfirm.name,
        Self.fieldMap.name,
        Self.retentionDone.name, Self.retentionStaging.name, Self.retentionErrors.name, Self.retentionBatches.name,
        Self.logLevel.name, Self.logFormat.name,
        Self.httpListen.name,
    ]

    /// `monday`, `retry` and so on: the words that open a section.
    static let sections = Set(
        Self.names.compactMap { name in
            name.split(separator: ".").count > 1 ? name.split(separator: ".").first.map(String.init) : nil
        }
    )

    /// Variables of ours that are no keys: the file's own place, what the unit files hand to a command line, and the tests' server.
    static let otherVariables: Set<String> = ["ORDERSYNC_CONFIG", "ORDERSYNC_ARGUMENTS", "ORDERSYNC_TEST_SQLSERVER"]

    private static let connectionFormat = ValueFormat<ConnectionString>(
        allowed: "an ODBC connection string, such as Driver={ODBC Driver 18 for SQL Server};Server=…;Database=…;UID=…"
    ) { ConnectionString($0) }
}
