import Foundation
import Orders
import Testing

@Suite struct GoldenOrderTests {
    let reading: Reading

    init() throws { self.reading = try Reading() }

    @Test("order JOO-00505 comes out with its known title, group, type and sizes")
    func golden() throws {
        let order = try self.reading.order()
        #expect(order.title == "JWHD100120 WHITE JOO-00505")
        #expect(order.group == "JOHNNIE O SPRING SUMMER 2026")
        #expect(order.customer == "JOHNNIE O")
        #expect(order.poNumber == "8148-00")
        #expect(order.aagSeason == "2026 SPRING")
        #expect(order.customerSeason == "SPRING SUMMER 2026")
        #expect(order.recordUUID == UUID(uuidString: "6F9619FF-8B86-D011-B42D-00C04FC964FF"))
        let expected: [(String, Int32)] = [("XS", 22), ("S", 104), ("M", 177), ("L", 125), ("XL", 72)]
        #expect(order.sizes == expected.map { SizeQuantity(label: $0.0, quantity: $0.1) })
        #expect(order.sizes.map(\.quantity).reduce(0, +) == 500)
        #expect(try self.reading.value("ORDER TYPE", "ACTIVE") == .text("RECEIVED"))
    }

    @Test("its board columns get the values that stand on the real board")
    func columns() throws {
        let order = try self.reading.order()
        let columns = order.columnValues(self.reading.fieldMap)
        #expect(columns.count == 44)
        let values = Dictionary(uniqueKeysWithValues: columns.map { ($0.columnID, $0) })
        #expect(values["text_mkr5wya6"]?.value == .text("JOO-00505"))
        #expect(values["date_mkr5zp5"]?.value == .date("2025-05-20"))
        #expect(values["date_mkr57811"]?.value == .date("2025-09-26"))
        #expect(values["numeric_mkr5cact"]?.value == .number("28.86"))
        #expect(values["color_mkr5yf27"]?.type == .status)
        #expect(values["color_mkr5yf27"]?.value == .text("PCE"))
        #expect(values["long_text_mks0vs1p"]?.value == nil)
    }

    @Test("GREYSON orders keep the source's name in the group and get the canonical name in the column")
    func greyson() throws {
        let order = try self.reading.order([
            "CUSTOMER NAME": " Greyson Clothiers ", "CUSTOMER SEASON": nil, "AAG SEASON": "2025 FALL",
        ])
        #expect(order.group == "GREYSON CLOTHIERS 2025 FALL")
        #expect(order.customer == "GREYSON")
        #expect(order.businessKey.customer == "Greyson Clothiers")
        let column = order.columnValues(self.reading.fieldMap).first { $0.columnID == "dropdown_mkr542p2" }
        #expect(column?.value == .text("GREYSON"))
    }

    @Test("a number bound for a text column of the board comes as plain text, and as a number for staging")
    func freight() throws {
        let order = try self.reading.order(["FREIGHT": "$1,200.50", "HANDLING": "007"])
        let columns = order.columnValues(self.reading.fieldMap)
        #expect(columns.first { $0.columnID == "text_mkr5kyf4" }?.value == .text("1200.5"))
        #expect(columns.first { $0.columnID == "text_mkr5s3tm" }?.value == .text("7"))
        #expect(try self.reading.value("FREIGHT", "$1,200.50") == .number("1200.5"))
    }

    @Test("columns that belong to people or to the board alone are never written")
    func targetOnly() throws {
        let written = Set(try self.reading.order().columnValues(self.reading.fieldMap).map(\.columnID))
        let others = [
            "subtasks_mkr5c0kp", "color_mkrerxrs", "numeric_mkrbty8b", "numeric_mkrb56rj", "pulse_id_mkr5pb5q",
            "text_mkr61hpz", "date_mkrvx550", "date_mkrvpbcr", "color_mkrvzryf", "color_mkr5j5pp", "formula_mkre54dj",
        ]
        #expect(written.isDisjoint(with: others))
    }
}
