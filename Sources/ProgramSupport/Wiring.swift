import Foundation
import HTTPClient
package import Journal
package import Monday
package import Orders
package import OrdersyncConfiguration
package import SyncEngine
package import Warehouse

/// Makes the engine's parts from the configuration.
package enum Wiring {
    /// The parts that talk to Monday.com.
    package struct MondayParts: Sendable {
        private let http: HTTPClient
        package let client: MondayClient
        package let pacer: Pacer

        init(http: HTTPClient, client: MondayClient, pacer: Pacer) {
            self.http = http
            self.client = client
            self.pacer = pacer
        }

        /// Ends every request and closes the connections.
        package func shutdown() async { await self.http.shutdown() }
    }

    /// Reads the field map.
    package static func fieldMap(_ configuration: Configuration) throws -> FieldMap {
        let path = configuration.fieldMap
        guard let data = FileManager.default.contents(atPath: path) else {
            let origin = configuration.settings.first { $0.key == "field_map" }?.origin
            let problem =
                FileManager.default.fileExists(atPath: path) ? "the file can't be read" : "there is no such file"
            throw ConfigurationError(
                mistakes: [ConfigurationMistake(key: "field_map", origin: origin, problem: "\(path): \(problem)")]
            )
        }
        return try FieldMap.load(yaml: String(decoding: data, as: UTF8.self), name: path)
    }

    /// The source of orders.
    package static func source(_ configuration: Configuration) throws -> OrderSource {
        let own = configuration.source.connection == configuration.warehouse.connection
        let settings = WarehouseSettings(
            connection: try configuration.sourceConnection,
            // The configured dialect is the warehouse's; the source's own driver tells another.
            dialect: own ? Self.dialect(configuration) : nil,
            statementTimeout: configuration.warehouse.statementTimeout,
            loginTimeout: configuration.warehouse.loginTimeout
        )
        return OrderSource(settings: settings, table: configuration.source.table)
    }

    /// The staging, production, error and batch tables.
    package static func warehouse(
        _ configuration: Configuration,
        fieldMap: FieldMap,
        mayCreate: Bool = true,
        time: TimeSource = .system
    ) throws -> Warehouse {
        let settings = WarehouseSettings(
            connection: try configuration.warehouseConnection,
            dialect: Self.dialect(configuration),
            statementTimeout: configuration.warehouse.statementTimeout,
            loginTimeout: configuration.warehouse.loginTimeout,
            bulk: Self.bulk(configuration)
        )
        return Warehouse(settings: settings, fieldMap: fieldMap, mayCreate: mayCreate, now: time.now)
    }

    /// The board's lock; nil for an embedded warehouse, where the journal's lock file keeps others out.
    package static func boardLock(_ configuration: Configuration) throws -> BoardLock? {
        guard try Self.dialectByName(configuration) == .sqlServer else { return nil }
        let settings = WarehouseSettings(
            connection: try configuration.warehouseConnection,
            dialect: Self.dialect(configuration),
            statementTimeout: configuration.warehouse.statementTimeout,
            loginTimeout: configuration.warehouse.loginTimeout
        )
        return BoardLock(settings: settings, board: try configuration.board)
    }

    private static func bulk(_ configuration: Configuration) -> BulkMethod? {
        switch configuration.warehouse.bulk {
        case .auto: nil
        case .arrays: .arrays
        case .json: .json
        }
    }

    /// The dialect that is configured; nil when the driver is to tell it.
    package static func dialect(_ configuration: Configuration) -> Dialect? {
        switch configuration.warehouse.dialect {
        case .sqlserver: .sqlServer
        case .sqlite: .sqlite
        case nil: nil
        }
    }

    /// The dialect as far as it can be told without a connection.
    package static func dialectByName(_ configuration: Configuration) throws -> Dialect {
        if let dialect = Self.dialect(configuration) { return dialect }
        guard configuration.warehouse.connection != nil else {
            let problem = "missing; set it, or warehouse.dialect to sqlserver or sqlite"
            let mistake = ConfigurationMistake(key: "warehouse.connection", origin: nil, problem: problem)
            throw ConfigurationError(mistakes: [mistake])
        }
        let connection = ConnectionString(try configuration.warehouseConnection.reveal())
        return connection?["Driver"]?.lowercased().contains("sqlite") == true ? .sqlite : .sqlServer
    }

    /// The file of an embedded warehouse; nil for a server, or where a DSN names it.
    package static func embeddedDatabase(_ configuration: Configuration) throws -> String? {
        guard try Self.dialectByName(configuration) == .sqlite else { return nil }
        return ConnectionString(try configuration.warehouseConnection.reveal())?["Database"]
    }

    /// Where the daemon listens for word of new jobs: beside the journal, as whoever writes there may wake it.
    package static func wakePath(_ configuration: Configuration) -> String {
        URL(filePath: configuration.journal.path).absoluteURL.path + ".wake"
    }

    /// What comes of orders that left the source.
    package static func goneRule(_ configuration: Configuration, isLimitLifted: Bool) -> GoneRule {
        var rule = GoneRule()
        rule.kind =
            switch configuration.gone.policy {
            case .report: nil
            case .archive: .archive
            case .zero: .zero
            }
        rule.limitPercent = configuration.gone.limitPercent
        rule.confirm = configuration.gone.confirm.milliseconds
        rule.isLimitLifted = isLimitLifted
        return rule
    }

    /// Runs something with the client of Monday.com, which is shut down however that ends.
    package static func withMonday<T>(
        _ configuration: Configuration,
        _ body: (MondayParts) async throws -> T
    ) async throws -> T {
        let monday = try Self.monday(configuration)
        do {
            let result = try await body(monday)
            await monday.shutdown()
            return result
        } catch {
            await monday.shutdown()
            throw error
        }
    }

    /// The client of Monday.com, with one pacer for all requests.
    private static func monday(_ configuration: Configuration) throws -> MondayParts {
        var pace = PaceSettings()
        if let points = configuration.monday.pointsPerMinute { pace.pointsPerMinute = points }
        if case .fixed(let count) = configuration.monday.boardConcurrency { pace.boardConcurrency = .fixed(count) }
        let pacer = Pacer(pace)
        let http = HTTPClient(HTTPClientConfiguration(userAgent: "ordersync/\(Version.current)"))
        let client = MondayClient(
            http: http,
            endpoint: configuration.monday.endpoint,
            token: try configuration.token,
            renewal: configuration.monday.tokenFile.map { TokenFile($0) }.map { file in { await file.read() } },
            requestTimeout: configuration.monday.requestTimeout,
            pacer: pacer
        )
        return MondayParts(http: http, client: client, pacer: pacer)
    }

    /// What the engine is told.
    package static func settings(_ configuration: Configuration) throws -> SyncSettings {
        let monday = configuration.monday
        return SyncSettings(
            board: try configuration.board,
            subitemBoard: monday.subitemBoard,
            keyColumn: monday.externalKeyColumn,
            retry: RetryPolicy(
                base: configuration.retry.base.milliseconds,
                cap: configuration.retry.cap.milliseconds,
                attempts: configuration.retry.attempts
            ),
            timing: Self.timing(configuration),
            batchOrders: configuration.batch.orders,
            batchesInFlight: configuration.batch.inFlight,
            lease: configuration.batch.lease.milliseconds,
            removedItems: monday.removedItems == .recreate ? .recreate : .dead,
            isShared: monday.isShared,
            removedSizes: monday.removedSizes == .delete ? .delete : .zero,
            actor: "\(Person.name)@\(Person.host)",
            configurationSnapshot: try JSONOutput.text(
                Dictionary(configuration.settings.map { ($0.key, $0.text) }, uniquingKeysWith: { _, last in last })
            ),
            retention: Retention(
                done: configuration.retention.done.milliseconds,
                staging: configuration.retention.staging.milliseconds,
                errors: configuration.retention.errors.milliseconds,
                batches: configuration.retention.batches.milliseconds
            )
        )
    }

    /// How long an effect in doubt is left alone.
    package static func timing(_ configuration: Configuration) -> EffectTiming {
        let monday = configuration.monday
        return EffectTiming(
            executionLimit: monday.executionLimit.milliseconds,
            searchLag: monday.searchLag.milliseconds,
            idempotencyWindow: monday.idempotencyWindow.milliseconds,
            recheck: monday.recheck.milliseconds
        )
    }

    /// Runs something with the journal, which is closed however that ends: a reader that stays would keep its log from being emptied.
    package static func withJournal<T>(
        _ configuration: Configuration,
        role: Journal.Role,
        _ body: (Journal) async throws -> T
    ) async throws -> T {
        let journal = Journal(path: configuration.journal.path, role: role)
        // Whatever happens from here on: the locks are made on the way, and a process may be killed before its end.
        defer { Ownership.giveJournal(configuration.journal.path) }
        try await journal.open(now: TimeSource.system.now())
        Ownership.giveJournal(configuration.journal.path)
        do {
            let result = try await body(journal)
            await journal.close()
            return result
        } catch {
            await journal.close()
            throw error
        }
    }
}
