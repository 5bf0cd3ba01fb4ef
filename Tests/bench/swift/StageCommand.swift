import ArgumentParser
import Foundation
import Orders
import Warehouse

/// Stages orders in a new embedded warehouse, in batches as the daemon does.
struct StageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stage")

    @Option var snapshots: String
    @Option var fieldMap: String
    @Option var warehouse: String
    @Option var orders: Int
    @Option var perBatch: Int

    func run() async throws {
        let fieldMap = try FieldMap.read(self.fieldMap)
        let snapshots = try Snapshots(path: self.snapshots, fieldMap: fieldMap)
        let clock: @Sendable () -> Int64 = { JournalOptions.now }
        let warehouse = Warehouse(settings: .embedded(self.warehouse), fieldMap: fieldMap, now: clock)
        _ = try await warehouse.migrate()
        let hash = String(repeating: "a", count: 64)
        let batches = stride(from: 0, to: self.orders, by: self.perBatch).map { start in
            (start..<min(start + self.perBatch, self.orders)).map { number in
                let order = snapshots.orders[number % snapshots.orders.count]
                return StagedOrder(
                    orderKey: .mint(businessKey: order.businessKey.digest, occurrence: number + 1),
                    order: order,
                    changeType: "NEW",
                    sourceHash: hash
                )
            }
        }
        try await Bench.time {
            for orders in batches {
                let refused = try await warehouse.stage(batch: UUID(), customerBatch: "ALL_ORDERS", orders: orders)
                guard refused.isEmpty else { throw BenchError(description: "the warehouse refused orders") }
            }
        }
        await warehouse.reset()
    }
}
