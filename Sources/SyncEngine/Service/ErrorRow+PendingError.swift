import Journal
import Monday
import Orders
import Warehouse

extension ErrorRow {
    /// The row that the error tables get for a failure that the journal kept.
    init(_ error: PendingError, fieldMap: FieldMap) {
        self.init(
            errorKey: error.key,
            errorType: ErrorKind(error).rawValue,
            failure: error.failure,
            createdAt: error.occurredAt,
            retryCount: error.retryCount,
            maxRetriesReached: error.isExhausted
        )
        self.jobID = error.jobID
        self.orderKey = error.orderKey
        self.batchID = error.batchID
        self.customerBatch = error.batchName ?? error.customer ?? error.sourceCustomer
        self.orderNumber = error.orderNumber
        self.apiPayload = error.request
        self.lastRetryAt = error.retryCount > 0 ? error.occurredAt : nil
        self.originalData = error.data.map { String(decoding: $0, as: UTF8.self) }
        if error.source == .reject {
            let row = error.data.flatMap { RejectedRow(source: $0, fieldMap: fieldMap) }
            self.itemName = row?.title
            self.groupName = row?.group
            return
        }
        let order = error.data.flatMap { try? Order(snapshot: $0, fieldMap: fieldMap) }
        self.itemName = order?.title
        self.groupName = order?.group
        guard let size = error.size else { return }
        // A size that the order no longer has was to be set to zero.
        let quantity = order?.sizes.first { $0.label == size }.map { Int64($0.quantity) }
        self.subitem = Subitem(
            size: size,
            name: fieldMap.subitem.namePrefix + size,
            quantity: order == nil ? nil : quantity ?? 0,
            parentItemID: error.itemID
        )
    }
}

/// The words of the error tables' `error_type`; the first four are those that the predecessor's reports know.
enum ErrorKind: String, Hashable, Sendable {
    case validation = "VALIDATION_ERROR"
    case group = "GROUP_CREATION_ERROR"
    case item = "ITEM_CREATION_ERROR"
    case subitem = "SUBITEM_CREATION_ERROR"
    /// Staging or production refused the row.
    case database = "DATABASE_ERROR"
    /// Nothing outside of the service is at fault.
    case service = "INTERNAL_ERROR"

    init(_ error: PendingError) {
        switch error.source {
        case .reject: self = .validation
        case .job:
            if error.size != nil {
                self = .subitem
            } else if error.request?.contains(" create_group(") == true {
                self = .group
            } else if error.failure.isOfWarehouse {
                self = .database
            } else {
                self = Self.own.contains(error.failure.code) ? .service : .item
            }
        }
    }

    private static let own: Set<String> = ["poison", "internal", "SNAPSHOT_UNREADABLE"]
}
