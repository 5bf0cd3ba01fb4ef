import Foundation
import TestSupport
import Testing

/// What is left of a job that died: an error row that says everything, for as long as it takes, and its end.
@Suite(.serialized) struct DeadJobTests {
    private static let orders = "ERR_MON_CustMasterSchedule"
    private static let subitems = "ERR_MON_CustMasterSchedule_Subitems"
    private static let resolution = ["resolved_date", "resolved_by"]

    /// The one row of an error table, by column.
    private func row(_ table: String, of bench: Workbench) throws -> [String: String] {
        #expect(try bench.warehouse("SELECT count(*) FROM \(table)") == ["1"])
        var row: [String: String] = [:]
        for column in try bench.warehouse("SELECT name FROM pragma_table_info('\(table)')") {
            row[column] = try bench.warehouse("SELECT \(column) FROM \(table)").first
        }
        return row
    }

    private func expectFilled(_ row: [String: String], except columns: [String] = Self.resolution) {
        #expect(row.filter { $0.value == "NULL" }.keys.sorted() == columns.sorted())
    }

    /// Lets the orders of the known purchase order go through but the first, which Monday.com refuses for a label.
    private func refuseOne(_ bench: Workbench) async throws -> String {
        let number = try #require(
            try bench.warehouse("SELECT min([AAG ORDER NUMBER]) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755'").first
        )
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "create_item", "value": "\#(number)"}}]"#
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        return number
    }

    @Test("a refused order's error row has every column filled in, with the request and the whole order")
    func order() async throws {
        let bench = try await Workbench()
        let number = try await self.refuseOne(bench)
        expect(1, "68 orders done, 1 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        let row = try self.row(Self.orders, of: bench)
        self.expectFilled(row)
        let source = "FROM ORDERS_UNIFIED WHERE [AAG ORDER NUMBER] = '\(number)' AND [PO NUMBER] = '4755'"
        let title = try bench.warehouse(
            "SELECT trim([CUSTOMER STYLE]) || ' ' || trim([CUSTOMER COLOUR DESCRIPTION]) || ' ' || '\(number)' \(source)"
        )
        #expect([row["item_name"]] == title)
        #expect(row["group_name"] == "GREYSON CLOTHIERS 2025 FALL")
        #expect(row["order_number"] == number)
        #expect(row["error_type"] == "ITEM_CREATION_ERROR")
        #expect(row["error_message"]?.hasPrefix("MISSING_LABEL: ") == true)
        #expect(row["http_status_code"] == "200")
        #expect(row["retry_count"] == "1" && row["max_retries_reached"] == "0")
        #expect(
            try bench.warehouse(
                """
                SELECT b.customer_name = e.customer_batch AND s.stg_customer_batch = e.customer_batch
                    AND s.[AAG ORDER NUMBER] = e.order_number
                FROM \(Self.orders) e JOIN MON_BatchProcessing b ON b.batch_id = e.batch_id
                JOIN STG_MON_CustMasterSchedule s ON s.stg_id = e.original_stg_id
                """
            ) == ["1"]
        )
        let request = try JSONValue(try #require(row["api_payload"]))
        #expect(request["query"].string?.contains("create_item(") == true)
        #expect(request["variables"].keys.isEmpty == false)
        #expect(row["api_payload"]?.contains(title[0]) == true)
        let data = try JSONValue(try #require(row["original_data"]))
        #expect(data["order_number"].string == number && data["title"].string == title.first)
        let total = data["sizes"].array.reduce(0) { $0 + ($1[1].integer ?? 0) }
        #expect(try bench.warehouse("SELECT [TOTAL QTY] \(source)") == ["\(total)"])
    }

    @Test("a refused subitem has a row in its own table, with its size, its quantity and the parent on the board")
    func subitem() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "3", "--sizes", "20"])
        try await bench.sandbox.faults(
            #"[{"action": "label_error", "match": {"operation": "create_subitem", "nth": [4]}}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        expect(1, "2 orders done, 1 died", of: try await bench.run("ordersyncd", "drain"))
        #expect(try bench.warehouse("SELECT count(*) FROM \(Self.orders)") == ["0"])
        let row = try self.row(Self.subitems, of: bench)
        self.expectFilled(row)
        let size = try #require(row["size_label"])
        #expect(row["subitem_name"] == "Size \(size)")
        #expect(row["error_type"] == "SUBITEM_CREATION_ERROR")
        #expect(row["api_payload"]?.contains("Size \(size)") == true)
        let number = try #require(row["order_number"])
        let quantities = try bench.warehouse(
            "SELECT [\(size)] FROM ORDERS_UNIFIED WHERE [AAG ORDER NUMBER] = '\(number)'"
        )
        #expect(quantities.contains(try #require(row["order_qty"])), "\(row)")
        let parent = try await bench.board().items.first { "\($0.id)" == row["parent_item_id"] }
        #expect(parent?.columns["text_mkr5wya6"] == row["order_number"])
    }

    @Test("an order that died of its number of tries says so, with the last request and its answer's status")
    func exhausted() async throws {
        let bench = try await Workbench(
            data: ["--no-known", "--rows", "1", "--sizes", "1"],
            monday: ["idempotency_window: 0s"]
        )
        let number = try #require(try bench.warehouse("SELECT min([AAG ORDER NUMBER]) FROM ORDERS_UNIFIED").first)
        try await bench.sandbox.faults(
            #"[{"action": "poison", "match": {"operation": "create_item", "value": "\#(number)"}}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let drained = try await bench.run("ordersyncd", "drain", environment: ["ORDERSYNC_RETRY_ATTEMPTS": "2"])
        expect(1, "0 orders done, 1 died", of: drained)
        let row = try self.row(Self.orders, of: bench)
        self.expectFilled(row)
        #expect(row["order_number"] == number)
        #expect(row["max_retries_reached"] == "1" && row["retry_count"] == "2")
        #expect(row["http_status_code"] == "500")
        #expect(row["api_payload"]?.contains("create_item(") == true)
    }

    @Test(
        "an order whose item was taken off the board has every column filled in, whoever noticed it",
        arguments: [
            // Monday.com refuses the change, takes it and says that the item is archived, or shows no item when it is read.
            ("delete", false, false), ("archive", true, false), ("delete", false, true),
        ]
    )
    func removed(how: String, takesChanges: Bool, isRead: Bool) async throws {
        let bench = try await Workbench(
            data: ["--no-known", "--rows", "2", "--sizes", "1"],
            sandbox: takesChanges ? ["--set", "archived_takes_changes=true"] : []
        )
        var environment: [String: String] = [:]
        if isRead {
            // A column in which people have the last word is read before it is written.
            let path = bench.folder.file("fieldmap.yaml")
            try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
                .replacing(/(    monday: { column: text_mkr5kbc6,.*)/, with: { "\($0.output.1)\n    on_board: keep" })
                .write(toFile: path, atomically: true, encoding: .utf8)
            environment["ORDERSYNC_FIELD_MAP"] = path
        }
        expect(0, of: try await bench.run("ordersync-enqueue", "--all", environment: environment))
        expect(0, of: try await bench.run("ordersyncd", "drain", environment: environment))
        let item = try #require(try await bench.board().items.first)
        try await bench.sandbox.edit(#"{"do": "\#(how)", "item": "\#(item.id)"}"#)
        try await bench.change("UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'OSLO'")
        expect(0, of: try await bench.run("ordersync-enqueue", "--all", environment: environment))
        expect(1, "1 order done, 1 died", of: try await bench.run("ordersyncd", "drain", environment: environment))
        let row = try self.row(Self.orders, of: bench)
        self.expectFilled(row)
        #expect(row["error_message"]?.hasPrefix("ITEM_REMOVED: item \(item.id)") == true)
        #expect(row["http_status_code"] == "200")
        #expect(row["api_payload"]?.contains(item.id) == true)
    }

    @Test("what the warehouse can't take waits in the journal and is written when the warehouse is back")
    func warehouseDown() async throws {
        let bench = try await Workbench()
        _ = try await self.refuseOne(bench)
        try await bench.change("ALTER TABLE \(Self.orders) RENAME TO elsewhere")
        expect(1, "68 orders done, 1 died", of: try await bench.run("ordersyncd", "drain"))
        #expect(try bench.journal("SELECT count(*) FROM error_row WHERE written_ms IS NULL") == ["1"])

        let away = bench.folder.file("away.sqlite")
        try FileManager.default.moveItem(atPath: bench.source, toPath: away)
        _ = try await bench.run("ordersyncd", "drain", "--timeout", "1s")
        try? FileManager.default.removeItem(atPath: bench.source)
        try FileManager.default.moveItem(atPath: away, toPath: bench.source)
        #expect(try bench.journal("SELECT count(*) FROM error_row WHERE written_ms IS NULL") == ["1"])

        try await bench.change("ALTER TABLE elsewhere RENAME TO \(Self.orders)")
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        self.expectFilled(try self.row(Self.orders, of: bench))
        #expect(try bench.journal("SELECT count(*) FROM error_row WHERE written_ms IS NULL") == ["0"])
    }

    @Test("a replay that succeeds resolves the error row in the name of who replayed")
    func replay() async throws {
        let bench = try await Workbench()
        _ = try await self.refuseOne(bench)
        expect(1, of: try await bench.run("ordersyncd", "drain"))
        let anna = ["USER": "anna"]
        let failed = try await bench.run("ordersync-replay", "retry", "--all", environment: anna)
        #expect(failed.output == "1 job ready again\n", "\(failed)")
        expect(1, of: try await bench.run("ordersyncd", "drain"))
        #expect(try bench.warehouse("SELECT count(*) FROM \(Self.orders) WHERE resolved_date IS NULL") == ["2"])

        try await bench.sandbox.faults("[]")
        expect(0, of: try await bench.run("ordersync-replay", "retry", "--all", environment: anna))
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        #expect(
            try bench.warehouse("SELECT resolved_by FROM \(Self.orders) WHERE resolved_date > created_date")
                == ["anna", "anna"]
        )
        #expect(try await bench.board().items.count == 69)
    }

    @Test("a newer change of the same order takes the dead job's place and resolves its error row")
    func superseded() async throws {
        let bench = try await Workbench()
        let number = try await self.refuseOne(bench)
        expect(1, of: try await bench.run("ordersyncd", "drain"))
        try await bench.sandbox.faults("[]")
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'ROTTERDAM' WHERE [AAG ORDER NUMBER] = '\(number)'"
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        #expect(try bench.journal("SELECT state FROM job ORDER BY id").filter { $0 != "done" } == ["superseded"])
        let row = try self.row(Self.orders, of: bench)
        self.expectFilled(row, except: [])
        #expect(row["resolved_by"] == "superseded")
        #expect(try await bench.board().items.count == 69)
    }

    @Test("a rejected row's error row has the row itself, uncut, and what it would have been called")
    func reject() async throws {
        let bench = try await Workbench(data: ["--bad"])
        expect(0, of: try await bench.run("ordersync-enqueue", "--po", "BAD-1"))
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        func value(_ column: String, _ number: String) throws -> String? {
            try bench.warehouse("SELECT \(column) FROM \(Self.orders) WHERE order_number = '\(number)'").first
        }
        let data = try JSONValue(try #require(try value("original_data", "BAD-00003")))
        #expect(data["CUSTOMER PRICE"].string == "28.86 EUR")
        #expect(data["AAG ORDER NUMBER"].string == "BAD-00003")
        #expect(try value("item_name", "BAD-00003")?.hasSuffix(" BAD-00003") == true)
        let customer = try bench.warehouse(
            "SELECT upper(trim([CUSTOMER NAME])) FROM ORDERS_UNIFIED WHERE [AAG ORDER NUMBER] = 'BAD-00003'"
        )
        #expect(try value("group_name", "BAD-00003")?.hasPrefix("\(try #require(customer.first)) ") == true)
        #expect(try value("customer_batch", "BAD-00003")?.isEmpty == false)
        #expect(try value("http_status_code", "BAD-00003") == "NULL")
        // A text that is longer than its column is there in full.
        let whole = try bench.warehouse("SELECT [NOTES] FROM ORDERS_UNIFIED WHERE [AAG ORDER NUMBER] = 'BAD-00012'")
        let notes = try JSONValue(try #require(try value("original_data", "BAD-00012")))["NOTES"].string
        #expect([notes] == whole && (notes?.count ?? 0) > 2_000)
        #expect(try bench.warehouse("SELECT count(*) FROM \(Self.orders) WHERE original_data IS NULL") == ["0"])
    }
}
