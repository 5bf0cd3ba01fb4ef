import Foundation
import Testing

@testable import Orders

@Suite struct FieldMapTests {
    @Test("the shipped map has the 44 fields, each with its column on the board")
    func shipped() throws {
        let map = try Fixture.shippedMap()
        #expect(map.fields.count == 44)
        #expect(Set(map.fields.compactMap(\.mondayColumn)).count == 44)
        let types = Dictionary(grouping: map.fields, by: \.mondayType).mapValues(\.count)
        #expect(types == [.numbers: 15, .text: 11, .dropdown: 10, .date: 3, .longText: 4, .status: 1])
        #expect(map.fields.filter { $0.stagingType == .float }.count == 17)
        #expect(map.fields.map(\.index) == Array(0..<44))
        let colour = try #require(map.fields.first { $0.staging == "COLOR" })
        #expect(colour.source == "CUSTOMER COLOUR DESCRIPTION")
        #expect(colour.maxLength == 200)
        #expect(map.subitem.namePrefix == "Size ")
        #expect(map.customers.aliases(of: "LORNA JANE") == ["LORNA JANE", "LORNA JANE (AU)", "LORNA JANE (NZ)"])
    }

    @Test("every mistake of a map is reported at once, with its line")
    func everyMistake() throws {
        let yaml = """
            version: 2
            surprise: yes
            source:
              order_number: A
              customer: B
              style: C
              colour: D
              po_number: E
              aag_season: F
              sizes: { after: X, before: Y, between: Z }
            title: []
            fields:
              - source: A
                staging: { type: nvarchar(9000) }
                monday: { column: text_1, type: text }
              - source: B
                staging: { column: B, type: float }
                monday: { column: text_1, type: tags }
                rule: text
              - source: C
                staging: { column: S, type: nvarchar(max) }
                monday: { column: text_2, type: numbers }
                on_board: sometimes
              - source: D
                staging: { column: s, type: nvarchar(20) }
                monday: { column: text_2, type: text }
                colour: red
              - staging: { column: T, type: date }
            subitems:
              name_prefix: "Size "
              size: { column: d, type: dropdown }
              quantity: { column: d, type: text }
            customers:
              ONE: [TWO]
              THREE: [two]
              FOUR: five
            """
        let error = #expect(throws: FieldMapError.self) { try FieldMap.load(yaml: yaml, name: "map.yaml") }
        let expected = [
            "map.yaml:1: version 2 is unknown", "map.yaml:2: field map: unknown key “surprise”",
            "map.yaml:4: source: “customer_season” is missing", "map.yaml:10: source: sizes: unknown key “between”",
            "map.yaml:11: “title” must be a list", "map.yaml:14: field “A”: staging type “nvarchar(9000)” is unknown",
            "map.yaml:16: Monday column “text_1” is mapped twice, first in line 13",
            "map.yaml:18: field “B”: Monday type “tags” is unknown", "map.yaml:19: field “B”: a float column",
            "map.yaml:20: field “C”: Monday's numbers columns take numbers only",
            "map.yaml:23: field “C”: “on_board: sometimes” is unknown", "map.yaml:27: field: unknown key “colour”",
            "map.yaml:24: staging column “s” is mapped twice, first in line 20",
            "map.yaml:24: Monday column “text_2” is mapped twice, first in line 20",
            "map.yaml:28: field: “source” is missing", "map.yaml:32: subitems: quantity: type “text” won't do",
            "map.yaml:35: customers: “two” is an alias of “ONE” and of “THREE”",
            "map.yaml:36: customers: “FOUR” needs a list",
        ]
        let lines = try #require(error).description
        for text in expected {
            #expect(lines.contains(text), "\(text)\nin\n\(lines)")
        }
        #expect(error?.problems.count == expected.count, "\(lines)")
    }

