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
        /// What comes of it.
        package enum Action: String, Hashable, Sendable, Codable {
            /// It is told, and the board keeps it.
            case reported
            /// It will be archived or set to zero when a later run misses it too.
            case awaiting
            /// Its item is archived.
            case archive
            /// Its quantities are set to zero.
            case zero
        }

        package let orderKey: String
        package let orderNumber: String
        package let customer: String
        /// When a run first missed it, in UTC milliseconds; nil when this one does.
        package let missingSince: Int64?
        package let action: Action
    }

    /// An order of the ledger that is in no row, and a row that may be it under another style or colour; neither is gone.
    package struct Renamed: Hashable, Sendable, Codable {
        package let orderNumber: String
        package let customer: String
        /// The orders of the ledger.
        package let orderKeys: [String]
        /// How many rows, which are new unless they were rejected.
        package let rows: Int
    }

    /// One order that a run changes, as a dry run shows it.
    package struct Change: Hashable, Sendable, Codable {
        package enum Kind: String, Hashable, Sendable, Codable {
            case new, changed, archive, zero
        }

        /// One column of it.
        package struct Column: Hashable, Sendable, Codable {
            package let column: String
            package let old: String?
            package let new: String?
        }

        package let kind: Kind
        /// Nil for a new order.
        package let orderKey: String?
        package let orderNumber: String
        package let customer: String
        package let style: String?
        package let colour: String?
        package let columns: [Column]
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
    /// Orders of which a row may be under another style or colour.
    package var possiblyRenamed = 0
    /// Known orders that changed when they were first read by the present field map.
    package var changedByFieldMap = 0
    /// Jobs written: new, changed and gone orders, within `--limit`.
    package var enqueued = 0
    /// Whether every row of the scope was read and considered, so that gone orders can be told.
    package var complete = true
    package var durationMilliseconds: Int64 = 0
    /// The first ``listLimit`` rejected cells.
    package var rejects: [Rejected] = []
    /// The first ``listLimit`` gone orders.
    package var goneOrders: [Gone] = []
    /// The first ``listLimit`` order numbers under which something was renamed.
    package var renamed: [Renamed] = []
    /// Order by order what would change, of a dry run only: the first ``changeLimit`` orders.
    package var changes: [Change]?

    package static let listLimit = 1_000
    package static let changeLimit = 10_000

    package init() {}
}
