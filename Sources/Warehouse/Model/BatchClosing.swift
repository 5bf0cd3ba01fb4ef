package import FoundationEssentials

/// A step of a batch that is over.
package enum BatchStep: Hashable, Sendable {
    case itemsCreated
    case subitemsCreated
    case promoted
}

/// How a batch ended.
///
/// Every counter but ``subitemsProcessed`` counts orders; times are UTC milliseconds.
package struct BatchClosing: Hashable, Sendable, Codable {
    package enum Status: String, Hashable, Sendable, Codable {
        case completed = "COMPLETED"
        case completedWithErrors = "COMPLETED_WITH_ERRORS"
        case noRecords = "NO_RECORDS"
        case failed = "FAILED"
    }

    package var id: UUID
    package var status: Status
    package var totalRecords: Int
    package var successful: Int
    package var failed: Int
    package var subitemsProcessed = 0
    package var apiCallsMade = 0
    package var apiFailures = 0
    package var retriesAttempted = 0
    package var errorSummary: String?
    package var processingNotes: String?
    package var stagingLoadCompleted: Int64?
    package var itemsCreationCompleted: Int64?
    package var subitemsCreationCompleted: Int64?
    package var promotionCompleted: Int64?
    package var cleanupCompleted: Int64?
    package var endTime: Int64
    package var completedBy: String

    package init(
        id: UUID,
        status: Status,
        totalRecords: Int,
        successful: Int,
        failed: Int,
        endTime: Int64,
        completedBy: String
    ) {
        self.id = id
        self.status = status
        self.totalRecords = totalRecords
        self.successful = successful
        self.failed = failed
        self.endTime = endTime
        self.completedBy = completedBy
    }
}
