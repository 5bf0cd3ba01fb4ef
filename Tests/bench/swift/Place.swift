import ArgumentParser
import Foundation
import Orders
import Warehouse

/// Which database a command works on: a file of its own, or a T-SQL server's database.
///
/// The server's connection string comes by the environment, since it holds a password.
struct Place: ParsableArguments {
    @Option(help: "The embedded warehouse's file.")
    var warehouse: String?

    @Option(help: "How rows are sent: arrays or json.")
    var bulk: String?

    var settings: WarehouseSettings {
        get throws {
            var settings: WarehouseSettings
            if let warehouse = self.warehouse {
                settings = .embedded(warehouse)
            } else if let connection = ProcessInfo.processInfo.environment["ORDERSYNC_BENCH_WAREHOUSE"] {
                settings = WarehouseSettings(connection: Secret(connection), statementTimeout: .seconds(600))
            } else {
                throw BenchError(description: "neither --warehouse nor ORDERSYNC_BENCH_WAREHOUSE is given")
            }
            settings.bulk = self.bulk.flatMap { BulkMethod(rawValue: $0) }
            return settings
        }
    }
}
