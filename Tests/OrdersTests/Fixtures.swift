import Foundation
import Orders
import Testing

/// The shipped field map and what tests read through it.
enum Fixture {
    /// The text of the map that is installed with the programs.
    static func shippedYAML() throws -> String {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "systemd/fieldmap.yaml")
        return try String(contentsOf: file, encoding: .utf8)
    }

    static func shippedMap() throws -> FieldMap { try FieldMap.load(yaml: self.shippedYAML(), name: "fieldmap.yaml") }

    /// The order of the golden case, as its row stands in the source.
    static let golden: [String: String] = [
        "AAG ORDER NUMBER": "JOO-00505", "CUSTOMER NAME": "JOHNNIE O", "ORDER DATE PO RECEIVED": "2025-05-20",
        "AAG SEASON": "2026 SPRING", "CUSTOMER SEASON": "SPRING SUMMER 2026", "CUSTOMER STYLE": "JWHD100120",
        "PO NUMBER": "8148-00", "STYLE DESCRIPTION": "NALLA", "CUSTOMER COLOUR DESCRIPTION": "WHITE",
        "UNIT OF MEASURE": "PCE", "ORDER TYPE": "ACTIVE", "DESTINATION": "MISSISSIPPI",
        "EX FACTORY DATE": "2025-09-26", "DELIVERY TERMS": "DDP",
        "NOTES": "ADDED 20.5.25 UPDATED DELIVERY TERMS 26.5.25", "CUSTOMER PRICE": "28.86",
        "USA ONLY LSTP 75% EX WORKS": "0", "FINAL FOB (USD)": "0", "US DUTY": "0", "US TARIFF": "0",
        "DDP US (USD)": "0", "SMS PRICE USD": "0", "record_uuid": "6F9619FF-8B86-D011-B42D-00C04FC964FF",
        "XS": "22", "S": "104", "M": "177", "L": "125", "XL": "72", "TOTAL QTY": "500",
    ]
}

/// A source row by column names; a cell of an integer column that is no number counts as malformed.
struct TestRow: SourceCells {
    let plan: SourcePlan
    var cells: [String: String]

    func text(at index: Int) -> String? { self.cells[self.plan.columns[index].name] }
    func integer(at index: Int) -> Int64? { self.text(at: index).flatMap { Int64($0) } }
    func malformedInteger(at index: Int) -> String? { self.text(at: index).flatMap { Int64($0) == nil ? $0 : nil } }
}

/// Reads rows given as cells by column name through the shipped map.
struct Reading {
    let fieldMap: FieldMap
    let plan: SourcePlan
    let reader: OrderReader

    init(_ fieldMap: FieldMap? = nil) throws {
        let fieldMap = try fieldMap ?? Fixture.shippedMap()
        self.fieldMap = fieldMap
        self.plan = try fieldMap.plan(for: UnifiedLayout.layout)
        self.reader = OrderReader(plan: self.plan, fieldMap: fieldMap)
    }

    /// The golden row with some cells replaced; nil makes a cell NULL.
    func read(_ changes: [String: String?] = [:]) -> RowReading {
        var row = TestRow(plan: self.plan, cells: Fixture.golden)
        for (column, value) in changes { row.cells[column] = value }
        return self.reader.read(row, row: 7)
    }

    func order(_ changes: [String: String?] = [:]) throws -> Order {
        guard case .order(let order) = self.read(changes) else { throw Unexpected(reading: self.read(changes)) }
        return order
    }

    func reject(_ changes: [String: String?]) throws -> Reject {
        guard case .reject(let reject) = self.read(changes) else { throw Unexpected(reading: self.read(changes)) }
        return reject
    }

    /// The value that a source column comes out as.
    func value(_ column: String, _ cell: String?) throws -> FieldValue? {
        let field = try #require(self.fieldMap.fields.first { $0.source == column })
        return try self.order([column: cell]).values[field.index]
    }
}

struct Unexpected: Error {
    let reading: RowReading
}

/// A generator that gives the same numbers in every run (SplitMix64, by its published constants).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
