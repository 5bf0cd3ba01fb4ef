import Foundation
import Orders
import Testing

@Suite struct SnapshotTests {
    let reading: Reading

    init() throws { self.reading = try Reading() }

    /// A snapshot's JSON with one member replaced; nil takes it out.
    private func edited(_ member: String, _ value: Any?) throws -> [UInt8] {
        let data = Data(try self.reading.order().snapshot(self.reading.fieldMap))
        var json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        json[member] = value
        return [UInt8](try JSONSerialization.data(withJSONObject: json))
    }

    @Test("an order reads back from its snapshot as it was, and gives the same bytes again")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 11)
        let words = [
            "A", "\"quoted\"", "back\\slash", "tab\there", "two\nlines", "é", "👩‍🚀", "日本", "{}", "[1]", "a/b",
            "\u{2028}x",
            "NULL", "\u{FEFF}bom", "'; DROP TABLE",
        ]
        for _ in 0..<300 {
            var changes: [String: String?] = [:]
            for field in self.reading.fieldMap.fields where Bool.random(using: &random) {
                switch field.rule {
                case .number: changes[field.source] = "\(Int.random(in: -9999...9999, using: &random)).25"
                case .date: changes[field.source] = "20\(Int.random(in: 10...99, using: &random))-02-03"
                case .text, .season, .customer: changes[field.source] = words.randomElement(using: &random)
                }
            }
            changes["S"] = "\(Int.random(in: -5...500, using: &random))"
            changes["record_uuid"] = .some(Bool.random(using: &random) ? nil : UUID().uuidString)
            let order = try self.reading.order(changes)
            let bytes = order.snapshot(self.reading.fieldMap)
            let back = try Order(snapshot: bytes, fieldMap: self.reading.fieldMap)
            #expect(back == order)
            #expect(back.snapshot(self.reading.fieldMap) == bytes)
            #expect(back.fingerprint(self.reading.fieldMap) == order.fingerprint(self.reading.fieldMap))
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
        }
    }

    @Test("a snapshot is JSON that a person can read: fields by source column, sizes as pairs")
    func form() throws {
        let data = Data(try self.reading.order().snapshot(self.reading.fieldMap))
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["version"] as? Int == 1)
        #expect(json["order_number"] as? String == "JOO-00505")
        #expect((json["fields"] as? [String: String])?["CUSTOMER PRICE"] == "28.86")
        #expect((json["fields"] as? [String: String])?["RANGE / COLLECTION"] == nil)
        let sizes = try #require(json["sizes"] as? [[Any]])
        #expect(sizes.first?.first as? String == "XS")
        #expect(sizes.first?.last as? Int == 22)
        #expect(sizes.count == 5)
    }

    @Test("a snapshot survives a map that has gained, lost and moved fields since")
    func otherMap() throws {
        let bytes = try self.reading.order().snapshot(self.reading.fieldMap)
        let block =
            "  - source: NOTES\n    staging: { type: nvarchar(max) }\n"
            + "    monday: { column: long_text_mkr5hass, type: long_text }\n"
        let added = "  - source: VALIDATION\n    staging: { type: nvarchar(max) }\n"
        let yaml = try Fixture.shippedYAML().replacingOccurrences(of: block, with: "")
            .replacingOccurrences(of: "fields:\n", with: "fields:\n" + added)
        let map = try FieldMap.load(yaml: yaml, name: "m")
        #expect(map.fields.count == 44)
        let order = try Order(snapshot: bytes, fieldMap: map)
        let field = { (source: String) in map.fields.first { $0.source == source }?.index }
        #expect(order.values[try #require(field("VALIDATION"))] == nil)
        #expect(order.values[try #require(field("CUSTOMER PRICE"))] == .number("28.86"))
        #expect(order.values[try #require(field("ORDER DATE PO RECEIVED"))] == .date("2025-05-20"))
        #expect(field("NOTES") == nil)
        // Whoever compares it with an order of today can see that it was made by another map.
        #expect(order.columnsDigest == self.reading.fieldMap.columnsDigest)
        #expect(order.columnsDigest != map.columnsDigest)
    }

    @Test("two fields that share a source column keep their own values")
    func sharedSource() throws {
        let added = """
            fields:
              - source: ORDER TYPE
                staging: { column: ORDER STATUS, type: nvarchar(max) }
                monday: { column: color_mkr5j5pp, type: status }

            """
        let yaml = try Fixture.shippedYAML().replacingOccurrences(of: "fields:\n", with: added)
        let reading = try Reading(FieldMap.load(yaml: yaml, name: "m"))
        let order = try reading.order(["ORDER TYPE": "ACTIVE"])
        #expect(order.values[0] == .text("ACTIVE"))
        let back = try Order(snapshot: order.snapshot(reading.fieldMap), fieldMap: reading.fieldMap)
        #expect(back == order)
        #expect(
            back.columnValues(reading.fieldMap).first { $0.columnID == "dropdown_mkr518fc" }?.value == .text("RECEIVED")
        )
        // A snapshot made before the second field was mapped still has the first.
        let old = try Order(snapshot: self.reading.order().snapshot(self.reading.fieldMap), fieldMap: reading.fieldMap)
        #expect(
            old.columnValues(reading.fieldMap).first { $0.columnID == "dropdown_mkr518fc" }?.value == .text("RECEIVED")
        )
    }

    @Test("what is no snapshot is refused, not guessed at")
    func malformed() throws {
        let map = self.reading.fieldMap
        var bad: [[UInt8]] = [[], Array("null".utf8), Array("[]".utf8), Array("{}".utf8), [0xFF, 0xFE]]
        bad.append(Array(try self.reading.order().snapshot(map).dropLast()))
        bad.append(try self.edited("version", 2))
        bad.append(try self.edited("order_number", nil))
        bad.append(try self.edited("order_number", 5))
        bad.append(try self.edited("sizes", [["S"]]))
        bad.append(try self.edited("sizes", [["S", 0]]))
        bad.append(try self.edited("sizes", [["S", -1]]))
        bad.append(try self.edited("sizes", [["S", 3_000_000_000]]))
        bad.append(try self.edited("sizes", [["S", 1, 2]]))
        bad.append(try self.edited("record_uuid", "x"))
        bad.append(try self.edited("columns", "x"))
        bad.append(try self.edited("fields", ["NOTES": 1]))
        for bytes in bad {
            #expect(throws: SnapshotError.self, "\(String(decoding: bytes.prefix(80), as: UTF8.self))") {
                try Order(snapshot: bytes, fieldMap: map)
            }
        }
        #expect(throws: Never.self) { try Order(snapshot: try self.edited("later", "member"), fieldMap: map) }
    }
}
