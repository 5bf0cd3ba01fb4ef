import Yams

/// A mapping of a YAML file that knows which of its keys were asked for and gathers what is wrong.
///
/// Scalars are read as the text that stands there, so `NO`, `1.0` and `2025-05-20` are what they look like.
struct YAMLMapping {
    let line: Int?
    private let nodes: [String: Node]
    private let keyLines: [(key: String, line: Int?)]

    /// Takes a mapping whose keys must be among those known; anything else is a problem.
    init?(_ node: Node, _ what: String, keys: Set<String>, _ problems: inout [FieldMapError.Problem]) {
        guard case .mapping(let mapping) = node else {
            problems.append(.init(line: node.mark?.line, message: "\(what) must be a list of keys with values"))
            return nil
        }
        self.line = node.mark?.line
        var nodes: [String: Node] = [:]
        var keyLines: [(key: String, line: Int?)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.append(.init(line: key.mark?.line, message: "\(what): a key must be a word"))
                continue
            }
            guard keys.isEmpty || keys.contains(name) else {
                let known = keys.sorted().joined(separator: ", ")
                problems.append(
                    .init(line: key.mark?.line, message: "\(what): unknown key “\(name)”; known are \(known)")
                )
                continue
            }
            nodes[name] = value
            keyLines.append((name, key.mark?.line))
        }
        self.nodes = nodes
        self.keyLines = keyLines
    }

    /// The pairs as they stand in the file.
    var pairs: [(key: String, line: Int?, node: Node)] {
        self.keyLines.compactMap { key, line in self.nodes[key].map { (key, line, $0) } }
    }

    subscript(key: String) -> Node? { self.nodes[key] }

    /// The line of a key's value, else of the mapping.
    func line(of key: String) -> Int? { self.nodes[key]?.mark?.line ?? self.line }

    /// The text of a key that may be missing.
    func text(_ key: String, _ what: String, _ problems: inout [FieldMapError.Problem]) -> String? {
        guard let node = self.nodes[key] else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else {
            problems.append(.init(line: node.mark?.line, message: "\(what): “\(key)” must be a text that is not empty"))
            return nil
        }
        return text
    }

    /// The text of a key that must be there.
    func required(_ key: String, _ what: String, _ problems: inout [FieldMapError.Problem]) -> String? {
        guard self.nodes[key] != nil else {
            problems.append(.init(line: self.line, message: "\(what): “\(key)” is missing"))
            return nil
        }
        return self.text(key, what, &problems)
    }
}
