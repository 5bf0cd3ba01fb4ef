import SyncEngine
import Testing
import Warehouse

@Suite struct BatchNamingTests {
    @Test("a batch is named by its customer and purchase order")
    func names() {
        let filter = SourceFilter(customers: ["GREYSON CLOTHIERS"], purchaseOrders: ["4755"])
        #expect(BatchNaming.name(filter) == "GREYSON_CLOTHIERS_PO_4755")
        #expect(BatchNaming.name(SourceFilter(aagSeasons: ["2025 FALL"])) == "FILTERED_ORDERS")
        #expect(BatchNaming.name(SourceFilter()) == "ALL_ORDERS")
    }

    @Test("a batch's type fits its column, whatever the filter")
    func types() {
        let filter = SourceFilter(
            customers: ["X"],
            purchaseOrders: ["1"],
            aagSeasons: ["2025 FALL"],
            customerSeasons: ["SPRING SUMMER 2026"]
        )
        #expect(BatchNaming.type(filter) == "TARGETED_CUSTOMER_PO_AAG_2025_FALL_CUST_SPRING_SUMMER_2026".prefix(50))
        #expect(BatchNaming.type(SourceFilter()) == "FULL_BATCH")
    }
}
