internal import Logging

extension LogLine {
    /// The line for journald: `<6>{"level":"info",…}` and a line break.
    func forJournal() -> [UInt8] {
        var out = Array("<\(Self.priority(of: self.level))>{\"level\":\"\(self.level)\",\"logger\":".utf8)
        out.reserveCapacity(256 + self.message.utf8.count)
        Self.append(self.label, to: &out)
        out += Array(",\"message\":".utf8)
        Self.append(self.message, to: &out)
        for (key, value) in self.fields {
            out.append(UInt8(ascii: ","))
            Self.append(["level", "logger", "message"].contains(key) ? "metadata." + key : key, to: &out)
            out.append(UInt8(ascii: ":"))
            switch value {
            case .literal(let text): out += Array(text.utf8)
            case .text(let text): Self.append(text, to: &out)
            }
        }
        out += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return out
    }

    /// The level as syslog counts: `LOG_DEBUG` is 7, `LOG_CRIT` 2.
    private static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// Appends a JSON string, cut at ``maximumText`` bytes between characters.
    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        let start = out.count
        for scalar in text.unicodeScalars {
            guard out.count - start < Self.maximumText else {
                out += Array("…".utf8)
                break
            }
            switch scalar {
            case "\"": out += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            case "\\": out += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case "\n": out += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case "\t": out += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
                let digits = Array("0123456789abcdef".utf8)
                out += Array("\\u00".utf8) + [digits[Int(scalar.value >> 4)], digits[Int(scalar.value & 15)]]
            default: out += Array(String(scalar).utf8)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
