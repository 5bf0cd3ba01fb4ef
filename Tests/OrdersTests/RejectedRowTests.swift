import Foundation
import Orders
import Testing

@Suite struct RejectedRowTests {
    let reading: Reading

    init() throws { self.reading = try Reading() }

    private func json(_ reject: Reject) throws -> [String: NSObject] {
        try #require(try JSONSerialization.jsonObject(with: Data(reject.source)) as? [String: NSObject])
    }

    @Test("a rejected row is kept as it stands in the source, whatever its cells hold")
    func source() throws {
        let notes = String(repeating: "n", count: 5_000) + " \"quoted\" \\ \u{1} \t\n é 👍"
        let row = try self.json(
            try self.reading.reject([
                "NOTES": notes, "CUSTOMER PRICE": " abc ", "XL": "many", "PO NUMBER": nil, "M": "0",
            ])
        )
        #expect(row["NOTES"] as? String == notes)
        #expect(row["CUSTOMER PRICE"] as? String == " abc ")
        #expect(row["XL"] as? String == "many")
        #expect(row["S"] as? Int == 104)
        #expect(row["AAG ORDER NUMBER"] as? String == "JOO-00505")
        #expect(row["PO NUMBER"] == nil && row["M"] == nil)
    }

    @Test("a rejected row tells what its item and group would be called, as far as its cells go")
    func names() throws {
        let map = self.reading.fieldMap
        let order = try self.reading.order()
        let whole = try #require(RejectedRow(source: try self.reading.reject(["US DUTY": "x"]).source, fieldMap: map))
        #expect(whole.title == order.title && whole.group == order.group)
        let nameless = try self.reading.reject([
            "CUSTOMER NAME": nil, "AAG ORDER NUMBER": " ", "CUSTOMER STYLE": nil, "CUSTOMER COLOUR DESCRIPTION": nil,
        ])
        let row = try #require(RejectedRow(source: nameless.source, fieldMap: map))
        #expect(row.title == nil && row.group == nil)
        for bytes in ["", "[]", "null", "{\"a\":"] {
            #expect(RejectedRow(source: Array(bytes.utf8), fieldMap: map) == nil)
        }
    }
}
