/// A connection string, taken apart into its keywords.
package struct ConnectionString: Hashable, Sendable {
    /// The keywords in their order, lower-case, with their values, braces taken off.
    package let pairs: [(keyword: String, value: String)]

    /// The keywords whose values are secret.
    private static let secretKeywords: Set<String> = ["pwd", "password", "accesstoken", "secret", "clientsecret"]

    package init(_ text: String) {
        var pairs: [(keyword: String, value: String)] = []
        var rest = Substring(text)
        while let equals = rest.firstIndex(of: "=") {
            let keyword = rest[..<equals].drop { $0 == ";" || $0.isWhitespace }
            rest = rest[rest.index(after: equals)...]
            let value = Self.takeValue(&rest)
            pairs.append((keyword.lowercased(), value))
        }
        self.pairs = pairs
    }

    /// The value of a keyword, whose case doesn't matter; the first when it stands twice, as drivers take it.
    package subscript(keyword: String) -> String? {
        self.pairs.first { $0.keyword == keyword.lowercased() }?.value
    }

    /// The server's TCP port, where it is said: `Port=1433`, or `Server=tcp:host,1433`.
    package var port: UInt16? {
        let server = self["server"] ?? self["address"] ?? self["addr"] ?? ""
        let behind = server.split(separator: ",", maxSplits: 1).dropFirst().first.map { $0.filter { !$0.isWhitespace } }
        return (self["port"] ?? behind).flatMap { UInt16($0) }
    }

    /// A value as it may stand in a connection string: in braces, a closing brace doubled.
    package static func quoted(_ value: String) -> String {
        "{" + value.replacing("}", with: "}}") + "}"
    }

    /// What no error may show, in the forms it may stand in.
    var secrets: [String] {
        self.pairs.filter { Self.secretKeywords.contains($0.keyword) && !$0.value.isEmpty }
            .flatMap { [Self.quoted($0.value), $0.value] }
    }

    package static func == (left: ConnectionString, right: ConnectionString) -> Bool {
        left.pairs.elementsEqual(right.pairs, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        for pair in self.pairs { hasher.combine(pair.keyword) }
    }

    /// Takes a value off the front, up to the next semicolon, or in braces, where `}}` stands for one.
    private static func takeValue(_ rest: inout Substring) -> String {
        guard rest.first == "{" else {
            let value = rest.prefix { $0 != ";" }
            rest = rest[value.endIndex...]
            return String(value)
        }
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if character == "}" {
                guard rest.first == "}" else { break }
                rest = rest.dropFirst()
            }
            value.append(character)
        }
        return value
    }
}
