extension Configuration {
    /// Reads the configuration: the environment over the file over the defaults.
    ///
    /// - Parameters:
    ///   - file: The YAML file; nil for the environment alone.
    ///   - environment: The process's variables.
    ///   - credentialStore: The folder in which systemd looks for credentials, where they are read when it has handed none over.
    ///   - program: The program whose mandatory keys must be there; nil to check no presence.
    /// - Returns: The checked configuration.
    /// - Throws: Every mistake at once.
    package static func load(
        file: String?,
        environment: [String: String],
        credentialStore: String = "/etc/credstore",
        for program: ProgramRole? = nil
    ) throws(ConfigurationError) -> Configuration {
        let source: ConfigurationFile?
        if let file { source = try ConfigurationFile(path: file) } else { source = nil }
        var reading = Reading(file: source, environment: environment, credentialStore: credentialStore)
        var configuration = Self.read(&reading)
        configuration.warnings = reading.warnings
        if program == .daemon, configuration.monday.externalKeyColumn == nil {
            configuration.warnings.append(
                "\(Keys.externalKeyColumn.name) is not set: what a lost answer made on the board can't be looked up, and its job "
                    + "waits for a person"
            )
        }
        configuration.settings = reading.settings
        var mistakes = reading.mistakes
        if let program, reading.isComplete {
            // A value that is there but wrong is not missing as well.
            let wrong = Set(mistakes.map(\.key))
            mistakes += configuration.missing(for: program).filter { !wrong.contains($0.key) }
        }
        guard mistakes.isEmpty else { throw ConfigurationError(mistakes: mistakes) }
        return configuration
    }

    private static func read(_ reading: inout Reading) -> Configuration {
        let (source, warehouse) = Self.databases(&reading)
        let configuration = Configuration(
            journal: JournalSettings(path: reading.path(Keys.journalPath)?.value ?? ""),
            source: source,
            warehouse: warehouse,
            monday: Self.monday(&reading),
            retry: RetrySettings(
                base: reading.value(Keys.retryBase, or: .seconds(2)),
                cap: reading.value(Keys.retryCap, or: .seconds(300)),
                attempts: reading.value(Keys.retryAttempts, or: 8)
            ),
            batch: BatchSettings(
                orders: reading.value(Keys.batchOrders, or: 500),
                inFlight: reading.value(Keys.batchInFlight, or: 4),
                lease: reading.value(Keys.batchLease, or: .seconds(900))
            ),
            gone: GoneSettings(
                policy: reading.value(Keys.gonePolicy, or: .report),
                limitPercent: reading.value(Keys.goneLimit, or: 20),
                confirm: reading.value(Keys.goneConfirm, or: .seconds(3600))
            ),
            retention: RetentionSettings(
                done: reading.value(Keys.retentionDone, or: .seconds(30 * 86_400)),
                staging: reading.value(Keys.retentionStaging, or: .seconds(7 * 86_400)),
                errors: reading.value(Keys.retentionErrors, or: .seconds(30 * 86_400)),
                batches: reading.value(Keys.retentionBatches, or: .seconds(90 * 86_400))
            ),
            log: LogSettings(
                level: reading.value(Keys.logLevel, or: .info),
                format: reading.value(Keys.logFormat, or: .auto)
            ),
            fieldMap: reading.path(Keys.fieldMap)?.value ?? "",
            httpListen: reading.find(Keys.httpListen).flatMap { $0.value == "off" ? nil : $0.value }
        )
        if configuration.retry.base > configuration.retry.cap {
            reading.note(Keys.retryBase.name, nil, "must not be longer than \(Keys.retryCap.name)")
        }
        configuration.checkUnserved(&reading)
        return configuration
    }

    private static func monday(_ reading: inout Reading) -> MondaySettings {
        let endpoint = reading.value(Keys.endpoint, or: "")
        let token = Credentials.token(&reading)
        let settings = MondaySettings(
            endpoint: endpoint,
            token: token?.token,
            tokenFile: token?.file,
            board: reading.find(Keys.board)?.value,
            subitemBoard: reading.find(Keys.subitemBoard)?.value,
            externalKeyColumn: reading.find(Keys.externalKeyColumn)?.value,
            requestTimeout: reading.value(Keys.requestTimeout, or: .seconds(60)),
            boardConcurrency: reading.value(Keys.boardConcurrency, or: .automatic),
            searchLag: reading.value(Keys.searchLag, or: .seconds(30)),
            executionLimit: reading.value(Keys.executionLimit, or: .seconds(60)),
            recheck: reading.value(Keys.recheck, or: .seconds(900)),
            idempotencyWindow: reading.value(Keys.idempotencyWindow, or: .seconds(1500)),
            pointsPerMinute: reading.find(Keys.pointsPerMinute)?.value,
            callsPerDay: reading.find(Keys.callsPerDay)?.value,
            isShared: reading.value(Keys.shared, or: false),
            removedItems: reading.value(Keys.removedItems, or: .dead),
            removedSizes: reading.value(Keys.removedSizes, or: .zero)
        )
        if let board = settings.board, board == settings.subitemBoard {
            reading.note(
                Keys.subitemBoard.name,
                nil,
                "is the same board as \(Keys.board.name); subitems have their own"
            )
        }
        return settings
    }

    private static func databases(_ reading: inout Reading) -> (SourceSettings, WarehouseSettings) {
        let source = Credentials.sourceConnection(&reading)
        let table = reading.value(Keys.sourceTable, or: "")
        let warehouse = Credentials.warehouseConnection(&reading) ?? source
        let dialect = reading.find(Keys.warehouseDialect)?.value
        let settings = WarehouseSettings(
            connection: warehouse?.text,
            dialect: dialect,
            statementTimeout: reading.value(Keys.statementTimeout, or: .seconds(120)),
            loginTimeout: reading.value(Keys.loginTimeout, or: .seconds(15)),
            bulk: reading.value(Keys.bulk, or: .auto)
        )
        return (SourceSettings(connection: source?.text, table: table), settings)
    }
}
