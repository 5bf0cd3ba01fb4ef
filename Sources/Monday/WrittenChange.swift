import Orders

/// What a change in a request was to write, read back from the bytes that were sent.
package struct WrittenChange: Hashable, Sendable {
    /// The text that each column shows when it was written; empty where it was cleared.
    package let cells: [String: String]
    package let name: String?

    package var columns: [String] { self.cells.keys.sorted() }

    /// Reads the change of an alias; nil when the bytes hold none, as those of a move.
    package init?(request body: [UInt8], alias: String) {
        guard let json = try? JSON(parsing: body), let text = json["variables"]?["\(alias)_values"]?.string,
            let values = try? JSON(parsing: Array(text.utf8)), let members = values.members
        else { return nil }
        var cells: [String: String] = [:]
        for member in members where member.key != "name" { cells[member.key] = Self.text(member.value) }
        self.cells = cells
        self.name = values["name"]?.string
    }

    /// Whether an item shows all that was to be written.
    package func isSeen(in item: BoardItem) -> Bool {
        (self.name.map { $0 == item.name } ?? true)
            && self.cells.allSatisfy { BoardText.shows(item.texts[$0.key], $0.value) }
    }

    /// The text of a value in the form that ``ColumnText`` gives it.
    private static func text(_ value: JSON) -> String {
        if let text = value.string { return text }
        if let labels = value["labels"]?.elements { return labels.compactMap(\.string).joined(separator: ", ") }
        return (value["text"] ?? value["date"] ?? value["label"])?.string ?? ""
    }
}
