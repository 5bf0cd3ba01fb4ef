import Foundation
import TestSupport
import Testing

extension BadInputTests {
    /// Which column is at fault in each bad row of the demo data; two of the rows have no order number.
    private static let faults = [
        "BAD-00002": "CUSTOMER NAME", "BAD-00003": "CUSTOMER PRICE", "BAD-00004": "FINAL FOB (USD)",
        "BAD-00005": "EX WORKS (USD)", "BAD-00006": "US DUTY", "BAD-00007": "EX FACTORY DATE",
        "BAD-00008": "ORDER DATE PO RECEIVED", "BAD-00009": "CUSTOMER ALT PO", "BAD-00010": "STYLE DESCRIPTION",
        "BAD-00011": "ALIAS/RELATED ITEM", "BAD-00012": "NOTES", "BAD-00013": "M", "BAD-00014": "M",
        "BAD-00015": "UNIT OF MEASURE", "BAD-00016": "item name",
    ]
    private static let good = (17...25).map { "BAD-000\($0)" }

    @Test("a row with a bad value is told by row, column and reason, and the good rows beside it go through")
    func rows() async throws {
        let bench = try await Workbench(data: ["--bad"])
        let run = try await bench.run("ordersync-enqueue", "--po", "BAD-1", "--json")
        expect(0, of: run)
        let report = try JSONValue(run.output)
        #expect(report["new"].integer == Self.good.count)
        #expect(report["rejected"].integer == Self.faults.count + 2)
        let rejects = report["rejects"].array
        for (order, column) in Self.faults {
            let reject = rejects.first { $0["orderNumber"].string == order && $0["column"].string == column }
            #expect((reject?["row"].integer ?? 0) > 0, "\(order)")
            #expect(reject?["reason"].string?.isEmpty == false, "\(order)")
        }
        let nameless = rejects.filter { $0["orderNumber"].isNull }
        #expect(nameless.map { $0["column"].string } == ["AAG ORDER NUMBER", "AAG ORDER NUMBER"])
        #expect(nameless.allSatisfy { $0["reason"].string == "is missing" })

        let summary = try await bench.run("ordersync-enqueue", "--po", "BAD-1", "--strict")
        expect(1, "Rejected; the board keeps what it has", "COLUMN", "REASON", "28.86 EUR", "next week", of: summary)

        expect(0, of: try await bench.run("ordersyncd", "drain"))
        let numbers = try await bench.board().items.compactMap { $0.columns["text_mkr5wya6"] }.sorted()
        #expect(numbers == Self.good)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["\(Self.good.count)"])
    }

    @Test(
        "a rejected row gets one error row, however often it is met, and that is resolved when the row passes or is gone"
    )
    func errorRows() async throws {
        let bench = try await Workbench(data: ["--bad"])
        let all = Int64(Self.faults.count + 2)
        for _ in 1...2 {
            expect(0, of: try await bench.run("ordersync-enqueue", "--po", "BAD-1"))
            expect(0, of: try await bench.run("ordersyncd", "drain"))
            #expect(try await bench.traces().count("ERR_") == all)
        }
        let row = try bench.warehouse(
            """
            SELECT error_message FROM ERR_MON_CustMasterSchedule
            WHERE order_number = 'BAD-00003' AND error_type = 'VALIDATION_ERROR' AND resolved_date IS NULL
            """
        )
        #expect(row.count == 1)
        #expect(row.first?.hasSuffix(" CUSTOMER PRICE: is not a number") == true, "\(row)")

        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '28.86' WHERE [AAG ORDER NUMBER] = 'BAD-00003';
            DELETE FROM ORDERS_UNIFIED WHERE [AAG ORDER NUMBER] = 'BAD-00007';
            """
        )
        let corrected = try await bench.run("ordersync-enqueue", "--po", "BAD-1", "--json")
        #expect(try JSONValue(corrected.output)["new"].integer == 1, "\(corrected)")
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        let resolved = try bench.warehouse(
            "SELECT order_number FROM ERR_MON_CustMasterSchedule WHERE resolved_date IS NOT NULL ORDER BY 1"
        )
        #expect(resolved == ["BAD-00003", "BAD-00007"])
        #expect(try await bench.board().items.contains { $0.columns["text_mkr5wya6"] == "BAD-00003" })
    }

    @Test("an order whose row turns bad keeps its last good state on the board")
    func lastGoodState() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.traces()
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [EX FACTORY DATE] = 'soon', [DESTINATION] = 'ROTTERDAM'
            WHERE rowid = (SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' LIMIT 1)
            """
        )
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--json")
        let report = try JSONValue(run.output)
        #expect([report["new"], report["changed"], report["gone"], report["rejected"]].map(\.integer) == [0, 0, 0, 1])
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        let after = try await bench.traces()
        #expect(after.mutations == before.mutations)
        #expect(after.count("MON_CustMasterSchedule") == before.count("MON_CustMasterSchedule"))
        #expect(try bench.warehouse("SELECT order_key IS NOT NULL FROM ERR_MON_CustMasterSchedule") == ["1"])
    }

    @Test("a source that gives one row identity twice is being loaded: the run is refused")
    func repeatedIdentity() async throws {
        let bench = try await Workbench(data: ["--duplicate-uuid"])
        let before = try await bench.traces()
        let outcome = try await bench.run("ordersync-enqueue", "--all")
        expect(65, "record_uuid", "run again", of: outcome)
        let after = try await bench.traces()
        #expect(after.count("job") + after.count("ledger") + after.count("run") == 0)
        #expect(after.mutations == before.mutations)
    }
}
