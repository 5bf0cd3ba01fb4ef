import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct MainJobTests {
    private static let group = "GREYSON CLOTHIERS 2025 FALL"

    @Test(
        "a purchase order comes out as one group, its items and their size subitems, and a second run finds nothing new"
    )
    func knownPurchaseOrder() async throws {
        let bench = try await Workbench()
        let enqueued = try await bench.run(
            "ordersync-enqueue",
            "--customer",
            "GREYSON CLOTHIERS",
            "--po",
            "4755",
            "--json"
        )
        #expect(enqueued.status == 0, "\(enqueued)")
        #expect(try JSONValue(enqueued.output)["new"].integer == 69)

        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")

        let board = try await bench.board()
        #expect(board.groups.filter { $0 == Self.group }.count == 1)
        #expect(board.items.count == 69)
        #expect(Set(board.items.map(\.group)) == [Self.group])
        #expect(board.subitemCount == 264)
        #expect(board.items.allSatisfy { $0.subitems.count == $0.subitemCount }, "no size stands twice")
        #expect(board.duplicateKeys.isEmpty)
        try self.compare(board, with: bench)

        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule_Subitems") == ["264"])
        #expect(
            try bench.warehouse(
                """
                SELECT count(*) FROM MON_BatchProcessing WHERE status = 'COMPLETED' AND total_records = 69
                    AND successful_records = 69 AND failed_records = 0 AND start_time IS NOT NULL AND end_time IS NOT NULL
                    AND staging_load_completed IS NOT NULL AND items_creation_completed IS NOT NULL
                    AND subitems_creation_completed IS NOT NULL AND promotion_completed IS NOT NULL
                    AND customer_name = 'GREYSON_CLOTHIERS_PO_4755' AND batch_type = 'TARGETED_CUSTOMER_PO'
                """
            ) == ["1"]
        )
        #expect(try bench.warehouse("SELECT count(*) FROM MON_BatchProcessing") == ["1"])

        let again = try await bench.run(
            "ordersync-enqueue",
            "--customer",
            "GREYSON CLOTHIERS",
            "--po",
            "4755",
            "--json"
        )
        let report = try JSONValue(again.output)
        #expect([report["new"].integer, report["changed"].integer, report["unchanged"].integer] == [0, 0, 69])
        let sent = try await bench.sandbox.log().count
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.sandbox.log().count == sent, "an unchanged day sends nothing")
    }

    /// Each item's cells and sizes against the source's rows, by SQL of its own.
    private func compare(_ board: BoardPicture, with bench: Workbench) throws {
        func column(_ id: String) -> [String] { board.items.map { $0.columns[id] ?? "" }.sorted() }
        func source(_ sql: String) throws -> [String] {
            try bench.warehouse(
                "SELECT \(sql) FROM ORDERS_UNIFIED WHERE [CUSTOMER NAME] = 'GREYSON CLOTHIERS' AND [PO NUMBER] = '4755'"
            ).sorted()
        }
        #expect(try column("text_mkr5wya6") == source("trim([AAG ORDER NUMBER])"))
        #expect(try column("dropdown_mkr5677f") == source("trim(ifnull([CUSTOMER COLOUR DESCRIPTION], ''))"))
        #expect(try column("date_mkr57811") == source("ifnull([EX FACTORY DATE], '')"))
        #expect(Set(column("dropdown_mkr542p2")) == ["GREYSON"])
        #expect(Set(column("dropdown_mkr5rgs6")) == [""])
        #expect(Set(column("dropdown_mkr58de6")) == ["2025 FALL"])
        let quantities = board.items.map { String($0.quantity) }.sorted()
        #expect(try quantities == source("ifnull([TOTAL QTY], 0)"))
        let promoted = try bench.warehouse(
            "SELECT count(*) FROM MON_CustMasterSchedule WHERE [RANGE / COLLECTION] IS NULL"
        )
        let nulls = try source("[RANGE / COLLECTION]").filter { $0 == "NULL" }.count
        #expect(nulls > 0)
        #expect(promoted == [String(nulls)])
    }

    @Test("the golden order stands on the board as it is known to")
    func golden() async throws {
        let bench = try await Workbench()
        #expect(try await bench.run("ordersync-enqueue", "--customer", "JOHNNIE O").status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let item = try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "JOO-00505" })
        #expect(item.name == "JWHD100120 WHITE JOO-00505")
        #expect(item.group == "JOHNNIE O SPRING SUMMER 2026")
        #expect(item.columns["dropdown_mkr518fc"] == "RECEIVED")
        #expect(item.columns["dropdown_mkr5kk5"] == "DDP")
        #expect(item.columns["numeric_mkr5cact"] == "28.86")
        #expect(item.subitems == ["XS": "22", "S": "104", "M": "177", "L": "125", "XL": "72"])
    }

    @Test("a changed order is updated in its place, and nothing else is touched")
    func changed() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.board()
        _ = try bench.warehouse("SELECT 1")
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'ROTTERDAM', [S] = ifnull([S], 0) + 7
            WHERE rowid = (SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' AND [TOTAL QTY] > 0 LIMIT 1)
            """
        )
        let report = try JSONValue(
            try await bench.run("ordersync-enqueue", "--customer", "GREYSON CLOTHIERS", "--po", "4755", "--json").output
        )
        #expect([report["new"].integer, report["changed"].integer] == [0, 1])
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let after = try await bench.board()
        #expect(after.items.count == 69)
        let moved = after.items.filter { item in before.items.first { $0.id == item.id }?.columns != item.columns }
        #expect(moved.count == 1)
        #expect(moved.first?.columns["text_mkr5kbc6"] == "ROTTERDAM")
        #expect(after.quantity == before.quantity + 7)
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
        #expect(
            try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule WHERE [DESTINATION] = 'ROTTERDAM'") == [
                "1"
            ]
        )
    }

    @Test("a reload with all identities new is no news")
    func reload() async throws {
        let bench = try await Workbench()
        #expect(try await bench.run("ordersync-enqueue", "--all", "--json").status == 0)
        try await bench.generate(["--reload"])
        let report = try JSONValue(try await bench.run("ordersync-enqueue", "--all", "--json").output)
        #expect([report["new"].integer, report["changed"].integer, report["gone"].integer] == [0, 0, 0])
    }

    @Test("a dry run writes nothing")
    func dryRun() async throws {
        let bench = try await Workbench()
        let dry = try await bench.run("ordersync-enqueue", "--all", "--dry-run", "--json")
        #expect(dry.status == 0, "\(dry)")
        #expect(try JSONValue(dry.output)["new"].integer ?? 0 > 69)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.board().items.isEmpty)
    }
}
