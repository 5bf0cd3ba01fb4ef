import Foundation
import Testing

@testable import Orders

@Suite struct RuleTests {
    @Test("numbers are read as people write them")
    func numbers() throws {
        let pairs = [
            ("28.86", "28.86"), ("$28.86", "28.86"), ("1,234.50", "1234.5"), ("12%", "12"), ("TRUE", "0"),
            ("true", "0"), ("True", "0"), ("0", "0"), ("-0", "0"), ("0.00", "0"), ("-0.0%", "0"), ("007", "7"),
            (".5", "0.5"), ("5.", "5"), ("+5", "5"), ("-5.10", "-5.1"), ("-$5", "-5"), ("$-5", "-5"),
            ("$1,234,567", "1234567"), ("12,345", "12345"), ("1,234%", "1234"), ("100", "100"), ("1e3", "1000"),
            ("1.5E-05", "0.000015"), ("1.2345e+006", "1234500"), ("123456789012345", "123456789012345"),
            ("28.860000000000003", "28.860000000000003"), ("0.30000000000000004", "0.30000000000000004"),
            ("000000000000000000000001", "1"), ("1.00000000000000000000000", "1"),
        ]
        for (text, expected) in pairs {
            #expect(try DecimalText.canonical(text) == expected, "\(text)")
        }
    }

    @Test("what is no number is refused, never guessed at")
    func notNumbers() {
        let texts = [
            "", "-", "$", "%", ".", ",", "abc", "12abc", "(5.00)", "1.2.3", "--5", "+-5", "-$-5", "1,23", "12,34",
            "1234,567", ",123", "1,,234", "1,2345", "1,234.5,6", "12 %", "$ 5", "%12", "$12%", "$1e3", "1,234e2", "e5",
            "1e", "1e+", "5-", "N/A", "#REF!", "FALSE", "inf", "infinity", "-inf", "0x10", "1_000", "１２", "−5",
            "1 234", "12%%", "TRUES",
        ]
        for text in texts {
            #expect(throws: DecimalText.Problem.notANumber, "\(text)") { try DecimalText.canonical(text) }
        }
    }

    @Test("a double as databases and spreadsheets write it, with seventeen digits, is the number that it came from")
    func seventeenDigits() throws {
        for (text, expected) in [
            ("0.10000000000000001", "0.1"), ("28.859999999999999", "28.86"), ("-1.1000000000000001", "-1.1"),
            ("6.9999999999999999E-4", "0.0007"), ("0.30000000000000004", "0.30000000000000004"),
        ] {
            #expect(try DecimalText.canonical(text) == expected, "\(text)")
        }
        #expect(throws: DecimalText.Problem.tooManyDigits) { try DecimalText.canonical("28.859999999999998") }
    }

    @Test("a number that a FLOAT can't hold digit by digit is refused, never rounded")
    func tooManyDigits() {
        let texts = [
            "1e400", "1e-400", "1e16", "1000000000000000", "1234567890123456", "0.123456789012345678",
            "9007199254740993", "0.000000000000000000001", "99999999999999999999", "1e99999999999999999999",
            "28.8600000000000031",
        ]
        for text in texts {
            #expect(throws: DecimalText.Problem.tooManyDigits, "\(text)") { try DecimalText.canonical(text) }
        }
    }

    @Test("a canonical number is canonical, and is the double nearest to what was written")
    func numberProperties() throws {
        var random = SeededGenerator(seed: 2025)
        for _ in 0..<5_000 {
            let mantissa = Int.random(in: -999_999_999_999...999_999_999_999, using: &random)
            let scale = Int.random(in: 0...9, using: &random)
            var digits = String(abs(mantissa))
            while digits.count <= scale { digits = "0" + digits }
            let text = (mantissa < 0 ? "-" : "") + digits.dropLast(scale) + "." + digits.suffix(scale)
            let canonical = try DecimalText.canonical(text)
            #expect(try DecimalText.canonical(canonical) == canonical, "\(text)")
            #expect(Double(canonical) == Double(text + "0"), "\(text)")
            #expect(!canonical.hasSuffix(".") && canonical != "-0" && !canonical.contains("e"), "\(text)")
        }
    }

