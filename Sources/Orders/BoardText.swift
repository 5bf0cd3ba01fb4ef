/// Compares values with cells of the board, which Monday.com gives back as text whatever their type.
package enum BoardText {
    /// Whether a cell shows a value; nil and the empty text are one.
    package static func shows(_ found: String?, _ value: String?) -> Bool {
        let found = Self.normal(found)
        let value = Self.normal(value)
        if found == value { return true }
        guard let left = Self.decimal(found), let right = Self.decimal(value) else { return false }
        return left == right
    }

    /// Without blanks around it, and with one kind of line break.
    private static func normal(_ text: String?) -> String {
        guard let text else { return "" }
        let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        return String(trimmed.map { $0 == "\r\n" ? "\n" : $0 })
    }

    /// A plain decimal number without needless zeros; nil for any other text.
    private static func decimal(_ text: String) -> String? {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({
                !$0.isEmpty && $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            })
        else { return nil }
        let whole = parts[0].drop { $0 == "0" }
        let rest = parts.count == 2 ? String(parts[1].reversed().drop { $0 == "0" }.reversed()) : ""
        let number = (whole.isEmpty ? "0" : String(whole)) + (rest.isEmpty ? "" : "." + rest)
        return isNegative && number != "0" ? "-" + number : number
    }
}
