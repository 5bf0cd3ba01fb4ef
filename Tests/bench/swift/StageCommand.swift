import ArgumentParser
import Foundation
import Orders
import Warehouse

/// Stages orders in a new warehouse, in batches as the daemon does; promotes them as well when asked to, and times that alone.
struct StageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stage")

    @Option var snapshots: String
    @Option var fieldMap: String
    @Option var orders: Int
    @Option var perBatch: Int
    @Flag(help: "Time the promotion of the staged orders, not the staging.")
    var promote = false
    @OptionGroup var place: Place

    func run() async throws {
        let fieldMap = try FieldMap.read(self.fieldMap)
        let snapshots = try Snapshots(path: self.snapshots, fieldMap: fieldMap)
        let clock: @Sendable () -> Int64 = { JournalOptions.now }
        let warehouse = Warehouse(settings: try self.place.settings, fieldMap: fieldMap, now: clock)
        _ = try await warehouse.migrate()
        let hash = String(repeating: "a", count: 64)
        let batches = stride(from: 0, to: self.orders, by: self.perBatch).map { start in
            (
                UUID(),
                (start..<min(start + self.perBatch, self.orders)).map { number in
                    let order = snapshots.orders[number % snapshots.orders.count]
                    return StagedOrder(
                        orderKey: .mint(businessKey: order.businessKey.digest, occurrence: number + 1),
                        order: order,
                        changeType: "NEW",
                        sourceHash: hash
                    )
                }
            )
        }
        func stage() async throws {
            for (batch, orders) in batches {
                let refused = try await warehouse.stage(batch: batch, customerBatch: "ALL_ORDERS", orders: orders)
                guard refused.isEmpty else { throw BenchError(description: "the warehouse refused orders") }
            }
        }
        guard self.promote else {
            try await Bench.time { try await stage() }
            return await warehouse.reset()
        }
        try await stage()
        let promoted = batches.map { ($0, $1.map(Self.promoted)) }
        let row = GuardRow(board: 1, journalID: UUID().uuidString.lowercased(), epoch: 1, lastEffect: 1)
        try await Bench.time {
            for (batch, orders) in promoted {
                try await warehouse.promote(batch: batch, orders: orders, claim: .takingOver(row))
            }
        }
        await warehouse.reset()
    }

    private static func promoted(_ staged: StagedOrder) -> PromotedOrder {
        PromotedOrder(
            orderKey: staged.orderKey,
            itemID: 1,
            subitems: staged.order.sizes.map {
                PromotedSubitem(size: $0.label, quantity: Int64($0.quantity), subitemID: 2, boardID: 3)
            }
        )
    }
}
