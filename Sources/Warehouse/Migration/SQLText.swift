/// A scanner over SQL that knows comments, strings and quoted names, so that what stands in them is not taken for SQL.
struct SQLText {
    enum Token: Hashable {
        /// A bare word, upper-cased.
        case word(String)
        /// A name in brackets or double quotes, without them.
        case name(String)
        /// A string, without its quotes.
        case string(String)
        case symbol(Character)
    }

    /// Each token with the place where it begins and ends.
    static func tokens(_ text: String) -> [(token: Token, range: Range<String.Index>)] {
        var tokens: [(token: Token, range: Range<String.Index>)] = []
        var index = text.startIndex
        while index < text.endIndex {
            let start = index
            let character = text[index]
            let rest = text[index...]
            if character.isWhitespace {
                index = text.index(after: index)
            } else if rest.hasPrefix("--") {
                index = rest.firstIndex { $0.isNewline } ?? text.endIndex
            } else if rest.hasPrefix("/*") {
                index = rest.firstRange(of: "*/")?.upperBound ?? text.endIndex
            } else if character == "'" {
                tokens.append((.string(Self.quoted(text, &index, "'")), start..<index))
            } else if character == "\"" {
                tokens.append((.name(Self.quoted(text, &index, "\"")), start..<index))
            } else if character == "[" {
                tokens.append((.name(Self.quoted(text, &index, "]")), start..<index))
            } else if character.isLetter || character.isNumber || character == "_" || character == "@" {
                index = rest.firstIndex { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") } ?? text.endIndex
                tokens.append((.word(text[start..<index].uppercased()), start..<index))
            } else {
                index = text.index(after: index)
                tokens.append((.symbol(character), start..<index))
            }
        }
        return tokens
    }

    /// The text without its comments: drivers that look for parameters and semicolons by themselves find them in comments too.
    static func withoutComments(_ text: String) -> String {
        var result = ""
        var end: String.Index?
        for (_, range) in Self.tokens(text) {
            if let end {
                let gap = text[end..<range.lowerBound]
                result += gap.contains { !$0.isWhitespace } ? "\n" : gap
            }
            result += text[range]
            end = range.upperBound
        }
        return result
    }

    /// Reads from the opening quote to behind the closing one; a doubled closing quote stands for itself.
    private static func quoted(_ text: String, _ index: inout String.Index, _ closing: Character) -> String {
        var content = ""
        index = text.index(after: index)
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            if character == closing {
                guard index < text.endIndex, text[index] == closing else { return content }
                index = text.index(after: index)
            }
            content.append(character)
        }
        return content
    }
}
