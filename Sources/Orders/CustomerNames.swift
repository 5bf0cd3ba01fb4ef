/// The canonical names of customers by what the source calls them.
///
/// A whole name matches in any case, and nothing less: `RARE` or `AJE` as a part of another name means nothing.
package struct CustomerNames: Hashable, Sendable {
    private let canonicalByAlias: [String: String]

    /// Takes pairs of an upper-cased alias and its canonical name.
    init(_ canonicalByAlias: [String: String]) {
        self.canonicalByAlias = canonicalByAlias
    }

    /// The form in which two spellings of a name are one.
    static func folded(_ name: String) -> String { name.uppercased() }

    func canonical(_ name: String) -> String { self.canonicalByAlias[Self.folded(name)] ?? name }

    /// The pairs in the order of the aliases.
    var sorted: [(alias: String, canonical: String)] {
        self.canonicalByAlias.sorted { $0.key < $1.key }.map { (alias: $0.key, canonical: $0.value) }
    }

    /// Every name of the same customer that the map knows, upper-cased.
    package func aliases(of canonical: String) -> [String] {
        self.sorted.filter { $0.canonical == canonical }.map(\.alias)
    }
}
