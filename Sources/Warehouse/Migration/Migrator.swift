internal import ODBC
import Orders

/// Brings a database to what the migrations say: makes what is missing, and leaves what is there.
struct Migrator {
    let connection: Connection
    let dialect: Dialect
    let timeout: Int
    /// UTC milliseconds.
    let now: Int64
    /// Whether staging tables of another shape may be renamed and made anew.
    let replacesStaging: Bool

    /// What has to be done, statement by statement.
    func plan() throws -> [MigrationStep] {
        var catalogue = try Catalogue(self.connection, self.dialect, timeout: self.timeout)
        try self.refuseNewer(catalogue)
        var steps = try self.replacements(catalogue)
        for step in steps { if let table = step.renamedTable { catalogue.forget(table: table) } }
        for migration in Migration.all(self.dialect) {
            for statement in migration.statements { steps += try self.steps(statement, catalogue) }
        }
        return steps
    }

    /// Does it all, in the caller's transaction.
    func run() throws -> [MigrationStep] {
        try self.lock()
        let steps = try self.plan()
        for step in steps where step.did != .exists { try self.execute(step) }
        try self.record()
        return steps
    }

    /// Makes room for staging tables that can't be completed.
    private func replacements(_ catalogue: Catalogue) throws -> [MigrationStep] {
        let replacement = StagingReplacement(dialect: self.dialect, catalogue: catalogue)
        let misfits = replacement.misfits
        guard let first = misfits.first, !self.replacesStaging else {
            return misfits.flatMap { replacement.steps($0.table) }
        }
        throw Failure(
            .systemic,
            code: "warehouse_schema",
            message: """
                The table \(first.table) has another shape: \(first.reason). With --replace-staging it is renamed to \
                \(first.table)\(StagingReplacement.suffix), with its rows, and made anew.
                """
        )
    }

    private func execute(_ step: MigrationStep) throws {
        do {
            try self.connection.execute(step.sql, timeout: self.timeout)
        } catch {
            guard !error.isConnectionLost, !error.isTimeout else { throw error }
            let failure = Failure(error, self.dialect)
            throw Failure(failure.class, code: failure.code, message: "\(step.name): \(failure.message)")
        }
    }

    private func steps(_ statement: MigrationStatement, _ catalogue: Catalogue) throws -> [MigrationStep] {
        let exists = catalogue.has(statement.change)
        switch statement.change {
        case .table(let table, let columns):
            guard exists else {
                let sql = StagingReplacement(dialect: self.dialect, catalogue: catalogue)
                    .withFreeConstraints(statement.sql)
                return [MigrationStep(name: "table \(table)", did: .created, sql: sql)]
            }
            return try [MigrationStep(name: "table \(table)", did: .exists, sql: statement.sql)]
                + columns.filter { !catalogue.has($0.name, in: table) }.map { try self.addition($0, to: table) }
                + self.missingKey(table, catalogue)
        case .column(let table, let column):
            let name = "column \(table).\(column.name)"
            return [MigrationStep(name: name, did: exists ? .exists : .added, sql: statement.sql)]
        case .index(let index):
            return [MigrationStep(name: "index \(index.name)", did: exists ? .exists : .created, sql: statement.sql)]
        case .view(let name):
            return [MigrationStep(name: "view \(name)", did: exists ? .exists : .created, sql: statement.sql)]
        case .procedure(let name):
            return [MigrationStep(name: "procedure \(name)", did: exists ? .exists : .created, sql: statement.sql)]
        case .other:
            return [MigrationStep(name: "statement", did: .created, sql: statement.sql)]
        }
    }

