import Foundation
import Testing

@testable import Orders

@Suite struct FingerprintTests {
    let reading: Reading

    init() throws { self.reading = try Reading() }

    @Test("every mapped column, the item name, the group and each size count")
    func sensitivity() throws {
        var seen: Set<Digest> = [try self.reading.order().fingerprint(self.reading.fieldMap)]
        for field in self.reading.fieldMap.fields {
            let cell =
                switch field.rule {
                case .number: "77"
                case .date: "2024-02-03"
                case .text, .season, .customer: "CHANGED"
                }
            let order = try self.reading.order([field.source: cell])
            #expect(seen.insert(order.fingerprint(self.reading.fieldMap)).inserted, "\(field.source)")
        }
        for changes in [["XS": "23"], ["XS": nil], ["XXS": "22", "XS": nil], ["S(6-8)": "1"]] {
            let order = try self.reading.order(changes)
            #expect(seen.insert(order.fingerprint(self.reading.fieldMap)).inserted)
        }
    }

    @Test("a reload leaves it as it is: neither record_uuid nor the way a value is written counts")
    func insensitivity() throws {
        let first = try self.reading.order().fingerprint(self.reading.fieldMap)
        let same = try self.reading.order([
            "record_uuid": "00000000-0000-4000-8000-000000000001", "CUSTOMER PRICE": " $28.860 ",
            "ORDER DATE PO RECEIVED": "5/20/2025", "NOTES": Fixture.golden["NOTES"].map { $0 + "\n" },
            "TOTAL QTY": "501", "XXL": "0", "VALIDATION": "other",
        ])
        #expect(same.fingerprint(self.reading.fieldMap) == first)
    }

    @Test("null is not the text that looks like it, and a value can't move to its neighbour unseen")
    func encoding() {
        func digest(_ texts: [String?]) -> Digest {
            var encoding = DigestEncoding(purpose: "test", version: 1)
            texts.forEach { encoding.append($0) }
            return encoding.digest
        }
        let sequences: [[String?]] = [
            [nil], [""], ["\u{0}"], ["NULL"], [nil, nil], ["", nil], [nil, ""], ["ab", "c"], ["a", "bc"], ["abc"], [],
            ["a|b"], ["a", "b"],
        ]
        #expect(Set(sequences.map(digest)).count == sequences.count)
    }

    @Test("an edited column id of the map changes it, a moved field doesn't")
    func mapEdit() throws {
        let yaml = try Fixture.shippedYAML()
        let first = try self.reading.order().fingerprint(self.reading.fieldMap)
        for column in self.reading.fieldMap.fields.compactMap(\.mondayColumn) + ["dropdown_mkrak7qp"] {
            let edited = yaml.replacingOccurrences(of: "column: \(column),", with: "column: other_1,")
            let reading = try Reading(FieldMap.load(yaml: edited, name: "m"))
            #expect(try reading.order().fingerprint(reading.fieldMap) != first, "\(column)")
        }
        let block =
            "  - source: PO NUMBER\n    staging: { type: nvarchar(200) }\n"
            + "    monday: { column: text_mkr5ej2x, type: text }\n"
        let moved = yaml.replacingOccurrences(of: block, with: "")
            .replacingOccurrences(of: "fields:\n", with: "fields:\n" + block)
        let reading = try Reading(FieldMap.load(yaml: moved, name: "m"))
        #expect(reading.fieldMap.fields.first?.source == "PO NUMBER")
        #expect(try reading.order().fingerprint(reading.fieldMap) == first)
    }

    @Test("it is the same on every machine and in every version, until its version is raised")
    func pinned() throws {
        let order = try self.reading.order()
        let fingerprint = order.fingerprint(self.reading.fieldMap)
        #expect(fingerprint.hexadecimal == "4579ab8c39fb96d44e29de674db19f6044c24904db108f75fd076c1c8c8269b3")
        let businessKey = order.businessKey.digest
        #expect(businessKey.hexadecimal == "8d1044f67fad99ea90abee7286fc4f3d929f1278139ff05f773ae3e08596f91b")
        let key = OrderKey.mint(businessKey: businessKey, occurrence: 1)
        #expect(key.description == "77b686e7-3d9a-87f2-80ad-620b56a1ff51")
    }
}
