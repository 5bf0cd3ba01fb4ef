import ArgumentParser
import Foundation
import Orders
import Warehouse

/// Writes the snapshots of the source's first orders to a file, one a line, for all programs to use the same.
struct SnapshotsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "snapshots")

    @Option var source: String
    @Option var fieldMap: String
    @Option var count: Int
    @Option var output: String

    func run() async throws {
        let fieldMap = try FieldMap.read(self.fieldMap)
        let source = OrderSource(settings: .embedded(self.source), table: "ORDERS_UNIFIED")
        let plan = try fieldMap.plan(for: try await source.layout())
        try await source.open(plan: plan, fieldMap: fieldMap, filter: SourceFilter())
        var text: [UInt8] = []
        var written = 0
        while written < self.count {
            let readings = try await source.next(500)
            guard !readings.isEmpty else { throw BenchError(description: "the source has only \(written) orders") }
            for case .order(let order) in readings where written < self.count {
                text += order.snapshot(fieldMap)
                text.append(UInt8(ascii: "\n"))
                written += 1
            }
        }
        await source.close()
        try Data(text).write(to: URL(filePath: self.output))
    }
}

extension FieldMap {
    static func read(_ path: String) throws -> FieldMap {
        try .load(yaml: String(contentsOfFile: path, encoding: .utf8), name: path)
    }
}

extension WarehouseSettings {
    /// The embedded warehouse in a file.
    static func embedded(_ path: String) -> WarehouseSettings {
        WarehouseSettings(connection: Secret("Driver=SQLite3;Database=\(path)"))
    }
}

/// Snapshots as they lie in the file, used over again under other order numbers when more orders are wanted than there are.
struct Snapshots: Sendable {
    let bytes: [[UInt8]]
    let orders: [Order]

    init(path: String, fieldMap: FieldMap, limit: Int = .max) throws {
        let lines = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).prefix(limit)
        self.bytes = lines.map { Array($0) }
        self.orders = try self.bytes.map { try Order(snapshot: $0, fieldMap: fieldMap) }
        guard !self.orders.isEmpty else { throw BenchError(description: "\(path) holds no snapshot") }
    }
}
