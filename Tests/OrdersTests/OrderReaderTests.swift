import Orders
import Testing

@Suite struct OrderReaderTests {
    let reading: Reading

    init() throws { self.reading = try Reading() }

    @Test("a row without order number or customer is rejected, whatever else it holds")
    func missingKey() throws {
        for blank in [nil, "", "  ", "\u{1}"] as [String?] {
            let reject = try self.reading.reject(["AAG ORDER NUMBER": blank])
            #expect(reject.reasons.map(\.column) == ["AAG ORDER NUMBER"])
            #expect(reject.businessKey == nil)
            #expect(reject.customer == "JOHNNIE O")
            #expect(try self.reading.reject(["CUSTOMER NAME": blank]).reasons.map(\.column) == ["CUSTOMER NAME"])
        }
    }

    @Test("a null style or colour is a value of the business key and leaves no gap in the title")
    func nullStyle() throws {
        let order = try self.reading.order(["CUSTOMER COLOUR DESCRIPTION": " "])
        #expect(order.title == "JWHD100120 JOO-00505")
        #expect(order.businessKey.colour == nil)
        #expect(order.businessKey != (try self.reading.order()).businessKey)
        let bare = try self.reading.order(["CUSTOMER STYLE": nil, "CUSTOMER COLOUR DESCRIPTION": nil])
        #expect(bare.title == "JOO-00505")
    }

    @Test("a reject says every column that is wrong, its value and why, and still knows its order")
    func everyReason() throws {
        let reject = try self.reading.reject([
            "CUSTOMER PRICE": "abc", "EX FACTORY DATE": "31/31/2025", "US DUTY": "1e300", "XL": "3000000000",
        ])
        #expect(reject.reasons.map(\.column).sorted() == ["CUSTOMER PRICE", "EX FACTORY DATE", "US DUTY", "XL"])
        #expect(reject.reasons.first { $0.column == "CUSTOMER PRICE" }?.value == "abc")
        #expect(reject.reasons.first { $0.column == "CUSTOMER PRICE" }?.reason == "is not a number")
        #expect(reject.row == 7)
        #expect(reject.businessKey == (try self.reading.order()).businessKey)
        #expect(reject.recordUUID == (try self.reading.order()).recordUUID)
    }

    @Test("a rejected value is cut for the report, but told apart by its digest")
    func cutValue() throws {
        let long = String(repeating: "9", count: 5_000)
        let first = try self.reading.reject(["CUSTOMER PRICE": long])
        let second = try self.reading.reject(["CUSTOMER PRICE": long + "8"])
        #expect(first.reasons.first?.value?.count == 200)
        #expect(first.reasons.first?.value == second.reasons.first?.value)
        #expect(first.reasons.first?.valueDigest != second.reasons.first?.valueDigest)
    }

    @Test("text longer than its staging column rejects the row; what fits exactly passes")
    func lengths() throws {
        let fits = String(repeating: "é", count: 200)
        #expect(try self.reading.value("PO NUMBER", " \(fits) ") == .text(fits))
        #expect(try self.reading.reject(["PO NUMBER": fits + "x"]).reasons.map(\.column) == ["PO NUMBER"])
        // An emoji takes two UTF-16 units, as in NVARCHAR.
        let emoji = String(repeating: "👍", count: 100)
        #expect(try self.reading.value("PO NUMBER", emoji) == .text(emoji))
        #expect(try self.reading.reject(["PO NUMBER": emoji + "x"]).reasons.count == 1)
    }

    @Test("what Monday.com would refuse for its length is rejected before it is sent")
    func mondayLengths() throws {
        let note = String(repeating: "n", count: 2_000)
        #expect(try self.reading.value("NOTES", note) == .text(note))
        #expect(try self.reading.reject(["NOTES": note + "n"]).reasons.map(\.column) == ["NOTES"])
        let label = String(repeating: "u", count: 30)
        #expect(try self.reading.value("UNIT OF MEASURE", label) == .text(label))
        #expect(try self.reading.reject(["UNIT OF MEASURE": label + "u"]).reasons.map(\.column) == ["UNIT OF MEASURE"])
    }

