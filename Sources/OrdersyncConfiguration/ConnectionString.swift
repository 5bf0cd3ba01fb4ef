package import Orders

/// An ODBC connection string, taken apart by the driver manager's rules so that it can be added to without being broken.
///
/// Grammar: `keyword=value;…`, where a value in braces may hold anything, with `}` written as `}}`
/// (Microsoft, "SQLDriverConnect Function", section Connection Strings).
package struct ConnectionString: Hashable, Sendable {
    package struct Attribute: Hashable, Sendable {
        package let keyword: String
        package let value: Secret
    }

    package private(set) var attributes: [Attribute] = []
    /// The whole string.
    ///
    /// What was given stays as given: the SQLite driver, for one, takes braces for part of a path.
    package private(set) var text = Secret("")

    /// Builds a string; every value that needs it stands in braces.
    package init(attributes: [(String, String)]) {
        for (keyword, value) in attributes { self.append(keyword, value) }
    }

    /// Takes a string apart; nil when it is not a connection string.
    package init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else { return nil }
        var rest = Substring(text)
        var attributes: [Attribute] = []
        while let attribute = Self.next(in: &rest) {
            guard let attribute = attribute.value else { return nil }
            attributes.append(attribute)
        }
        guard attributes.contains(where: { ["driver", "dsn", "filedsn"].contains($0.keyword.lowercased()) }) else {
            return nil
        }
        self.attributes = attributes
        self.text = Secret(text)
    }

    /// The value of a keyword, in any case; the first counts, as for the driver manager.
    package subscript(keyword: String) -> String? {
        self.attributes.first { $0.keyword.lowercased() == keyword.lowercased() }?.value.reveal()
    }

    package mutating func append(_ keyword: String, _ value: String) {
        let text = self.text.reveal()
        let separator = text.isEmpty || text.hasSuffix(";") ? "" : ";"
        self.attributes.append(Attribute(keyword: keyword, value: Secret(value)))
        self.text = Secret("\(text)\(separator)\(keyword)=\(Self.quoted(value));")
    }

    package var hasPassword: Bool { self["PWD"] != nil || self["Password"] != nil }

    /// Whether a password must be added before a server would let us in.
    package var lacksPassword: Bool {
        if self.hasPassword { return false }
        if ["yes", "true", "sspi"].contains(self["Trusted_Connection"]?.lowercased() ?? "") { return false }
        if self["Authentication"]?.lowercased().hasPrefix("activedirectory") == true, self["UID"] == nil {
            return false
        }
        return self["Driver"]?.lowercased().contains("sqlite") != true
    }

    /// A value as it must stand in a connection string: whatever it holds, it can't end its attribute.
    static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: ":"): true
            default: false
            }
        }
        if isPlain { return value }
        return "{" + value.split(separator: "}", omittingEmptySubsequences: false).joined(separator: "}}") + "}"
    }

    /// The next attribute; nil at the end, an empty box where the text is malformed.
    private static func next(in rest: inout Substring) -> (value: Attribute?, Void)? {
        rest = rest.drop { $0 == ";" || $0 == " " }
        guard !rest.isEmpty else { return nil }
        guard let equals = rest.firstIndex(of: "=") else { return (nil, ()) }
        let keyword = Self.trimmed(rest[..<equals])
        rest = rest[rest.index(after: equals)...].drop { $0 == " " }
        guard !keyword.isEmpty, !keyword.contains(where: { "[]{}(),;?*!@".contains($0) }) else { return (nil, ()) }
        guard rest.first == "{" else {
            let end = rest.firstIndex(of: ";") ?? rest.endIndex
            defer { rest = rest[end...] }
            return (Attribute(keyword: keyword, value: Secret(Self.trimmed(rest[..<end]))), ())
        }
        guard let value = Self.braced(in: &rest) else { return (nil, ()) }
        rest = rest.drop { $0 == " " }
        guard rest.isEmpty || rest.first == ";" else { return (nil, ()) }
        return (Attribute(keyword: keyword, value: Secret(value)), ())
    }

    /// A value in braces, which `rest` begins with; nil when they are not closed.
    private static func braced(in rest: inout Substring) -> String? {
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst() {
            if character != "}" {
                value.append(character)
            } else if rest.first == "}" {
                rest = rest.dropFirst()
                value.append("}")
            } else {
                return value
            }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.reversed().drop { $0 == " " }.reversed().drop { $0 == " " })
    }
}
