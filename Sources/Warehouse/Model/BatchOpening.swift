package import FoundationEssentials

/// A batch that begins; names longer than their columns are cut when they are written.
package struct BatchOpening: Hashable, Sendable {
    package let id: UUID
    /// The batch's name, such as `GREYSON_CLOTHIERS_PO_4755`.
    package let customerName: String
    package let type: String
    /// UTC milliseconds.
    package let startTime: Int64
    /// Orders only.
    package let totalRecords: Int
    package let startedBy: String
    /// The configuration as JSON, without its secrets.
    package let configSnapshot: String?

    package init(
        id: UUID,
        customerName: String,
        type: String,
        startTime: Int64,
        totalRecords: Int,
        startedBy: String,
        configSnapshot: String? = nil
    ) {
        self.id = id
        self.customerName = customerName
        self.type = type
        self.startTime = startTime
        self.totalRecords = totalRecords
        self.startedBy = startedBy
        self.configSnapshot = configSnapshot
    }
}
