/// Text as a terminal may show it: values of orders come from outside, and a terminal obeys what is in them.
package enum DisplayText {
    /// The text without anything that moves the cursor, changes colours or turns the reading direction.
    package static func safe(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\r": continue
            case "\n", "\t": result.append(" ")
            default: result.append(Self.isHarmful(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return String(result)
    }

    /// How many cells of a terminal a text takes.
    package static func width(_ text: String) -> Int {
        text.utf8.allSatisfy { $0 < 128 } ? text.utf8.count : text.reduce(0) { $0 + Self.width($1) }
    }

    /// The text in at most `width` cells; what is cut ends in `…`.
    package static func cut(_ text: String, to width: Int) -> String {
        guard Self.width(text) > width else { return text }
        guard width > 0 else { return "" }
        var result = ""
        var used = 0
        for character in text {
            let cells = Self.width(character)
            if used + cells > width - 1 { break }
            result.append(character)
            used += cells
        }
        return result + "…"
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: true
        // Marks of direction can make a line read as something else; the joiners of scripts and emoji may stay.
        case .format: scalar.value != 0x200C && scalar.value != 0x200D && scalar.value != 0xFEFF
        default: false
        }
    }

    /// Two cells for the scripts of East Asia and for emoji, after Unicode's table of East Asian widths, roughly.
    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            let category = scalar.properties.generalCategory
            return category == .nonspacingMark || category == .enclosingMark ? 0 : 1
        }
    }
}
