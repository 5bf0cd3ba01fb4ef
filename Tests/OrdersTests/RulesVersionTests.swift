import Foundation
import Testing

@testable import Orders

/// A row whose cells are as they were is not read again, so whoever changes what comes of cells must raise the version of the rules.
@Suite struct RulesVersionTests {
    /// What the cells below come to, by the version of the rules.
    ///
    /// A change of the rules adds a line; a line is edited only when cells are added.
    private static let outcomes: [UInt8: String] = [
        2: "0d2e5558df3bad64fdea22e66a183941dc6a9d36a78d7f0da09394cff5284660"
    ]

    @Test("what comes of a row's cells changes with the version of the rules only")
    func version() throws {
        let outcome = try Self.outcome()
        #expect(
            Self.outcomes[SourcePlan.rulesVersion] == outcome,
            """
            Cells are read, or fingerprints made, in another way than by version \(SourcePlan.rulesVersion) of the rules. Rows that were \
            enqueued before would keep what the old rules made of them: raise SourcePlan.rulesVersion and add the line above for it.
            """
        )
    }

    @Test("each cell that is told apart counts: another value anywhere gives another outcome")
    func sensitivity() throws {
        let cells = Self.cells.map { $0 == "12%" ? "13%" : $0 }
        #expect(try Self.outcome(of: cells) != Self.outcome())
    }

    /// Cells of every form that a rule knows, and of many that it refuses.
    private static let cells: [String?] = [
        nil, "", " ", "\u{A0}", "\t", "\u{1}", "null", "NONE", "NaN", "none ", "TRUE", "false", "ACTIVE", " active ",
        "Cancelled",
        "ACTIVE ORDER", "Two  words", " ends ", "a\u{1}b", "line\r\nbreak", "tab\tin", "é", "e\u{301}", "👍",
        "\u{200B}x", "0", "-0",
        "28.86", " $28.860 ", "1,234.50", "12,34", "1,23,4", "12%", "-5", "+5", "(5)", "1e3", "1e300", ".5", "5.",
        "1 000", "£3", "0.1",
        "123456789012345678901234567890", "0.00000000000000000001", "0.10000000000000001", "2025-05-20",
        "2025-05-20 00:00:00",
        "2025-05-20T13:14:15",
        "5/20/2025", "05/20/25", "20/5/2025", "2025-02-29", "2024-02-29", "31/31/2025", "2025", "45000", "johnnie o",
        "JOHNNIE-O",
        String(repeating: "x", count: 20), String(repeating: "x", count: 21), String(repeating: "é", count: 300),
        String(repeating: "👍", count: 10), String(repeating: "👍", count: 11),
    ]

    private static let sizes: [String?] = [nil, "0", "1", "22", "-1", "2147483647", "2147483648", "x", "1.0", " 3 "]

    private static func outcome(of cells: [String?] = Self.cells) throws -> String {
        let reading = try Reading(FieldMap.load(yaml: self.map, name: "rules"))
        var encoding = DigestEncoding(purpose: "outcome of the rules", version: 1)
        func note(_ changes: [String: String?]) {
            for text in Self.told(reading.read(changes), reading.fieldMap) { encoding.append(text) }
        }
        note([:])
        for field in reading.fieldMap.fields { for cell in cells { note([field.source: cell]) } }
        for cell in cells { note(["record_uuid": cell]) }
        for label in ["XXXS", "M", "S(6-8)"] { for size in Self.sizes { note([label: size]) } }
        // What the group and the item are called when parts of it are missing.
        for season in [nil, "nan", "2025 FALL"] as [String?] {
            for other in [nil, "None", " 2026 "] as [String?] {
                note(["CUSTOMER SEASON": season, "AAG SEASON": other])
            }
        }
        for style in [nil, "S"] as [String?] {
            for colour in [nil, "C"] as [String?] {
                note(["CUSTOMER STYLE": style, "CUSTOMER COLOUR DESCRIPTION": colour])
            }
        }
        return encoding.digest.hexadecimal
    }

    /// All that a run takes from a row.
    private static func told(_ reading: RowReading, _ fieldMap: FieldMap) -> [String?] {
        switch reading {
        case .order(let order):
            let sizes = order.sizes.map { "\($0.label) \($0.quantity)" }
            return [
                "order", order.businessKey.digest.hexadecimal, order.fingerprint(fieldMap).hexadecimal, order.group,
                order.title,
                order.customer, order.poNumber, order.aagSeason, order.customerSeason,
                order.recordUUID?.uuidString.lowercased(),
            ] + order.values.map { $0?.text } + sizes
        case .reject(let reject):
            return ["reject", reject.orderNumber, reject.customer, reject.recordUUID?.uuidString.lowercased()]
                + reject.reasons.map { "\($0.column): \($0.reason)" }
        }
    }

    /// A map of its own, with a field for each rule: an edit of the map that is shipped is no change of the rules.
    private static let map = """
        version: 1
        source:
          order_number: AAG ORDER NUMBER
          customer: CUSTOMER NAME
          style: CUSTOMER STYLE
          colour: CUSTOMER COLOUR DESCRIPTION
          record_uuid: record_uuid
          po_number: PO NUMBER
          aag_season: AAG SEASON
          customer_season: CUSTOMER SEASON
          sizes: { after: UNIT OF MEASURE, before: TOTAL QTY, except: [INFOR COLOUR CODE] }
        title: [CUSTOMER STYLE, CUSTOMER COLOUR DESCRIPTION, AAG ORDER NUMBER]
        fields:
          - { source: AAG ORDER NUMBER, staging: { type: nvarchar(200) }, monday: { column: a, type: text } }
          - source: CUSTOMER NAME
            staging: { column: CUSTOMER, type: nvarchar(200) }
            monday: { column: b, type: dropdown }
            rule: customer
          - { source: PO NUMBER, staging: { type: nvarchar(20) }, monday: { column: c, type: text } }
          - { source: CUSTOMER STYLE, staging: { type: nvarchar(200) }, monday: { column: d, type: dropdown } }
          - { source: CUSTOMER COLOUR DESCRIPTION, staging: { type: nvarchar(200) }, monday: { column: e, type: status } }
          - { source: NOTES, staging: { type: nvarchar(max) }, monday: { column: f, type: long_text } }
          - { source: AAG SEASON, staging: { type: nvarchar(200) }, monday: { column: g, type: dropdown }, rule: season }
          - { source: CUSTOMER SEASON, staging: { type: nvarchar(max) }, monday: { column: h, type: text }, rule: season }
          - { source: EX FACTORY DATE, staging: { type: date }, monday: { column: i, type: date } }
          - { source: CUSTOMER PRICE, staging: { type: float }, monday: { column: j, type: numbers } }
          - { source: FREIGHT, staging: { type: float }, monday: { column: k, type: text } }
          - { source: DROP, staging: { type: nvarchar(max) } }
          - source: ORDER TYPE
            staging: { type: nvarchar(max) }
            monday: { column: l, type: dropdown }
            values: { ACTIVE: RECEIVED, CANCELLED: CANCELLED }
        subitems:
          name_prefix: "Size "
          size: { column: m, type: dropdown }
          quantity: { column: n, type: numbers }
        customers:
          JOHNNIE O: [JOHNNIE-O]
        """
}