    @Test("a file that is no YAML, is empty or repeats a key is refused with its line")
    func notYAML() throws {
        let broken = #expect(throws: FieldMapError.self) {
            try FieldMap.load(yaml: "version: 1\nfields: [", name: "m")
        }
        #expect(broken?.description.hasPrefix("m:") == true)
        #expect(throws: FieldMapError.self) { try FieldMap.load(yaml: "", name: "m") }
        #expect(throws: FieldMapError.self) { try FieldMap.load(yaml: "- a\n- b", name: "m") }
        let twice = #expect(throws: FieldMapError.self) {
            try FieldMap.load(yaml: "version: 1\nversion: 1", name: "m")
        }
        #expect(twice?.description.contains("keys given twice: version") == true)
    }

    @Test("a byte-order mark and Windows line ends make no difference")
    func windows() throws {
        let yaml = try Fixture.shippedYAML()
        let windows = "\u{FEFF}" + yaml.replacingOccurrences(of: "\n", with: "\r\n")
        #expect(try FieldMap.load(yaml: windows, name: "m").digest == FieldMap.load(yaml: yaml, name: "m").digest)
    }

    @Test("columns that the program fills itself can't be mapped")
    func reserved() throws {
        for column in ["Title", "group", "stg_status", "order_key"] {
            let yaml = try Fixture.shippedYAML()
                .replacingOccurrences(of: "column: STYLE,", with: "column: \(column),")
            let error = #expect(throws: FieldMapError.self) { try FieldMap.load(yaml: yaml, name: "m") }
            #expect(error?.problems.count == 1)
        }
    }

    @Test("two source columns may not be replaced in the same words twice, nor numbers replaced at all")
    func replacements() throws {
        let yaml = try Fixture.shippedYAML()
        let twice = yaml.replacingOccurrences(of: "      CANCELLED: CANCELLED", with: "      Active: OTHER")
        #expect(throws: FieldMapError.self) { try FieldMap.load(yaml: twice, name: "m") }
        let number = yaml.replacingOccurrences(
            of: "    monday: { column: numeric_mkr5cact, type: numbers }",
            with: "    monday: { column: numeric_mkr5cact, type: numbers }\n    values: { X: Y }"
        )
        #expect(throws: FieldMapError.self) { try FieldMap.load(yaml: number, name: "m") }
    }

    @Test("a field without a board column goes to the warehouse only")
    func warehouseOnly() throws {
        let yaml = try Fixture.shippedYAML()
            .replacingOccurrences(of: "    monday: { column: text_mkr5cz8m, type: text }\n", with: "")
        let reading = try Reading(FieldMap.load(yaml: yaml, name: "m"))
        let order = try reading.order(["PATTERN ID": "P1"])
        #expect(order.columnValues(reading.fieldMap).count == 43)
        #expect(order.fingerprint(reading.fieldMap) != (try reading.order()).fingerprint(reading.fieldMap))
    }

    @Test("comments and the order of fields don't change the map's digest; all else does")
    func digest() throws {
        let yaml = try Fixture.shippedYAML()
        let map = try FieldMap.load(yaml: yaml, name: "m")
        #expect(try FieldMap.load(yaml: "# more\n" + yaml, name: "m").digest == map.digest)
        let block = """
              - source: PO NUMBER
                staging: { type: nvarchar(200) }
                monday: { column: text_mkr5ej2x, type: text }


            """
        #expect(yaml.contains(block))
        let moved = yaml.replacingOccurrences(of: block, with: "")
            .replacingOccurrences(of: "fields:\n", with: "fields:\n" + block)
        let movedMap = try FieldMap.load(yaml: moved, name: "m")
        #expect(movedMap.fields.first?.source == "PO NUMBER")
        #expect(movedMap.digest == map.digest)
        #expect(movedMap.columnsDigest == map.columnsDigest)
        let edits = [
            ("text_mkr5ej2x", "text_other"), ("nvarchar(500)", "nvarchar(501)"), ("rule: season", "rule: text"),
            ("ACTIVE: RECEIVED", "ACTIVE: TAKEN"), ("[BANDIT]", "[BANDITO]"), ("\"Size \"", "\"\""),
            ("before: TOTAL QTY", "before: VALIDATION"), ("  - CUSTOMER STYLE\n", "  - PO NUMBER\n"),
        ]
        for (old, new) in edits {
            let edited = try FieldMap.load(yaml: yaml.replacingOccurrences(of: old, with: new), name: "m")
            #expect(edited.digest != map.digest, "\(old)")
        }
    }

    @Test("a board that lacks a mapped column or has it with another type is told about, all at once")
    func board() throws {
        let map = try Fixture.shippedMap()
        var columns = Dictionary(
            uniqueKeysWithValues: map.fields.compactMap { field in
                field.mondayColumn.map { ($0, field.mondayType.rawValue) }
            }
        )
        let subitems = ["dropdown_mkrak7qp": "dropdown", "numeric_mkra7j8e": "numbers"]
        #expect(map.mismatches(columns: columns, subitemColumns: subitems).isEmpty)
        columns["text_mkr5kyf4"] = nil
        columns["dropdown_mkr5tgaa"] = "text"
        let mismatches = map.mismatches(columns: columns, subitemColumns: [:])
        #expect(mismatches.count == 4)
        #expect(mismatches.contains { $0.contains("text_mkr5kyf4") && $0.contains("FREIGHT") })
        #expect(mismatches.contains { $0.contains("is of type text, the field map says dropdown") })
    }
}