    /// What a table of staged orders gets that came without its primary key: the subitems' table can't refer to it otherwise.
    private func missingKey(_ table: String, _ catalogue: Catalogue) -> [MigrationStep] {
        guard self.dialect == .sqlServer, table == Table.stagedOrders,
            !catalogue.hasUniqueIndex([Self.stagedOrderID], of: table)
        else { return [] }
        let name = "UX_\(table)_\(Self.stagedOrderID)"
        let (index, column) = (self.dialect.quoted(name), self.dialect.quoted(Self.stagedOrderID))
        let sql = "CREATE UNIQUE INDEX \(index) ON \(self.dialect.table(table)) (\(column));"
        return [MigrationStep(name: "index \(name)", did: .created, sql: sql)]
    }

    private static let stagedOrderID = "stg_id"

    /// Adds a column of a CREATE TABLE to a table that lacks it.
    private func addition(_ column: MigrationStatement.Column, to table: String) throws -> MigrationStep {
        var definition = column.definition
        guard !definition.contains("IDENTITY"), !definition.contains("PRIMARY KEY") else {
            throw Failure(
                .systemic,
                code: "warehouse_schema",
                message: """
                    The table \(table) has another shape: it lacks its key column \(column.name), which cannot be added. \
                    Rename the table, then run the migration again.
                    """
            )
        }
        // Rows that are there have no value for it, and SQLite adds no column whose default is an expression.
        definition = definition.replacing(" NOT NULL", with: self.dialect == .sqlServer ? " NULL" : "")
        if self.dialect == .sqlite, let expression = definition.firstRange(of: " DEFAULT (") {
            definition = String(definition[..<expression.lowerBound])
        }
        let add = self.dialect == .sqlite ? "ADD COLUMN" : "ADD"
        return MigrationStep(
            name: "column \(table).\(column.name)",
            did: .added,
            sql: "ALTER TABLE \(self.dialect.table(table)) \(add) \(self.dialect.quoted(column.name)) \(definition);"
        )
    }

    /// Keeps a second migration out, which would find the same things missing.
    ///
    /// On SQLite the transaction itself holds the write lock.
    private func lock() throws {
        guard self.dialect == .sqlServer else { return }
        // A lock of a transaction needs one. Drivers that only say SET IMPLICIT_TRANSACTIONS ON have none before the first
        // read of a table; BEGIN TRANSACTION there would open two.
        let sql = """
            DECLARE @got INT;
            IF @@TRANCOUNT = 0 SELECT @got = COUNT(*) FROM INFORMATION_SCHEMA.TABLES;
            EXEC @got = sp_getapplock @Resource = N'ordersync_migration', @LockMode = N'Exclusive',
                @LockOwner = N'Transaction', @LockTimeout = 60000;
            IF @got < 0 THROW 50000, N'Another migration is running.', 1;
            """
        try self.connection.execute(sql, timeout: self.timeout)
    }

    private func refuseNewer(_ catalogue: Catalogue) throws {
        guard catalogue.columns(of: Table.migrations) != nil else { return }
        let sql = "SELECT MAX(\(self.dialect.quoted("version"))) FROM \(self.dialect.table(Table.migrations))"
        let newest = Int64(Migration.all(self.dialect).map(\.version).max() ?? 0)
        try self.connection.query(sql, timeout: self.timeout) { row in
            guard let version = try row.integer(0), version > newest else { return }
            throw Failure(
                .systemic,
                code: "warehouse_newer",
                message:
                    "The warehouse was migrated to version \(version) by a newer ordersync; this one knows \(newest)."
            )
        }
    }

    private func record() throws {
        let table = self.dialect.table(Table.migrations)
        let version = self.dialect.quoted("version")
        let sql = """
            INSERT INTO \(table) (\(self.dialect.list(["version", "name", "applied_at"])))
            SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM \(table) WHERE \(version) = ?)
            """
        for migration in Migration.all(self.dialect) {
            let number = ODBCValue.integer(Int64(migration.version))
            let values: [ODBCValue] = [number, .text(migration.name), .timestamp(SQLTime.text(self.now)), number]
            try self.connection.execute(sql, values, timeout: self.timeout)
        }
    }
}
