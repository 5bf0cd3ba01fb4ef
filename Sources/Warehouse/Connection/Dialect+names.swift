extension Dialect {
    /// A name as it stands in a statement, whatever characters it holds.
    func quoted(_ name: String) -> String {
        switch self {
        case .sqlServer: "[" + name.replacing("]", with: "]]") + "]"
        case .sqlite: "\"" + name.replacing("\"", with: "\"\"") + "\""
        }
    }

    /// Names as a list, quoted.
    func list(_ names: [String]) -> String {
        names.map { self.quoted($0) }.joined(separator: ", ")
    }

    /// One of the warehouse's tables: in the schema `dbo` on SQL Server; SQLite has none.
    func table(_ name: String) -> String {
        switch self {
        case .sqlServer: "[dbo]." + self.quoted(name)
        case .sqlite: self.quoted(name)
        }
    }

    /// A table that the configuration names, such as `dbo.ORDERS_UNIFIED` or `ORDERS.dbo.[MY TABLE]`.
    func configuredTable(_ name: String) -> String {
        let parts = Self.parts(name)
        switch self {
        case .sqlServer: return parts.map { self.quoted($0) }.joined(separator: ".")
        case .sqlite: return self.quoted(parts.last ?? name)
        }
    }

    /// The parts of a dotted name, brackets and quotes taken off; a dot inside them doesn't part.
    static func parts(_ name: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var closing: Character?
        for character in name {
            if let end = closing {
                if character == end { closing = nil } else { part.append(character) }
            } else if character == "[" {
                closing = "]"
            } else if character == "\"" {
                closing = "\""
            } else if character == "." {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        parts.append(part)
        return parts
    }
}