    @Test("a number is no label of a status column: Monday.com would take it for another label's id")
    func numericLabel() throws {
        #expect(try self.reading.reject(["UNIT OF MEASURE": " 12 "]).reasons.map(\.column) == ["UNIT OF MEASURE"])
        #expect(try self.reading.value("UNIT OF MEASURE", "12 PCE") == .text("12 PCE"))
        #expect(try self.reading.value("CATEGORY", "12") == .text("12"))
    }

    @Test("an item name or a group name over 255 characters rejects the row")
    func nameLengths() throws {
        let style = String(repeating: "s", count: 200)
        let colour = String(repeating: "c", count: 44)
        #expect(
            try self.reading.order(["CUSTOMER STYLE": style, "CUSTOMER COLOUR DESCRIPTION": colour]).title.count == 255
        )
        let reject = try self.reading.reject(["CUSTOMER STYLE": style, "CUSTOMER COLOUR DESCRIPTION": colour + "c"])
        #expect(reject.reasons.map(\.column) == ["item name"])
        let season = String(repeating: "x", count: 246)
        #expect(try self.reading.reject(["CUSTOMER SEASON": season]).reasons.map(\.column) == ["group name"])
    }

    @Test("a label with a comma stays one label")
    func comma() throws {
        #expect(try self.reading.value("CUSTOMER COLOUR DESCRIPTION", "RED, WHITE") == .text("RED, WHITE"))
    }

    @Test("sizes are those above zero, in column order; null, zero and negative make none")
    func sizes() throws {
        let order = try self.reading.order([
            "XS": nil, "S": "0", "M": "-3", "L": "1", "XL": nil, "S(6-8)": "2147483647", "0w": "5",
            "INFOR COLOUR CODE": "417",
        ])
        #expect(order.sizes.map(\.label) == ["L", "0w", "S(6-8)"])
        #expect(order.sizes.map(\.quantity) == [1, 5, .max])
    }

    @Test("a quantity beyond 32 bits or that is no number rejects the row")
    func wrongSizes() throws {
        for cell in ["2147483648", "-2147483649", "12.5", "many", ""] {
            #expect(try self.reading.reject(["M": cell]).reasons.map(\.column) == ["M"], "\(cell)")
        }
    }

    @Test("a null record_uuid is allowed, a malformed one rejects the row")
    func recordUUID() throws {
        #expect(try self.reading.order(["record_uuid": nil]).recordUUID == nil)
        #expect(try self.reading.order(["record_uuid": " "]).recordUUID == nil)
        for cell in ["6F9619FF", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "not-a-uuid"] {
            #expect(try self.reading.reject(["record_uuid": cell]).reasons.map(\.column) == ["record_uuid"])
        }
    }

    @Test("the season of the group is CUSTOMER SEASON, else AAG SEASON, else UNKNOWN_SEASON")
    func season() throws {
        let cases: [(String?, String?, String)] = [
            ("Spring 26", "2025 FALL", "JOHNNIE O Spring 26"), (nil, "2025 Fall", "JOHNNIE O 2025 Fall"),
            ("  ", "2025 FALL", "JOHNNIE O 2025 FALL"), ("nan", " 2025 FALL ", "JOHNNIE O 2025 FALL"),
            ("NONE", "null", "JOHNNIE O UNKNOWN_SEASON"), (nil, nil, "JOHNNIE O UNKNOWN_SEASON"),
            ("Null", "NaN", "JOHNNIE O UNKNOWN_SEASON"),
        ]
        for (customerSeason, aagSeason, group) in cases {
            let order = try self.reading.order(["CUSTOMER SEASON": customerSeason, "AAG SEASON": aagSeason])
            #expect(order.group == group)
        }
    }

    @Test("line breaks in a style never reach the title, the group or the business key")
    func breaks() throws {
        let order = try self.reading.order(["CUSTOMER STYLE": "JWHD\r\n100120", "CUSTOMER NAME": "JOHNNIE\tO"])
        #expect(order.title == "JWHD 100120 WHITE JOO-00505")
        #expect(order.group == "JOHNNIE O SPRING SUMMER 2026")
        #expect(order.businessKey.style == "JWHD 100120")
    }
}
