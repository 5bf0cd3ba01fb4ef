import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

@Suite struct SQLServerKeywordTests {
    @Test(
        "SQL Server's connections are encrypted, and named, unless a person says otherwise",
        arguments: [
            (
                "Driver={ODBC Driver 18 for SQL Server};Server=s",
                "Driver={ODBC Driver 18 for SQL Server};Server=s;Encrypt=yes;ConnectRetryCount=0;APP=ordersync;"
            ),
            (
                "Driver=/lib/libmsodbcsql-18.6.so;Encrypt=no;APP=x;",
                "Driver=/lib/libmsodbcsql-18.6.so;Encrypt=no;APP=x;ConnectRetryCount=0;"
            ),
            (
                "Driver=FreeTDS;Server=s",
                "Driver=FreeTDS;Server=s;Encryption=require;TDS_Version=7.4;ClientCharset=UTF-8;APP=ordersync;"
            ),
            (
                "Driver=/usr/lib/odbc/libtdsodbc.so;Encrypt=no;TDS_Version=7.3;APP=x",
                "Driver=/usr/lib/odbc/libtdsodbc.so;Encrypt=no;TDS_Version=7.3;APP=x;Encryption=off;ClientCharset=UTF-8;"
            ),
            ("DSN=orders", "DSN=orders"),
        ]
    )
    func complete(given: String, complete: String) {
        #expect(SQLServerKeywords.complete(given, readsOnly: false) == complete)
    }

    @Test("the source's connection says that it only reads, unless a person says otherwise")
    func intent() {
        #expect(SQLServerKeywords.complete("DSN=orders", readsOnly: true) == "DSN=orders;ApplicationIntent=ReadOnly;")
        let given =
            "Driver=FreeTDS;Encryption=off;TDS_Version=7.4;ClientCharset=UTF-8;APP=x;ApplicationIntent=ReadWrite"
        #expect(SQLServerKeywords.complete(given, readsOnly: true) == given)
    }
}

@Suite struct TrustTests {
    @Test(
        "a connection whose server is not verified, or that is not encrypted, is told",
        arguments: [
            ("Driver={ODBC Driver 18 for SQL Server};Server=s", nil),
            ("Driver={ODBC Driver 18 for SQL Server};Server=s;Encrypt=no", "not encrypted"),
            ("Driver={ODBC Driver 18 for SQL Server};Server=s;TrustServerCertificate=Yes", "not verified"),
            ("Driver=FreeTDS;Server=s", "Servername=…"), ("Driver=FreeTDS;Servername=s", nil),
            ("Driver=FreeTDS;Servername=s;Encrypt=no", "not encrypted"), ("DSN=orders", nil),
            ("Driver=SQLite3;Database=/a", nil),
        ]
    )
    func warning(given: String, words: String?) {
        let warning = SQLServerKeywords.trustWarning(given)
        #expect(words.map { warning?.contains($0) == true } ?? (warning == nil), "\(String(describing: warning))")
    }

    @Test("a certificate that is not trusted is told with what to do, whoever says it")
    func certificate() {
        func failure(_ state: String, _ native: Int32, _ message: String) -> Failure {
            let record = DiagnosticRecord(state: state, native: native, message: message)
            return Failure(connecting: ODBCError(function: "SQLDriverConnect", records: [record]))
        }
        let microsoft = failure("08001", -1, "SSL Provider: [error:0A000086:SSL routines::certificate verify failed]")
        #expect(microsoft.code == "warehouse_certificate" && microsoft.class == .systemic)
        #expect(microsoft.message.contains("TrustServerCertificate=yes"))
        let freeTDS = failure("01000", 20002, "Adaptive Server connection failed")
        #expect(freeTDS.code == "warehouse_certificate" && freeTDS.class == .systemic)
        #expect(freeTDS.message.contains("ca file"))
        #expect(failure("08001", 10061, "connection refused").code == "warehouse_unreachable")
        #expect(failure("28000", 18456, "Login failed").code == "warehouse_login")
    }
}

/// A connection that breaks, and a lock that goes with it, on a real server behind a proxy that cuts.
@Suite(.enabled(if: Backend.server != nil, "needs ORDERSYNC_TEST_SQLSERVER"), .onServer)
struct SQLServerConnectionTests {
    /// A warehouse behind a proxy.
    private func behindProxy() async throws -> (test: TestWarehouse, proxy: CuttingProxy, settings: WarehouseSettings) {
        let test = try await TestWarehouse()
        let proxy = try await CuttingProxy(to: test.settings.connection.reveal())
        var settings = test.settings
        settings.connection = Secret(proxy.connectionString)
        return (test, proxy, settings)
    }

    @Test("work goes on over a new connection when the old one was cut while it was idle")
    func idleCut() async throws {
        let (test, proxy, settings) = try await self.behindProxy()
        let warehouse = Warehouse(settings: settings, fieldMap: test.fieldMap, now: { 0 })
        #expect(try await warehouse.missingTables() == [])
        try proxy.cut()
        #expect(try await warehouse.stage(batch: UUID(), customerBatch: "c", orders: [test.staged(1)]) == [:])
        #expect(try test.column("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == ["1"])
        await warehouse.reset()
    }

