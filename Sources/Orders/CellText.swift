/// The text rules that come before all others: so that every way of reading a source agrees.
enum CellText {
    /// How line breaks and tabs inside a text are kept.
    enum Breaks {
        /// As they stand: for long text.
        case kept
        /// A run of them as one space: for everything else.
        case spaced
    }

    /// The text without control characters and without white space at its ends; nil when nothing is left.
    ///
    /// White space, control characters and line breaks are what Unicode calls so.
    static func cleaned(_ text: String, _ breaks: Breaks) -> String? {
        var last: UInt8 = 0x20
        var isPlain = true
        for byte in text.utf8 {
            if byte < 0x20 || byte >= 0x7F { isPlain = false }
            last = byte
        }
        // Printable ASCII needs no work, unless it begins or ends in a space.
        guard !isPlain || last == 0x20 || text.utf8.first == 0x20 else { return text }
        return Self.rebuilt(text, breaks)
    }

    private static func rebuilt(_ text: String, _ breaks: Breaks) -> String? {
        var scalars = String.UnicodeScalarView()
        // White space that is kept only if something follows it.
        var pending = String.UnicodeScalarView()
        var inBreak = false
        for scalar in text.unicodeScalars {
            let isBreak = scalar == "\t" || Self.isLineBreak(scalar)
            if isBreak, breaks == .spaced {
                if !inBreak { pending.append(" ") }
                inBreak = true
                continue
            }
            if !isBreak, scalar.properties.generalCategory == .control { continue }
            inBreak = false
            if scalar.properties.isWhitespace {
                pending.append(scalar)
                continue
            }
            if !scalars.isEmpty { scalars.append(contentsOf: pending) }
            pending = String.UnicodeScalarView()
            scalars.append(scalar)
        }
        return scalars.isEmpty ? nil : String(scalars)
    }

    /// LF, VT, FF, CR, NEL, LS and PS: the mandatory breaks of Unicode (UAX #14).
    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether a trimmed text is one of the words that stand for null in numbers, days and seasons.
    static func isNullWord(_ text: String) -> Bool {
        guard (3...4).contains(text.utf8.count) else { return false }
        return ["NULL", "NONE", "NAN"].contains(text.uppercased())
    }
}
