internal import FoundationEssentials
internal import Logging

extension LogLine {
    /// The line for a person: `2026-11-23T02:13:01Z warning  board is slow  http.status=429`.
    ///
    /// - Parameter time: Seconds since 1970.
    /// - Returns: The line with its line break, free of control characters that a terminal would obey.
    func asText(time: Int) -> [UInt8] {
        let timestamp = Date(timeIntervalSince1970: Double(time)).formatted(.iso8601)
        var line = timestamp + " " + Self.padded("\(self.level)", to: 8) + " " + Self.printable(self.message)
        for (index, field) in self.fields.enumerated() {
            line += (index == 0 ? "  " : " ") + Self.printable(field.key) + "="
            switch field.value {
            case .literal(let text): line += text
            case .text(let text): line += Self.quoted(Self.printable(text))
            }
        }
        return Array(line.utf8) + [UInt8(ascii: "\n")]
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" }
        return isPlain ? text : "\"" + text.map { $0 == "\"" ? "\\\"" : String($0) }.joined() + "\""
    }

    /// The text with its control characters spelt out, cut at ``maximumText`` bytes.
    private static func printable(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if out.utf8.count >= Self.maximumText { return out + "…" }
            switch scalar {
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}": out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
