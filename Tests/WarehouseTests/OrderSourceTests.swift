import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite(.everyBackend) struct OrderSourceTests {
    let test: TestWarehouse

    init() async throws {
        self.test = try await TestWarehouse(migrated: false)
        try self.test.run(script: Migration.sourceScript(self.test.dialect))
    }

    @Test("the layout names all 268 columns in order and tells the sizes by their type")
    func layout() async throws {
        let layout = try await self.test.source().layout()
        #expect(layout.columns.count == 268)
        #expect(layout.columns.count { $0.isInteger } == 163)
        #expect(layout.columns[49] == SourceColumn(name: "INFOR COLOUR CODE", isInteger: false))
        #expect(layout.columns.contains { $0.name == "CUSTOMER''S COLOUR CODE (CUSTOM FIELD) CUSTOMER PROVIDES THIS" })
        #expect(try self.test.fieldMap.plan(for: layout).sizeLabels.count == 161)
    }

    @Test("a row is read with its values, its sizes in column order and its identity")
    func row() async throws {
        let uuid = UUID()
        try self.test.insert(
            1,
            [
                "CUSTOMER STYLE": .text("ÅÄÖ 😀 'x' 100 %"), "ORDER DATE PO RECEIVED": .text("2025-05-20"),
                "CUSTOMER PRICE": .text("$28.86"), "S": .integer(104), "XS": .integer(22), "0w": .integer(7),
                "M": .integer(0),
                "record_uuid": .text(uuid.uuidString.lowercased()),
            ]
        )
        let order = try #require(try await self.test.read().orders.first)
        #expect(order.recordUUID == uuid)
        #expect(self.test.value(order, "CUSTOMER STYLE") == .text("ÅÄÖ 😀 'x' 100 %"))
        #expect(self.test.value(order, "ORDER DATE PO RECEIVED") == .date("2025-05-20"))
        #expect(self.test.value(order, "CUSTOMER PRICE") == .number("28.86"))
        #expect(self.test.value(order, "RANGE / COLLECTION") == nil)
        #expect(
            order.sizes == [
                SizeQuantity(label: "XS", quantity: 22), SizeQuantity(label: "S", quantity: 104),
                SizeQuantity(label: "0w", quantity: 7),
            ]
        )
    }

    @Test("a filter takes whole trimmed values: 4755 does not match 47551")
    func filter() async throws {
        for (number, po, season) in [
            (1, "4755", "2025 FALL"), (2, " 4755\t", "2025 FALL"), (3, "47551", "2025 FALL"), (4, "4755", "SP26"),
        ] {
            try self.test.insert(number, ["PO NUMBER": .text(po), "AAG SEASON": .text(season)])
        }
        try self.test.insert(5, ["CUSTOMER NAME": .text("JOHNNIE O"), "PO NUMBER": .text("4755")])
        func numbers(_ filter: SourceFilter) async throws -> [String] {
            try await self.test.read(filter).orders.map(\.businessKey.orderNumber).sorted()
        }
        let both = SourceFilter(customers: ["GREYSON CLOTHIERS"], purchaseOrders: ["4755"])
        #expect(try await numbers(both) == ["GRE-1", "GRE-2", "GRE-4"])
        #expect(
            try await numbers(SourceFilter(purchaseOrders: ["4755"], aagSeasons: ["2025 FALL", "x"])) == [
                "GRE-1", "GRE-2",
            ]
        )
        #expect(try await numbers(SourceFilter(customers: ["' OR '1' = '1"])) == [])
        #expect(try await numbers(SourceFilter()).count == 5)
    }

    @Test("a filter tells case and accents apart, whatever the collation, and takes a number's digits")
    func exactFilter() async throws {
        for (number, name) in [(1, "ZÜRICH WEAR"), (2, "Zürich Wear"), (3, "ZURICH WEAR")] {
            try self.test.insert(number, ["CUSTOMER NAME": .text(name), "PO NUMBER": .text("4755")])
        }
        #expect(try await self.test.read(SourceFilter(customers: ["ZÜRICH WEAR"])).orders.count == 1)
        let names = try self.test.describe("ORDERS_UNIFIED").map { column in
            column.name == "PO NUMBER" ? #"CAST("PO NUMBER" AS INT) AS "PO NUMBER""# : #""\#(column.name)""#
        }
        try self.test.execute("CREATE VIEW V AS SELECT \(names.joined(separator: ", ")) FROM ORDERS_UNIFIED")
        #expect(try await self.test.read(SourceFilter(purchaseOrders: ["4755"]), table: "V").orders.count == 3)
        #expect(try await self.test.read(SourceFilter(purchaseOrders: ["475"]), table: "V").isEmpty)
    }

    @Test("a view is a source, also where a server gives its columns in lower case")
    func view() async throws {
        try self.test.insert(1, ["CUSTOMER STYLE": .text("A"), "XL": .integer(3)])
        try self.test.execute("CREATE VIEW V AS SELECT * FROM ORDERS_UNIFIED")
        let order = try #require(try await self.test.read(table: "V").orders.first)
        #expect(self.test.value(order, "CUSTOMER STYLE") == .text("A"))
        #expect(order.sizes.map(\.quantity) == [3])
    }

    @Test(
        "a cell longer than its column is bound is read whole, wherever it stands",
        arguments: ["ORDERS_UNIFIED", "V"]
    )
    func longCells(table: String) async throws {
        // Some servers give a view's columns in lower case, unless they are named.
        let names = try self.test.describe("ORDERS_UNIFIED").map { #""\#($0.name)" AS "\#($0.name)""# }
        try self.test.execute("CREATE VIEW V AS SELECT \(names.joined(separator: ", ")) FROM ORDERS_UNIFIED")
        let long = String(repeating: "é", count: 700)
        let padded = String(repeating: " ", count: 3000) + "short" + String(repeating: " ", count: 3000)
        for number in 1...20 { try self.test.insert(number) }
        try self.test.insert(21, ["DESTINATION": .text(long)])
        try self.test.insert(22, ["NOTES": .text(padded), "CUSTOMER STYLE": .text(padded)])
        for number in 23...40 { try self.test.insert(number) }
        let orders = try await self.test.read(table: table).orders
        #expect(orders.count == 40)
        let byNumber = Dictionary(uniqueKeysWithValues: orders.map { ($0.businessKey.orderNumber, $0) })
        #expect(self.test.value(try #require(byNumber["GRE-21"]), "DESTINATION") == .text(long))
        #expect(self.test.value(try #require(byNumber["GRE-22"]), "NOTES") == .text("short"))
        #expect(self.test.value(try #require(byNumber["GRE-22"]), "CUSTOMER STYLE") == .text("short"))
    }

    @Test("a text over its column's length rejects the row and says so")
    func overLong() async throws {
        try self.test.insert(1, ["PO NUMBER": .text(String(repeating: "9", count: 201))])
        try self.test.insert(2, ["PO NUMBER": .text(String(repeating: "9", count: 200))])
        try self.test.insert(3, ["NOTES": .text(String(repeating: "n", count: 100_000))])
        let readings = try await self.test.read()
        #expect(readings.orders.map(\.businessKey.orderNumber) == ["GRE-2"])
        let rejects = readings.rejects.sorted { ($0.orderNumber ?? "") < ($1.orderNumber ?? "") }
        #expect(rejects.map { $0.reasons.map(\.column) } == [["PO NUMBER"], ["NOTES"]])
        #expect(rejects.first?.reasons.first?.reason.contains("201") == true)
    }

    @Test("rows are read across ranges and blocks, each once", arguments: [0, 1, 255, 256, 257, 5000, 5001])
    func ranges(count: Int) async throws {
        let connection = try self.test.connect()
        try connection.transaction(timeout: 60) {
            let rows = connection.inserter(
                #"INSERT INTO ORDERS_UNIFIED ("AAG ORDER NUMBER", "CUSTOMER NAME") VALUES (?, ?)"#,
                columns: [.text(size: 50), .text(size: 50)],
                timeout: 60
            )
            for number in 0..<count {
                try rows.setText(0, "N\(number)")
                try rows.setText(1, "C")
                try rows.endRow()
            }
            try rows.finish()
        }
        let numbers = try await self.test.read().orders.map(\.businessKey.orderNumber)
        #expect(numbers.count == count)
        #expect(Set(numbers).count == count)
    }
}

@Suite struct SizeListTests {
    @Test("packed sizes are read as they are, null as none")
    func reads() {
        var sizes: [Int64?] = []
        #expect(SizeList.read("[22,null,-104,0,2147483647]", into: &sizes))
        #expect(SizeList.read("[null]", into: &sizes))
        #expect(sizes == [22, nil, -104, 0, 2_147_483_647, nil])
    }

    @Test(
        "what is no list of integers is said to be none",
        arguments: [#"["twelve"]"#, "[1.5]", "[1e3]", "[]", "[1,]", "[true]", "[9999999999999999999]", #"[1,"2"]"#]
    )
    func refuses(text: String) {
        var sizes: [Int64?] = []
        #expect(!SizeList.read(text, into: &sizes))
    }
}
