package import FoundationEssentials

/// The name of an order for life: minted once from its first business key, written on the board, never reused.
package struct OrderKey: Hashable, Sendable, CustomStringConvertible {
    package let uuid: UUID

    package init(uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the lower-case or upper-case text of a UUID; nil for anything else.
    package init?(_ text: String) {
        guard let uuid = UUID(text: text) else { return nil }
        self.uuid = uuid
    }

    /// The lower-case text of the UUID, as it stands in the journal, the warehouse and the board's key column.
    package var description: String { self.uuid.lowercaseText }
}
