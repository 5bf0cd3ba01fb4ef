import ArgumentParser
import Foundation
import Orders
import Warehouse

/// Reads the whole source, as detection does, and does nothing with it.
struct ReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "read")

    @Option var fieldMap: String
    @Option var rows: Int
    @OptionGroup var place: Place

    func run() async throws {
        let fieldMap = try FieldMap.read(self.fieldMap)
        let source = OrderSource(settings: try self.place.settings, table: "dbo.ORDERS_UNIFIED")
        try await Bench.time {
            let plan = try fieldMap.plan(for: try await source.layout())
            try await source.open(plan: plan, fieldMap: fieldMap, filter: SourceFilter())
            var read = 0
            while case let readings = try await source.next(500), !readings.isEmpty { read += readings.count }
            guard read == self.rows else { throw BenchError(description: "\(read) rows were read") }
        }
        await source.close()
    }
}
