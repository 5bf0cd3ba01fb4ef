/// What an enqueue run found and wrote.
package struct RunReport: Hashable, Sendable, Codable {
    /// One rejected cell of the source.
    package struct Rejected: Hashable, Sendable, Codable {
        package let row: Int?
        package let orderNumber: String?
        package let customer: String?
        package let column: String
        /// The cell, cut; nil for NULL.
        package let value: String?
        package let reason: String
    }

    /// An order that is in the ledger but in no row.
    package struct Gone: Hashable, Sendable, Codable {
        package let orderKey: String
        package let orderNumber: String
        package let customer: String
    }

    package var dryRun = false
    /// The number of the run in the journal; nil when nothing was written.
    package var runID: Int64?
    package var batchName = ""
    package var batchType = ""
    package var read = 0
    package var new = 0
    package var changed = 0
    package var unchanged = 0
    package var gone = 0
    package var rejected = 0
    /// Jobs written: new and changed orders, within `--limit`.
    package var enqueued = 0
    /// Whether every row of the scope was read and considered, so that gone orders can be told.
    package var complete = true
    package var durationMilliseconds: Int64 = 0
    /// The first ``listLimit`` rejected cells.
    package var rejects: [Rejected] = []
    /// The first ``listLimit`` gone orders.
    package var goneOrders: [Gone] = []

    package static let listLimit = 1_000

    package init() {}
}
