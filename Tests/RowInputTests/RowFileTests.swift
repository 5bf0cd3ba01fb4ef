import Foundation
import TestSupport
import Testing

@testable import RowInput

@Suite struct RowFileTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func file(_ bytes: [UInt8]) throws -> FileHandle {
        let url = URL(fileURLWithPath: self.folder.file("rows"))
        try Data(bytes).write(to: url)
        return try FileHandle(forReadingFrom: url)
    }

    private func csv(_ text: String) throws -> [[String?]] { try self.csv(Array(text.utf8)) }

    private func csv(_ bytes: [UInt8]) throws -> [[String?]] {
        var rows = try CSVRows(self.file(bytes))
        var all: [[String?]] = [rows.header]
        while let row = try rows.next() { all.append(row) }
        return all
    }

    private func json(_ text: String) throws -> [[String]] {
        var rows = try JSONRows(self.file(Array(text.utf8)))
        var all: [[String]] = []
        while let row = try rows.next() { all.append(row.map { "\($0.name)=\($0.text ?? "NULL")" }) }
        return all
    }

    private func problem(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test("cells in quotes hold separators, line breaks and quotes; empty cells are null")
    func quotes() throws {
        let text = "\u{FEFF}A,\"B, b\",C\r\n1,\"x\"\"y\",\n\"line\nbreak\",\"\",3\r\n\r\n,,"
        #expect(
            try self.csv(text) == [
                ["A", "B, b", "C"], ["1", "x\"y", nil], ["line\nbreak", nil, "3"], [nil, nil, nil],
            ]
        )
    }

    @Test("a header without a comma is split by semicolons or tabs", arguments: [";", "\t"])
    func separators(separator: String) throws {
        let text = ["A", "B"].joined(separator: separator) + "\n" + ["1,5", "2"].joined(separator: separator) + "\n"
        #expect(try self.csv(text) == [["A", "B"], ["1,5", "2"]])
    }

    @Test("whatever the portions of reading, a row is whole")
    func portions() throws {
        let long = String(repeating: "é", count: 200_000)
        let rows = (0..<40).map { "\($0),\"\(long)\"" }
        let all = try self.csv((["N,T"] + rows).joined(separator: "\n"))
        #expect(all.count == 41)
        #expect(all.dropFirst().allSatisfy { $0[1] == long })
    }

    @Test("what is malformed is told with its line and row")
    func malformed() {
        #expect(
            self.problem { _ = try self.csv("A,B\n1,2\n\n1,2,3\n") }
                == "input, line 4, row 2: it has 3 cells, the header 2 columns"
        )
        #expect(
            self.problem { _ = try self.csv("A,B\n1,\"2\n3,4\n") }
                == "input, line 2, row 1: a quote is opened and never closed"
        )
        #expect(self.problem { _ = try self.csv("") }.contains("it has no header"))
        #expect(
            self.problem { _ = try self.csv([0x41, 0x0A, 0xFF, 0xFE, 0x0A]) }
                == "input, line 2, row 1: cell 1 is not UTF-8"
        )
        let wide = Array(repeating: "A", count: 5_000).joined(separator: ",")
        #expect(self.problem { _ = try self.csv(wide) }.contains("5000 columns; 4096 are allowed"))
        let huge = "A\n" + String(repeating: "x", count: InputLimits.rowBytes + 10)
        #expect(self.problem { _ = try self.csv(huge) }.contains("it is longer than"))
    }

    @Test("JSON keeps the digits of numbers and the order of keys; null and the empty text are null")
    func objects() throws {
        let text = """
            {"B": 28.860, "A": "x\\u00e9\\n\\ud83d\\ude00", "C": true, "D": null, "E": "", "F": -1e2}

              { "A" : 22.0 }\r
            {}
            """
        #expect(
            try self.json(text) == [
                ["B=28.860", "A=xé\n😀", "C=TRUE", "D=NULL", "E=NULL", "F=-1e2"], ["A=22.0"], [],
            ]
        )
    }

    @Test(
        "an object that is malformed is told with its line and row",
        arguments: [
            "[1]", "{\"A\": [1]}", "{\"A\": {\"B\": 1}}", "{\"A\": 1} {\"B\": 2}", "{\"A\": 1, \"A\": 2}",
            "{\"A\": 01x}", "{\"A\"",
            "{\"A\": \"x", "{\"A\": \"\\ud800x\"}", "{\"A\": +1}", "{\"A\": nul}", "{A: 1}", "{\"A\": 1,}",
        ]
    )
    func malformedObjects(line: String) {
        let problem = self.problem { _ = try self.json("{\"A\": 1}\n\n" + line + "\n") }
        #expect(problem.hasPrefix("input, line 3, row 2: "), "\(problem)")
    }

    @Test("the format shows in the first byte that is no blank")
    func formats() {
        #expect(InputFormat(beginning: Array("\u{FEFF}\n {\"A\"".utf8)) == .ndjson)
        #expect(InputFormat(beginning: Array("A,B".utf8)) == .csv)
        #expect(InputFormat(beginning: []) == .csv)
    }

    @Test(
        "random bytes and cut files end in an error or in rows, never in a crash",
        arguments: 0..<200 as Range<UInt64>
    )
    func noise(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let alphabet = Array("{}[]\",:\\ue0\n\r;x1.-é".utf8)
        let bytes = (0..<Int(random.next() % 300)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
        for begin in [bytes, Array("A,B\n".utf8) + bytes, Array("{\"A\":".utf8) + bytes] {
            _ = self.problem { _ = try self.csv(begin) }
            _ = self.problem { _ = try self.json(String(decoding: begin, as: UTF8.self)) }
        }
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
