/// One thing that a migration made sure of.
package struct MigrationStep: Hashable, Sendable {
    package enum Did: String, Hashable, Sendable {
        case created
        case added
        /// It was there already.
        case exists
    }

    /// Such as `table MON_BatchProcessing` or `column MON_CustMasterSchedule.order_key`.
    package let name: String
    package let did: Did
    /// The statement that made it, or would.
    package let sql: String
}
