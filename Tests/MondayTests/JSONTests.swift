import Testing

@testable import Monday

@Suite("JSON")
struct JSONTests {
    private func parse(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

    @Test(
        "values are read and written as they are",
        arguments: [
            "null", "true", "false", "0", "-0", "12.50", "1e-7", "9223372036854775807", "\"\"", "[]", "{}",
            #"{"a":[1,{"b":null}],"c":"é \" \\ \n \u0001"}"#,
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try self.parse(text).text == text)
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "nul", "tru", "01", "1.", ".5", "1e", "+1", "--1", "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"",
            "[1,]",
            "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "1 2", "[", "{", "\u{FEFF}{}",
            "NaN",
        ]
    )
    func malformed(text: String) {
        #expect(throws: JSONError.self) { try self.parse(text) }
    }

    @Test("broken UTF-8 in a string is refused")
    func brokenUTF8() {
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xC3, 0x28, 0x22]) }
    }

    @Test("escapes become their characters, halves of pairs the replacement character")
    func escapes() throws {
        #expect(try self.parse(#""\u00e9\ud83d\ude00\/\b\f\t""#).string == "é😀/\u{8}\u{C}\t")
        #expect(try self.parse(#""\ud83dx\ude00\ud83d\u0041""#).string == "\u{FFFD}x\u{FFFD}\u{FFFD}A")
    }

    @Test("nesting is read to its bound and no further")
    func depth() throws {
        let deep =
            String(repeating: "[", count: JSON.maximumDepth) + "1" + String(repeating: "]", count: JSON.maximumDepth)
        _ = try self.parse(deep)
        #expect(throws: JSONError.self) { try self.parse("[" + deep + "]") }
    }

    @Test("ids of 64 bits are read whole, from text and number")
    func ids() throws {
        #expect(try self.parse(#""9223372036854775807""#).itemID == .max)
        #expect(try self.parse("9731089124").itemID == 9_731_089_124)
        for text in [#""""#, #""0""#, #""-1""#, #""+1""#, #""1.0""#, "1.0", "1e3", #""９""#, #""9223372036854775808""#] {
            #expect(try self.parse(text).itemID == nil, "\(text)")
        }
    }
}
