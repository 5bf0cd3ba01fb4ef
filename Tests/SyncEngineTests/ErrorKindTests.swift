import Foundation
import Orders
import TestSupport
import Testing
import Warehouse

@testable import Journal
@testable import SyncEngine

@Suite struct ErrorKindTests {
    private func error(
        _ code: String,
        source: PendingError.Source = .job,
        size: String? = nil,
        request: String? = nil
    ) -> PendingError {
        PendingError(
            id: 1,
            key: "job:1:1",
            source: source,
            isWritten: false,
            resolution: nil,
            orderKey: nil,
            jobID: 1,
            batchID: nil,
            batchName: "PO_4755",
            size: size,
            column: nil,
            failure: Failure(.permanent, code: code, message: ""),
            retryCount: 8,
            isExhausted: true,
            request: request,
            occurredAt: 5,
            recordUUID: nil,
            orderNumber: nil,
            sourceCustomer: nil,
            customer: "GREYSON",
            itemID: nil,
            data: nil
        )
    }

    @Test("an error row's type says what failed: of the board, of the database, or of the service")
    func kinds() {
        let group = #"{"query":"mutation { g0: create_group(board_id: $board) { id } }"}"#
        let item = #"{"query":"mutation { m0: create_item(board_id: $board) { id } }"}"#
        #expect(ErrorKind(self.error("rejected_row", source: .reject)) == .validation)
        #expect(ErrorKind(self.error("UNAUTHORIZED", request: group)) == .group)
        #expect(ErrorKind(self.error("MISSING_LABEL", request: item)) == .item)
        #expect(ErrorKind(self.error("MISSING_LABEL", size: "XL", request: item)) == .subitem)
        // What a look at the board has shown was never asked by a request.
        #expect(ErrorKind(self.error("ITEM_REMOVED")) == .item)
        for code in ["constraint", "truncation", "warehouse_22003"] {
            #expect(ErrorKind(self.error(code)) == .database)
        }
        for code in ["poison", "SNAPSHOT_UNREADABLE"] { #expect(ErrorKind(self.error(code)) == .service) }
    }

    @Test("an error row takes its batch's name from the journal, and without an order's data still says the rest")
    func row() throws {
        let row = ErrorRow(self.error("MISSING_LABEL", size: "XL"), fieldMap: try Self.fieldMap())
        #expect(row.customerBatch == "PO_4755" && row.maxRetriesReached && row.retryCount == 8 && row.lastRetryAt == 5)
        #expect(row.subitem?.size == "XL" && row.subitem?.quantity == nil && row.itemName == nil)
    }

    private static func fieldMap() throws -> FieldMap {
        let text = try String(contentsOf: URL(filePath: Project.path("systemd/fieldmap.yaml")), encoding: .utf8)
        return try FieldMap.load(yaml: text, name: "fieldmap.yaml")
    }
}
