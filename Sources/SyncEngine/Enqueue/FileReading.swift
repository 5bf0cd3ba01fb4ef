import Foundation
import Orders
import RowInput
import Warehouse

/// A reading of a file of rows under way.
final class FileReading {
    private var rows: FileRows
    private let plan: SourcePlan
    private let reader: OrderReader
    private let keys: FieldMap.Keys
    private let passes: (FileCells.Named) -> Bool
    /// For each planned column its place in a CSV row; for each name its place in the plan.
    private let places: [Int?]
    private let positions: [String: Int]

    init(
        _ rows: FileRows,
        _ plan: SourcePlan,
        _ fieldMap: FieldMap,
        where passes: @escaping (FileCells.Named) -> Bool
    ) {
        self.rows = rows
        self.plan = plan
        self.reader = OrderReader(plan: plan, fieldMap: fieldMap)
        self.keys = fieldMap.keys
        self.passes = passes
        let names = plan.columns.map(\.name)
        self.positions = Dictionary(zip(names, names.indices)) { first, _ in first }
        if case .csv(let rows) = rows {
            self.places = names.map { rows.header.firstIndex(of: $0) }
        } else {
            self.places = []
        }
    }

    /// At least so many rows, while there are any.
    func next(_ count: Int) throws -> [RowReading] {
        var readings: [RowReading] = []
        readings.reserveCapacity(count)
        while readings.count < count, let (number, cells) = try self.row() {
            let row = FileCells(cells: cells)
            if self.passes(FileCells.Named(cells: cells, positions: self.positions, keys: self.keys)) {
                readings.append(self.reader.read(row, row: number))
            }
        }
        return readings
    }

    /// The next row, its cells as the plan has them.
    private func row() throws -> (number: Int, cells: [String?])? {
        switch self.rows {
        case .csv(var rows):
            guard let cells = try rows.next() else { return nil }
            self.rows = .csv(rows)
            return (rows.row, self.places.map { $0.flatMap { cells[$0] } })
        case .json(var rows):
            guard let named = try rows.next() else { return nil }
            self.rows = .json(rows)
            var cells = [String?](repeating: nil, count: self.plan.columns.count)
            for cell in named {
                if let position = self.positions[cell.name] { cells[position] = cell.text }
            }
            return (rows.row, cells)
        }
    }
}

/// One row of a file, its cells numbered as the plan's columns.
struct FileCells: SourceCells {
    let cells: [String?]

    func text(at index: Int) -> String? { self.cells[index] }

    /// Spreadsheets and data frames write whole numbers with a fraction of zero.
    func integer(at index: Int) -> Int64? {
        guard let text = self.trimmed(index) else { return nil }
        if let number = Int64(text) { return number }
        guard let point = text.firstIndex(of: "."), text[text.index(after: point)...].allSatisfy({ $0 == "0" }) else {
            return nil
        }
        return Int64(text[..<point])
    }

    func malformedInteger(at index: Int) -> String? { self.trimmed(index) }

    private func trimmed(_ index: Int) -> String? {
        guard let text = self.cells[index] else { return nil }
        let start = text.drop { $0.isWhitespace }
        let trimmed = start.reversed().drop { $0.isWhitespace }
        return trimmed.isEmpty ? nil : String(trimmed.reversed())
    }

    /// What a row is narrowed by, by the roles of its columns.
    struct Named {
        let cells: [String?]
        let positions: [String: Int]
        let keys: FieldMap.Keys

        /// The cell, with tabs, line breaks and hard spaces as blanks and its ends trimmed, as the source's filter has it.
        func value(_ column: String) -> String? {
            guard let position = self.positions[column], let text = self.cells[position] else { return nil }
            let blanks: Set<Character> = ["\t", "\n", "\r", "\r\n", "\u{A0}"]
            let spaced = String(text.map { blanks.contains($0) ? " " : $0 })
            return String(spaced.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension SourceFilter {
    func passes(_ row: FileCells.Named) -> Bool {
        [
            (row.keys.customer, self.customers), (row.keys.poNumber, self.purchaseOrders),
            (row.keys.aagSeason, self.aagSeasons), (row.keys.customerSeason, self.customerSeasons),
            (row.keys.orderNumber, self.orderNumbers),
        ]
        .allSatisfy { column, wanted in
            wanted.isEmpty || row.value(column).map(wanted.contains) ?? false
        }
    }
}

extension SourceLookUp {
    func passes(_ row: FileCells.Named) -> Bool {
        if !self.outside.isEmpty, self.outside.passes(row) { return false }
        if self.orderNumbers.isEmpty, self.recordUUIDs.isEmpty { return true }
        if row.value(row.keys.orderNumber).map(self.orderNumbers.contains) ?? false { return true }
        guard let column = row.keys.recordUUID, let uuid = row.value(column).flatMap({ UUID(text: $0) }) else {
            return false
        }
        return self.recordUUIDs.contains(uuid)
    }
}
