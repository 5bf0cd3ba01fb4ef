internal import CrashPoints
internal import ODBC
package import Orders

extension Warehouse {
    /// Makes the tables, columns, indexes, views and procedures that are missing, in one transaction.
    ///
    /// - Parameters:
    ///   - dryRun: Only says what it would do.
    ///   - replacingStaging: Renames staging tables of another shape, and makes them anew.
    /// - Returns: What it made sure of, in order.
    /// - Throws: Also when a table has a shape that can't be completed, or a newer program migrated it.
    package func migrate(
        dryRun: Bool = false,
        replacingStaging: Bool = false
    ) throws(Failure) -> [MigrationStep] {
        let work = { (connection: Connection, dialect: Dialect) in
            let migrator = Migrator(
                connection: connection,
                dialect: dialect,
                timeout: self.session.timeout,
                now: self.now(),
                replacesStaging: replacingStaging
            )
            return try dryRun ? migrator.plan() : migrator.run()
        }
        return dryRun ? try self.session.read(work) : try self.session.write(.warehouseSchema, work)
    }

    /// The SQL of all migrations, for a person to read or run.
    package nonisolated static func script(_ dialect: Dialect) -> String {
        Migration.all(dialect).map { "-- \($0.name)\n\n\($0.script)" }.joined(separator: "\n")
    }

    /// What ordersync needs and the database lacks: names of tables, or `table.column`.
    package func missingTables() throws(Failure) -> [String] {
        try self.session.read { connection, dialect in
            let catalogue = try Catalogue(connection, dialect, timeout: self.session.timeout)
            var missing: [String] = []
            for table in Table.required where catalogue.columns(of: table) == nil { missing.append(table) }
            for migration in Migration.all(dialect) {
                for case .column(let table, let column) in migration.statements.map(\.change)
                where catalogue.columns(of: table) != nil && !catalogue.has(column.name, in: table) {
                    missing.append("\(table).\(column.name)")
                }
            }
            for field in self.fieldMap.fields
            where catalogue.columns(of: Table.stagedOrders) != nil
                && !catalogue.has(field.staging, in: Table.stagedOrders)
            {
                missing.append("\(Table.stagedOrders).\(field.staging)")
            }
            return missing
        }
    }

    /// Which dialect the warehouse speaks.
    package func dialect() throws(Failure) -> Dialect {
        try self.session.read { _, dialect in dialect }
    }
}
