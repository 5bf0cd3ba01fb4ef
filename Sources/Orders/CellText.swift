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
        let bytes = text.utf8
        for byte in bytes where byte < 0x20 || byte >= 0x7F { return Self.rebuilt(text, breaks) }
        // Printable ASCII needs no work beyond its ends, and usually not even there.
        guard let first = bytes.first, let last = bytes.last else { return nil }
        guard first == 0x20 || last == 0x20 else { return text }
        guard let start = bytes.firstIndex(where: { $0 != 0x20 }), let end = bytes.lastIndex(where: { $0 != 0x20 })
        else { return nil }
        return String(text[start...end])
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
            if !isBreak, Self.isControl(scalar) { continue }
            inBreak = false
            if Self.isWhiteSpace(scalar) {
                pending.append(scalar)
                continue
            }
            if !pending.isEmpty {
                if !scalars.isEmpty { scalars.append(contentsOf: pending) }
                pending = String.UnicodeScalarView()
            }
            scalars.append(scalar)
        }
        return scalars.isEmpty ? nil : String(scalars)
    }

    // The three properties below never change (Unicode's stability policy for general category Cc and the White_Space
    // list of PropList.txt since 6.3), so they are written out: looking them up costs more than all the rest.

    /// LF, VT, FF, CR, NEL, LS and PS: the mandatory breaks (UAX #14).
    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Whether a trimmed text is one of the words that stand for null in numbers, days and seasons.
    static func isNullWord(_ text: String) -> Bool {
        guard (3...4).contains(text.utf8.count) else { return false }
        return ["NULL", "NONE", "NAN"].contains(text.uppercased())
    }
}
