import FoundationEssentials

/// How the text of a value is read, and what is allowed there in an operator's words.
struct ValueFormat<Value: Sendable>: Sendable {
    let allowed: String
    let parse: @Sendable (String) -> Value?
}

extension ValueFormat where Value == String {
    /// Any text on one line.
    static func text(_ allowed: String) -> Self {
        Self(allowed: allowed) { text in
            text.isEmpty || text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? nil : text
        }
    }

    static let path = Self.text("the path of a file")

    /// `host:port` of a listening socket, or `off`.
    static let listenAddress = Self(allowed: "host:port, such as 127.0.0.1:9464 or [::1]:9464, or off") { text in
        if text == "off" { return text }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        guard (0...65535).contains(port), !host.isEmpty, !host.contains(" ") else { return nil }
        return host.contains(":") && !(host.hasPrefix("[") && host.hasSuffix("]")) ? nil : text
    }
}

extension ValueFormat where Value == Bool {
    static let bool = Self(allowed: "true or false") { text in
        switch text.lowercased() {
        case "true", "yes": true
        case "false", "no": false
        default: nil
        }
    }
}

extension ValueFormat where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueFormat where Value == Int64 {
    /// An id of Monday.com: a positive number of at most 64 bits.
    static let identifier = Self(allowed: "the number in the board's address, such as 4755559751") { text in
        Int64(text).flatMap { $0 > 0 ? $0 : nil }
    }
}

extension ValueFormat where Value == Duration {
    private static var units: [(suffix: String, milliseconds: Int64)] {
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
    }

    /// A whole number with a unit, such as `250ms`, `30s`, `5m`, `1h`, `30d`.
    static func duration(_ least: String, _ most: String) -> Self {
        let range = (Self.milliseconds(least) ?? 0)...(Self.milliseconds(most) ?? .max)
        return Self(allowed: "a whole number with ms, s, m, h or d, from \(least) to \(most)") { text in
            Self.milliseconds(text).flatMap { range.contains($0) ? .milliseconds($0) : nil }
        }
    }

    fileprivate static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = text.dropFirst(digits.count)
        guard let count = Int64(digits), let unit = Self.units.first(where: { $0.suffix == suffix }) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : product
    }
}

extension ValueFormat where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One word of a closed list.
    static var word: Self {
        Self(allowed: Value.allCases.map(\.rawValue).joined(separator: ", ")) { Value(rawValue: $0) }
    }
}

extension ValueFormat where Value == BoardConcurrency {
    static var concurrency: Self {
        Self(allowed: "auto, or a whole number from 1 to 50") { text in
            if text == "auto" { return .automatic }
            return Int(text).flatMap { (1...50).contains($0) ? .fixed($0) : nil }
        }
    }
}

extension Duration {
    /// Reads a duration as the configuration spells it: a whole number with `ms`, `s`, `m`, `h` or `d`.
    package init?(spelled text: String) {
        guard let milliseconds = ValueFormat<Duration>.milliseconds(text) else { return nil }
        self = .milliseconds(milliseconds)
    }
}
