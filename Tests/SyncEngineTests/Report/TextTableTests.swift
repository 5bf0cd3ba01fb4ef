import Testing

@testable import SyncEngine

@Suite struct TextTableTests {
    private func table(_ rows: [[String]]) -> TextTable {
        var table = TextTable([.init("JOB", .right), .init("ORDER"), .init("MESSAGE", isFlexible: true)])
        for row in rows { table.add(row) }
        return table
    }

    @Test("columns stand in step, numbers to the right, and no line ends in blanks")
    func alignment() {
        let lines = self.table([["7", "GRE-1", "short"], ["1234", "GRE-00505", ""]]).lines(width: nil)
        #expect(lines == [" JOB  ORDER      MESSAGE", "   7  GRE-1      short", "1234  GRE-00505"])
    }

    @Test(
        "on a narrow terminal the long column is cut, and no line is wider than the terminal",
        arguments: [30, 40, 79]
    )
    func narrow(width: Int) {
        let message = String(repeating: "label not found ", count: 20)
        let lines = self.table([["7", "GRE-1", message], ["8", "GRE-2", "日本語のメッセージ" + message]]).lines(width: width)
        #expect(lines.allSatisfy { DisplayText.width($0) <= width })
        #expect(lines[1].hasSuffix("…"))
        #expect(lines[1].hasPrefix("  7  GRE-1  label"))
    }

    @Test("in a pipe nothing is cut")
    func pipe() {
        let message = String(repeating: "x", count: 500)
        #expect(self.table([["7", "GRE-1", message]]).lines(width: nil)[1].hasSuffix(message))
    }

    @Test(
        "what an order holds can't steer the terminal",
        arguments: [
            ("\u{1B}[31mred", "\u{FFFD}[31mred"), ("a\r\nb", "a b"), ("a\tb", "a b"), ("\u{202E}cba", "\u{FFFD}cba"),
            ("bell\u{7}", "bell\u{FFFD}"), ("\u{9B}2J", "\u{FFFD}2J"), ("Zoë 👩‍👧", "Zoë 👩‍👧"),
        ]
    )
    func escape(value: String, shown: String) {
        #expect(DisplayText.safe(value) == shown)
        #expect(self.table([["1", "x", value]]).lines(width: nil)[1] == "  1  x      \(shown)")
    }
}