    @Test("a number that is canonical as it stands is what the long way would make of it")
    func canonicalAsItStands() {
        var random = SeededGenerator(seed: 77)
        let alphabet = Array("0012345.9,")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 1...7, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) }
            )
            // A plus sign sends the text the long way.
            #expect((try? DecimalText.canonical(text)) == (try? DecimalText.canonical("+" + text)), "\(text)")
        }
    }

    @Test("UUIDs are read as Foundation reads them")
    func uuids() {
        for _ in 0..<500 {
            let uuid = UUID()
            #expect(UUIDText.parse(uuid.uuidString) == uuid)
            #expect(UUIDText.parse(uuid.uuidString.lowercased()) == uuid)
        }
        let malformed = [
            "", "6F9619FF8B86D011B42D00C04FC964FF", "6F9619FF-8B86-D011-B42D-00C04FC964F",
            "6F9619FF-8B86-D011-B42D-00C04FC964FG",
            "6F9619FF-8B86-D011-B42D000C04FC964FF", "6F9619FF-8B86-D011-B42D-00C04FC964F-",
            "6F9619FFé8B86-D011-B42D-00C04FC964F",
        ]
        for text in malformed {
            #expect(UUIDText.parse(text) == nil, "\(text)")
        }
    }

    @Test("days are read ISO first, then as month/day/year")
    func days() throws {
        let pairs = [
            ("2025-05-20", "2025-05-20"), ("2025-05-20 00:00:00", "2025-05-20"), ("2025-05-20T00:00:00", "2025-05-20"),
            ("2025-05-20 00:00:00.0000000", "2025-05-20"), ("2025-05-20T00:00:00.000", "2025-05-20"),
            ("5/20/2025", "2025-05-20"), ("05/20/2025", "2025-05-20"), ("03/04/2025", "2025-03-04"),
            ("2/29/2024", "2024-02-29"), ("2000-02-29", "2000-02-29"), ("1900-01-01", "1900-01-01"),
            ("2100-12-31", "2100-12-31"),
        ]
        for (text, expected) in pairs {
            #expect(try DayText.canonical(text) == expected, "\(text)")
        }
    }

    @Test("what is no day of the calendar is refused")
    func notDays() {
        let texts = [
            "", "soon", "20/05/2025", "13/13/2025", "2025-02-29", "2100-02-29", "2025-00-10", "2025-04-31",
            "2025-05-00",
            "2/30/2024", "0/5/2025", "5/0/2025", "5/20/25", "2025/05/20", "20.5.2025", "2025-5-2", "2025-05-20x",
            "2025-05-20 13:45:00", "2025-05-20 00:00:01", "2025-05-20 00:00:00.001", "2025-05-20 00:00:00.",
            "2025-05-20T00:00:00Z", "2025-05-20 ", "5/20/2025 0:00", "-025-05-20", "٢٠٢٥-05-20", "45797", "20250520",
        ]
        for text in texts {
            #expect(throws: DayText.Problem.notADay, "\(text)") { try DayText.canonical(text) }
        }
        for text in ["1899-12-30", "0001-01-01", "2101-01-01", "1/1/1753", "12/31/9999"] {
            #expect(throws: DayText.Problem.yearOutOfRange, "\(text)") { try DayText.canonical(text) }
        }
    }

    @Test("text loses white space at its ends and control characters anywhere; nothing left is null")
    func text() {
        let pairs: [(String, String?)] = [
            ("plain", "plain"), ("two words", "two words"), ("  x ", "x"), ("", nil), ("   ", nil),
            ("\u{A0}x\u{2003}", "x"),
            ("\u{3000}", nil), ("a\u{0}b", "ab"), ("\u{7}", nil), ("\u{1B}[0mred\u{7F}", "[0mred"), ("a\u{9B}b", "ab"),
            ("\u{1} x \u{1}", "x"), ("é ", "é"), ("👩‍🚀 ", "👩‍🚀"), ("a  b", "a  b"), ("Zürich", "Zürich"),
            ("a\tb", "a b"), ("a\r\nb", "a b"), ("a\n\n\nb", "a b"), ("\na\n", "a"), ("a\u{2028}b", "a b"),
            ("a\u{85}b", "a b"), ("a\u{B}b", "a b"), ("a\n\u{1}\nb", "a b"),
        ]
        for (text, expected) in pairs {
            #expect(CellText.cleaned(text, .spaced) == expected, "\(text.debugDescription)")
        }
    }

    @Test("long text keeps its line breaks and tabs")
    func longText() {
        let pairs: [(String, String?)] = [
            ("a\r\nb\tc\nd", "a\r\nb\tc\nd"), ("\n a \n", "a"), ("a\u{0}\nb", "a\nb"), ("\n\t ", nil),
        ]
        for (text, expected) in pairs {
            #expect(CellText.cleaned(text, .kept).map { Array($0.utf8) } == expected.map { Array($0.utf8) })
        }
    }

    @Test("cleaning twice is cleaning once")
    func cleaningIsIdempotent() throws {
        var random = SeededGenerator(seed: 4)
        let alphabet = Array("ab \t\n\r\u{0}\u{7F}\u{85}\u{A0}\u{2028}é👍".unicodeScalars)
        for _ in 0..<5_000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                view.append(try #require(alphabet.randomElement(using: &random)))
            }
            for breaks in [CellText.Breaks.kept, .spaced] {
                guard let once = CellText.cleaned(String(view), breaks) else { continue }
                #expect(!once.isEmpty)
                #expect(CellText.cleaned(once, breaks).map { Array($0.utf8) } == Array(once.utf8))
            }
        }
    }

    @Test("NULL, NONE and NAN are null for numbers, days and seasons, and text elsewhere")
    func nullWords() throws {
        let reading = try Reading()
        for word in ["NULL", "none", "NaN", " Null "] {
            #expect(try reading.value("CUSTOMER PRICE", word) == nil)
            #expect(try reading.value("EX FACTORY DATE", word) == nil)
            #expect(try reading.value("AAG SEASON", word) == nil)
            #expect(try reading.value("DESTINATION", word) != nil)
        }
        #expect(try reading.value("CUSTOMER PRICE", "  ") == nil)
    }

    @Test("ORDER TYPE is replaced by whole values in any case; others pass")
    func orderType() throws {
        let reading = try Reading()
        let pairs = [
            ("ACTIVE", "RECEIVED"), ("active ", "RECEIVED"), ("Cancelled", "CANCELLED"), ("FORECAST", "FORECAST"),
            ("INACTIVE", "INACTIVE"), ("ACTIVE 2", "ACTIVE 2"),
        ]
        for (cell, expected) in pairs {
            #expect(try reading.value("ORDER TYPE", cell) == .text(expected))
        }
        #expect(try reading.value("ORDER TYPE", nil) == nil)
    }

    @Test("a customer's alias matches as a whole name in any case, and never in part")
    func customers() throws {
        let reading = try Reading()
        let pairs = [
            ("GREYSON CLOTHIERS", "GREYSON"), ("greyson", "GREYSON"), ("Peloton Private Label", "PELOTON"),
            ("PELOTON PRIVATE LABEL", "PELOTON"), ("title 9", "TITLE NINE"), ("RARE EARTH", "RARE EARTH"),
            ("A", "A"), ("NASC WHITE FOX", "NASC WHITE FOX"),
            ("FARADAY LABS, INC (LAMBS)", "FARADAY LABS, INC (LAMBS)"),
            ("Lorna Jane (NZ)", "LORNA JANE"), ("New Customer", "New Customer"),
        ]
        for (cell, expected) in pairs {
            #expect(try reading.value("CUSTOMER NAME", cell) == .text(expected))
            #expect(try reading.order(["CUSTOMER NAME": cell]).customer == expected)
        }
    }
}
