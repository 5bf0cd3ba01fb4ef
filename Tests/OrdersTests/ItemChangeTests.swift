import Foundation
import Orders
import Testing

@Suite struct ItemChangeTests {
    private func reading(keep column: String? = nil) throws -> Reading {
        var yaml = try Fixture.shippedYAML()
        if let column {
            var lines = yaml.components(separatedBy: "\n")
            let place = try #require(lines.firstIndex { $0.contains("column: \(column),") })
            lines.insert("    on_board: keep", at: place + 1)
            yaml = lines.joined(separator: "\n")
        }
        return try Reading(try FieldMap.load(yaml: yaml, name: "test"))
    }

    private func written(_ change: ItemChange) -> [String: String] {
        Dictionary(uniqueKeysWithValues: change.columns.map { ($0.columnID, $0.value?.text ?? "cleared") })
    }

    @Test func `what the item holds already is not written again`() throws {
        let reading = try self.reading()
        let order = try reading.order()
        let same = ItemChange(to: order, known: .written(order), fieldMap: reading.fieldMap, cells: nil)
        #expect(same.isEmpty)
        let other = try reading.order([
            "CUSTOMER PRICE": "30.10", "NOTES": nil, "EX FACTORY DATE": "2025-10-01", "XS": "1",
        ])
        let change = ItemChange(to: other, known: .written(order), fieldMap: reading.fieldMap, cells: nil)
        #expect(
            self.written(change) == [
                "numeric_mkr5cact": "30.1", "long_text_mkr5hass": "cleared", "date_mkr57811": "2025-10-01",
            ]
        )
        #expect(change.name == nil)
    }

    @Test func `a corrected key column renames the item`() throws {
        let reading = try self.reading()
        let order = try reading.order()
        let other = try reading.order(["CUSTOMER COLOUR DESCRIPTION": "NAVY"])
        let change = ItemChange(to: other, known: .written(order), fieldMap: reading.fieldMap, cells: nil)
        #expect(self.written(change) == ["dropdown_mkr5677f": "NAVY"])
        #expect(change.name == "JWHD100120 NAVY JOO-00505")
    }

    @Test func `an item of which nothing is known gets every mapped column once`() throws {
        let reading = try self.reading()
        let order = try reading.order()
        let change = ItemChange(to: order, known: .nothing, fieldMap: reading.fieldMap, cells: nil)
        #expect(change.columns.count == reading.fieldMap.fields.filter { $0.mondayColumn != nil }.count)
        #expect(change.name == order.title)
    }

    @Test func `values of another map tell nothing of the columns of this one`() throws {
        let reading = try self.reading()
        let order = try reading.order()
        let stranger = Order(
            businessKey: order.businessKey,
            recordUUID: nil,
            group: order.group,
            title: order.title,
            customer: order.customer,
            values: order.values,
            sizes: [],
            columnsDigest: Digest.sha256([1])
        )
        let change = ItemChange(to: order, known: .written(stranger), fieldMap: reading.fieldMap, cells: nil)
        #expect(change.columns.count == reading.fieldMap.fields.filter { $0.mondayColumn != nil }.count)
    }

    @Test(
        "a kept column is written only while the cell shows what we last wrote",
        arguments: [
            ("MISSISSIPPI", true), (" MISSISSIPPI\r\n", true), ("BY A PERSON", false), (nil, false),
        ]
    )
    func keep(cell: String?, isWritten: Bool) throws {
        let column = "text_mkr5kbc6"
        let reading = try self.reading(keep: column)
        let order = try reading.order()
        let other = try reading.order(["DESTINATION": "ROTTERDAM", "NOTES": "new"])
        #expect(!ItemChange.needsCells(to: order, known: .written(order), fieldMap: reading.fieldMap))
        #expect(ItemChange.needsCells(to: other, known: .written(order), fieldMap: reading.fieldMap))
        let change = ItemChange(
            to: other,
            known: .written(order),
            fieldMap: reading.fieldMap,
            cells: cell.map { [column: $0] } ?? [:]
        )
        #expect(self.written(change)["long_text_mkr5hass"] == "new")
        #expect(self.written(change)[column] == (isWritten ? "ROTTERDAM" : nil))
    }

    @Test func `a kept column of an item of which nothing is known is filled only where it is empty`() throws {
        let column = "text_mkr5kbc6"
        let reading = try self.reading(keep: column)
        let order = try reading.order()
        for (cells, isWritten) in [([:], true), ([column: "BY A PERSON"], false)] as [([String: String], Bool)] {
            let change = ItemChange(to: order, known: .nothing, fieldMap: reading.fieldMap, cells: cells)
            #expect(self.written(change).keys.contains(column) == isWritten)
        }
    }

    @Test func `a repair writes what the cells show otherwise, and leaves kept columns alone`() throws {
        let kept = "text_mkr5kbc6"
        let reading = try self.reading(keep: kept)
        let order = try reading.order()
        var cells: [String: String] = [:]
        for column in order.columnValues(reading.fieldMap) { cells[column.columnID] = column.value?.text }
        cells["numeric_mkr5cact"] = "028.860"
        let agreed = ItemChange(to: order, known: .shown(name: order.title), fieldMap: reading.fieldMap, cells: cells)
        #expect(agreed.isEmpty)
        cells["numeric_mkr5cact"] = "29"
        cells[kept] = "BY A PERSON"
        cells["date_mkr57811"] = nil
        let change = ItemChange(to: order, known: .shown(name: "x"), fieldMap: reading.fieldMap, cells: cells)
        #expect(self.written(change) == ["numeric_mkr5cact": "28.86", "date_mkr57811": "2025-09-26"])
        #expect(change.name == order.title)
    }

    @Test(
        "a cell shows a value whatever blanks, line breaks and zeros it is shown with",
        arguments: [
            ("28.86", "28.860", true), ("0", "-0.00", true), ("1000", "1e3", false), ("a\nb", "a\r\nb ", true),
            (nil, "", true), ("", nil, true), ("TRUE", "0", false), ("2025-09-26", "2025-09-26 08:00", false),
            ("5", "5.", false), ("NAVY", "navy", false),
        ] as [(String?, String?, Bool)]
    )
    func shows(found: String?, value: String?, isSame: Bool) {
        #expect(BoardText.shows(found, value) == isSame)
        #expect(BoardText.shows(value, found) == isSame)
    }
}
