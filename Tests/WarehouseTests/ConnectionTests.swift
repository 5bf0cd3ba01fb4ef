import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite struct ConnectionTests {
    @Test("the SQLite driver is given the keywords that a person left out, and keeps those that were given")
    func keywords() {
        let complete = SQLiteKeywords.complete("Driver=SQLite3;Database=/a;Timeout=7", timeout: 120, mayCreate: true)
        #expect(complete == "Driver=SQLite3;Database=/a;Timeout=7;StepAPI=1;FKSupport=1;BigInt=1;NoCreat=0;")
        let source = SQLiteKeywords.complete("Driver=SQLite3;Database=/a;", timeout: 120, mayCreate: false)
        #expect(source == "Driver=SQLite3;Database=/a;Timeout=125000;StepAPI=1;FKSupport=1;BigInt=1;NoCreat=1;")
        #expect(SQLiteKeywords.applies(to: "DRIVER={SQLite3 ODBC Driver};Database=/a"))
        #expect(!SQLiteKeywords.applies(to: "Driver={ODBC Driver 18 for SQL Server};Server=sqlite"))
    }

    @Test("each keyword does what it is given for")
    func keywordsMatter() async throws {
        let test = try await TestWarehouse()
        let path = test.folder.file("warehouse.db")
        func connect(_ keywords: String) throws -> Connection {
            try Connection(connectionString: "Driver=SQLite3;Database=\(path);Timeout=200;\(keywords)")
        }
        let orphan = """
            INSERT INTO STG_MON_CustMasterSchedule_Subitems (stg_batch_id, stg_parent_stg_id) VALUES ('b', 999)
            """
        #expect(throws: ODBCError.self) { try connect("FKSupport=1").execute(orphan, timeout: 60) }
        try connect("").execute(orphan, timeout: 60)

        let describe = "SELECT total_records FROM MON_BatchProcessing WHERE 1 = 0"
        #expect(try connect("BigInt=1").describe(describe, timeout: 60).map(\.sqlType) == [-5])
        #expect(try connect("").describe(describe, timeout: 60).map(\.sqlType) == [4])

        let missing = test.folder.file("missing.db")
        #expect(throws: ODBCError.self) {
            try Connection(connectionString: "Driver=SQLite3;Database=\(missing);NoCreat=1").execute(
                "SELECT 1",
                timeout: 60
            )
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test("with StepAPI the first rows of a result come before the last are made")
    func streams() async throws {
        let test = try await TestWarehouse()
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
        let complete = SQLiteKeywords.complete(
            "Driver=SQLite3;Database=\(test.folder.file("warehouse.db"))",
            timeout: 30,
            mayCreate: false
        )
        let cursor = try Connection(connectionString: complete)
            .cursor(endless, columns: [.integer], rowsPerBlock: 10, timeout: 30)
        #expect(try cursor.nextBlock() == 10)
        #expect(cursor.int64(9, 0) == 10)
        cursor.close()
    }

    @Test("a lock that is held for less than the deadline is waited for")
    func waits() async throws {
        let test = try await TestWarehouse()
        let path = test.folder.file("warehouse.db")
        let held = try Connection(connectionString: "Driver=SQLite3;Database=\(path);Timeout=30000")
        try held.execute("BEGIN EXCLUSIVE", timeout: 30)
        async let staged = test.warehouse.stage(batch: UUID(), customerBatch: "c", orders: [test.staged(1)])
        try await Task.sleep(for: .milliseconds(300))
        try held.execute("ROLLBACK", timeout: 30)
        #expect(try await staged == [:])
    }

    @Test("a warehouse that another program keeps locked is a wait, not an error of an order")
    func busy() async throws {
        let test = try await TestWarehouse()
        let path = test.folder.file("warehouse.db")
        let blocker = try Connection(connectionString: "Driver=SQLite3;Database=\(path);Timeout=1000")
        try blocker.execute("BEGIN EXCLUSIVE", timeout: 60)
        let settings = WarehouseSettings(
            connection: Secret("Driver=SQLite3;Database=\(path);Timeout=100"),
            statementTimeout: .seconds(5)
        )
        let warehouse = Warehouse(settings: settings, fieldMap: test.fieldMap, now: { 0 })
        let failure = await #expect(throws: Failure.self) {
            try await warehouse.stage(batch: UUID(), customerBatch: "c", orders: [test.staged(1), test.staged(2)])
        }
        #expect(failure?.class == .throttled)
        try blocker.execute("ROLLBACK", timeout: 60)
        #expect(try await warehouse.stage(batch: UUID(), customerBatch: "c", orders: [test.staged(1)]) == [:])
    }

    @Test("a warehouse that can't be reached is systemic, and its password is not told")
    func unreachable() async throws {
        for connection in [
            "DSN=ordersync-no-such-source;PWD=hunter2-secret", "Driver=SQLite3;Database=/nonexistent/x.db",
        ] {
            let warehouse = Warehouse(
                settings: WarehouseSettings(connection: Secret(connection)),
                fieldMap: try TestWarehouse.shippedMap(),
                now: { 0 }
            )
            let failure = await #expect(throws: Failure.self) { try await warehouse.missingTables() }
            #expect(failure?.class == .systemic)
            #expect(failure.map { "\($0)".contains("hunter2") } == false)
        }
    }

    @Test("after a reset the next call connects again")
    func reset() async throws {
        let test = try await TestWarehouse()
        await test.warehouse.reset()
        #expect(try await test.warehouse.missingTables() == [])
        #expect(try await test.warehouse.dialect() == .sqlite)
    }

    @Test("names are quoted whatever they hold")
    func names() {
        #expect(Dialect.sqlServer.quoted("a]b [c] 100 % 'd'") == "[a]]b [c]] 100 % 'd']")
        #expect(Dialect.sqlite.quoted(#"a"b ''c"#) == #""a""b ''c""#)
        #expect(Dialect.sqlServer.configuredTable("ORDERS.dbo.[MY.TABLE]") == "[ORDERS].[dbo].[MY.TABLE]")
        #expect(Dialect.sqlite.configuredTable("dbo.ORDERS_UNIFIED") == #""ORDERS_UNIFIED""#)
    }

    @Test(
        "moments are written in UTC to the millisecond",
        arguments: [
            (Int64(0), "1970-01-01 00:00:00.000"), (951_827_696_789, "2000-02-29 12:34:56.789"),
            (4_102_444_799_999, "2099-12-31 23:59:59.999"), (-1, "1969-12-31 23:59:59.999"),
        ]
    )
    func moments(milliseconds: Int64, text: String) {
        #expect(SQLTime.text(milliseconds) == text)
    }

    @Test("text is cut to its column's width in UTF-16 units, never through a character's half")
    func cuts() {
        #expect(ColumnWidth.width(of: "batch_type", in: Table.batches) == 50)
        #expect(ColumnWidth.width(of: "error_message", in: Table.orderErrors) == nil)
        #expect(ColumnWidth.cut(String(repeating: "😀", count: 60), Table.batches, "batch_type")?.utf16.count == 50)
        let odd = "x" + String(repeating: "😀", count: 60)
        #expect(ColumnWidth.cut(odd, Table.batches, "batch_type")?.utf16.count == 49)
        #expect(ColumnWidth.cut("short", Table.batches, "batch_type") == "short")
        #expect(ColumnWidth.cut(nil, Table.batches, "batch_type") == nil)
    }
}