    @Test("a server that can't be reached is systemic, and the work goes on when it can be again")
    func outage() async throws {
        let (test, proxy, settings) = try await self.behindProxy()
        let warehouse = Warehouse(settings: settings, fieldMap: test.fieldMap, now: { 0 })
        #expect(try await warehouse.missingTables() == [])
        try proxy.refuse()
        let orders = [test.staged(1), test.staged(2)]
        let failure = await #expect(throws: Failure.self) {
            try await warehouse.stage(batch: UUID(), customerBatch: "c", orders: orders)
        }
        #expect(failure?.class == .systemic, "\(String(describing: failure))")
        try proxy.allow()
        #expect(try await warehouse.stage(batch: UUID(), customerBatch: "c", orders: orders) == [:])
        await warehouse.reset()
    }

    @Test("a statement that the server never answers ends by its deadline, and the next one has a new connection")
    func deadline() async throws {
        let (test, proxy, settings) = try await self.behindProxy()
        var short = settings
        // Enough for what a busy server does answer.
        short.statementTimeout = .seconds(10)
        let warehouse = Warehouse(settings: short, fieldMap: test.fieldMap, now: { 0 })
        #expect(try await warehouse.missingTables() == [])
        try proxy.stall()
        let failure = await #expect(throws: Failure.self) { try await warehouse.guardRow(board: 1) }
        // What a second connection would have come to has another code.
        #expect(failure?.code == "warehouse_timeout", "\(String(describing: failure))")
        try proxy.allow()
        #expect(try await warehouse.guardRow(board: 1) == nil)
        await warehouse.reset()
    }

    @Test("a statement that the server never answers is ended by a cancel long before its deadline")
    func cancelled() async throws {
        let (test, proxy, settings) = try await self.behindProxy()
        var long = settings
        long.statementTimeout = .seconds(3600)
        let warehouse = Warehouse(settings: long, fieldMap: test.fieldMap, now: { 0 })
        #expect(try await warehouse.missingTables() == [])
        try proxy.stall()
        async let answer = warehouse.guardRow(board: 1)
        try await Task.sleep(for: .milliseconds(300))
        warehouse.cancel()
        do {
            _ = try await answer
            Issue.record("it was answered")
        } catch let failure as Failure {
            #expect(failure.code == "cancelled", "\(failure)")
        }
        try proxy.allow()
        #expect(try await warehouse.guardRow(board: 1) == nil)
        await warehouse.reset()
    }

    @Test("a commit that the server never answers ends by its deadline, and the work can be done again")
    func commit() async throws {
        let (test, proxy, settings) = try await self.behindProxy()
        var short = settings
        short.statementTimeout = .seconds(5)
        let connection = try Connection(connectionString: short.connection.reveal())
        let error = #expect(throws: ODBCError.self) {
            try connection.transaction(timeout: 5) {
                try connection.execute("DELETE FROM STG_MON_CustMasterSchedule", timeout: 30)
                try proxy.stall()
            }
        }
        #expect(error?.isTimeout == true, "\(String(describing: error))")
        try proxy.allow()
        let warehouse = Warehouse(settings: settings, fieldMap: test.fieldMap, now: { 0 })
        #expect(try await warehouse.stage(batch: UUID(), customerBatch: "c", orders: [test.staged(1)]) == [:])
        await warehouse.reset()
    }

    @Test("a board's lock is given to one, proven by it, and given to the next when its connection is cut")
    func lock() async throws {
        let (test, proxy, settings) = try await self.behindProxy()
        let first = BoardLock(settings: settings, board: 7)
        let second = BoardLock(settings: test.settings, board: 7)
        #expect(try await first.take())
        #expect(try await first.prove())
        #expect(try await first.take(), "asked again, it is held once")
        #expect(try await second.take() == false)
        #expect(try await BoardLock(settings: test.settings, board: 8).take(), "another board")
        try proxy.cut()
        // What comes over the cut connection is a failure or a no; then the lock is free.
        #expect((try? await first.prove()) != true)
        var isHeld = false
        for _ in 1...50 where !isHeld {
            isHeld = try await second.take()
            if !isHeld { try await Task.sleep(for: .milliseconds(100)) }
        }
        #expect(isHeld)
        #expect(try await first.prove() == false, "reconnected, it does not think that it has it")
        await second.release()
        await first.release()
    }

    @Test("a standby that is refused again and again leaves the server as it is")
    func refusedLock() async throws {
        let test = try await TestWarehouse(migrated: false)
        let (first, second) = (
            BoardLock(settings: test.settings, board: 9), BoardLock(settings: test.settings, board: 9)
        )
        #expect(try await first.take())
        for _ in 1...12 { #expect(try await second.take() == false) }
        #expect(try await first.prove())
        await first.release()
        await second.release()
    }

    @Test("a login that is refused is systemic, and its password is not told")
    func login() async throws {
        let server = try #require(Backend.server)
        guard case .server(let given) = server else { return }
        let others = ConnectionString(given).pairs.filter { $0.keyword != "pwd" }
        let wrong = others.map { "\($0.keyword)=\($0.value);" }.joined() + "PWD=hunter2-secret;"
        let settings = WarehouseSettings(connection: Secret(wrong))
        let warehouse = Warehouse(settings: settings, fieldMap: try TestWarehouse.shippedMap(), now: { 0 })
        let failure = await #expect(throws: Failure.self) { try await warehouse.missingTables() }
        #expect(failure?.code == "warehouse_login", "\(String(describing: failure))")
        #expect(failure.map { "\($0)".contains("hunter2") } == false)
    }
}
