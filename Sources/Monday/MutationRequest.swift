/// The exact bytes of one request for changes, with the names its answers come under.
///
/// The same mutations always make the same bytes, so that a request can be sent again under its idempotency key.
/// All values are variables; the document's text depends only on the kinds of the mutations and their number.
package struct MutationRequest: Hashable, Sendable {
    /// The most mutations Monday's time limit of 60 s leaves room for: a create takes 0.9 s.
    package static let maximumMutations = 25
    /// The same for subitems, which take 3 to 4 s each.
    package static let maximumSubitems = 8

    package let body: [UInt8]
    /// One name a mutation, in order: `m0`, `c0` or `g0` (see ``Alias``).
    package let aliases: [String]

    /// Takes a request that was made before, as it stands in the journal.
    package init(body: [UInt8], aliases: [String]) {
        self.body = body
        self.aliases = aliases
    }

    /// Makes the request.
    ///
    /// - Parameters:
    ///   - board: the board that groups, items and columns are made on.
    ///   - mutations: at least one; none with a ``Mutation/refusal``.
    package init(board: Int64, mutations: [Mutation]) {
        var document = MutationDocument(board: board)
        for mutation in mutations { document.add(mutation) }
        self.body = document.body
        self.aliases = document.aliases
    }

    /// The labels that it brings, and the column of each; none of bytes that are no such request.
    package var labels: [(column: String, text: String)] {
        let variables = (try? JSON(parsing: self.body))?["variables"]?.members ?? []
        return variables.filter { $0.key.hasSuffix("_values") }.flatMap { values in
            let columns = values.value.string.flatMap { try? JSON(parsing: Array($0.utf8)) }?.members ?? []
            return columns.flatMap { column in
                ([column.value["label"]] + (column.value["labels"]?.elements ?? []))
                    .compactMap { $0?.string }.map { (column.key, $0) }
            }
        }
    }
}

/// The name of a mutation within its request, which says what kind of id its answer must hold.
///
/// The name is all that the journal keeps of it, so a request can be sent again, and its answer judged, from there.
enum Alias {
    /// The name of the mutation at that place.
    static func name(_ index: Int, of kind: Mutation.Kind) -> String {
        switch kind {
        case .createGroup, .createColumn: "g\(index)"
        case .changeColumns, .moveItem: "c\(index)"
        case .createItem, .createSubitem, .archiveItem, .deleteItem: "m\(index)"
        }
    }

    /// Whether the mutation changes an item that must be on the board: its answer says whether it is.
    static func isOfChange(_ alias: String) -> Bool { alias.hasPrefix("c") }

    /// Whether the id that comes back is text, as groups and columns have, not a number.
    static func hasTextID(_ alias: String) -> Bool { alias.hasPrefix("g") }
}
