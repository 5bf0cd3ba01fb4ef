/// One thing that a migration made sure of.
package struct MigrationStep: Hashable, Sendable {
    package enum Did: String, Hashable, Sendable {
        case created
        case added
        /// A table of another shape, out of the way.
        case renamed
        /// An index of a table that is renamed.
        case dropped
        /// It was there already.
        case exists
    }

    /// Such as `table MON_BatchProcessing` or `column MON_CustMasterSchedule.order_key`.
    package let name: String
    package let did: Did
    /// The statement that made it, or would.
    package let sql: String
    /// The table that is renamed by it; nil for all else.
    var renamedTable: String?

    init(name: String, did: Did, sql: String, renamedTable: String? = nil) {
        self.name = name
        self.did = did
        self.sql = sql
        self.renamedTable = renamedTable
    }
}
