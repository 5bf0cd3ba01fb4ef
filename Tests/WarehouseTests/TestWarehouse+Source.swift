import Foundation
import ODBC
import Orders
import Testing

@testable import Warehouse

extension TestWarehouse {
    /// Puts a row into the source; cells by column, all else NULL.
    func insert(_ number: Int, _ cells: [String: ODBCValue] = [:]) throws {
        var cells = cells
        cells["AAG ORDER NUMBER"] = cells["AAG ORDER NUMBER"] ?? .text("GRE-\(number)")
        cells["CUSTOMER NAME"] = cells["CUSTOMER NAME"] ?? .text("GREYSON CLOTHIERS")
        let columns = cells.keys.sorted()
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try self.connect().execute(
            "INSERT INTO ORDERS_UNIFIED (\(Dialect.sqlite.list(columns))) VALUES (\(marks))",
            columns.compactMap { cells[$0] },
            timeout: 60
        )
    }

    /// Reads the source to its end.
    func read(
        _ filter: SourceFilter = SourceFilter(),
        table: String = "dbo.ORDERS_UNIFIED"
    ) async throws -> [RowReading] {
        let source = OrderSource(settings: self.settings, table: table)
        let plan = try self.fieldMap.plan(for: try await source.layout())
        try await source.open(plan: plan, fieldMap: self.fieldMap, filter: filter)
        var readings: [RowReading] = []
        while true {
            let part = try await source.next(100)
            guard !part.isEmpty else { break }
            readings += part
        }
        #expect(try await source.count(filter, fieldMap: self.fieldMap) == readings.count)
        await source.close()
        return readings
    }

    func value(_ order: Order, _ source: String) -> FieldValue? {
        self.fieldMap.fields.first { $0.source == source }.flatMap { order.values[$0.index] }
    }
}

extension [RowReading] {
    var orders: [Order] { self.compactMap { if case .order(let order) = $0 { order } else { nil } } }
    var rejects: [Reject] { self.compactMap { if case .reject(let reject) = $0 { reject } else { nil } } }
}
