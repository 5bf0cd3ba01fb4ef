/// Which columns to select from a source, and what each is for.
package struct SourcePlan: Hashable, Sendable {
    /// Where the key columns stand in ``columns``.
    struct KeyPositions: Hashable, Sendable {
        let orderNumber: Int
        let customer: Int
        let style: Int
        let colour: Int
        let recordUUID: Int?
        let poNumber: Int
        let aagSeason: Int
        let customerSeason: Int
    }

    /// The columns to select, in this order, each once: first text, then one integer column a size.
    package let columns: [PlannedColumn]
    /// The names of the size columns, in the source's order.
    package let sizeLabels: [String]
    /// Columns inside the size block that are no sizes because their type is no integer.
    package let skippedColumns: [String]
    let keys: KeyPositions
    /// For each field its place in ``columns``.
    let fieldPositions: [Int]
    /// For each part of the title its place in ``columns``.
    let titlePositions: [Int]

    /// The place of the first size in ``columns``; the others follow.
    package var firstSize: Int { self.columns.count - self.sizeLabels.count }

    /// The place of the row's identity in ``columns``; nil when the source has none.
    package var recordUUIDPosition: Int? { self.keys.recordUUID }
}
