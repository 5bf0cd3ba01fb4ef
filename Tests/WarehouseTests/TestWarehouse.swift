import Foundation
import ODBC
import Orders
import Synchronization
import TestSupport

@testable import Warehouse

/// A warehouse of its own on the database of the test at hand, and a clock that tests set.
struct TestWarehouse {
    let folder: TemporaryFolder
    let fieldMap: FieldMap
    let settings: WarehouseSettings
    let dialect: Dialect
    let warehouse: Warehouse
    let clock = Clock()
    // Last, since what is connected to it must be gone before it is dropped.
    private let database: ServerDatabase?

    final class Clock: Sendable {
        private let value = Mutex<Int64>(1_763_856_000_000)  // 2025-11-23 00:00:00
        var now: Int64 { self.value.withLock { $0 } }
        func advance(days: Int64) { self.value.withLock { $0 += days * 86_400_000 } }
    }

    /// A new database, with the tables in it unless told otherwise.
    init(migrated: Bool = true, bulk: BulkMethod? = nil) async throws {
        self.folder = try TemporaryFolder()
        self.fieldMap = try Self.shippedMap()
        var settings: WarehouseSettings
        self.database = try Backend.current.makeDatabase()
        if let database = self.database {
            self.dialect = .sqlServer
            settings = WarehouseSettings(connection: Secret(database.connectionString), statementTimeout: .seconds(60))
        } else {
            self.dialect = .sqlite
            settings = Self.settings(self.folder.file("warehouse.db"))
        }
        settings.bulk = bulk
        self.settings = settings
        self.warehouse = Warehouse(settings: settings, fieldMap: self.fieldMap, now: { [clock] in clock.now })
        if migrated { _ = try await self.warehouse.migrate() }
    }

    /// The settings of an embedded warehouse.
    static func settings(_ path: String, timeout: Duration = .seconds(30)) -> WarehouseSettings {
        WarehouseSettings(connection: Secret("Driver=SQLite3;Database=\(path)"), statementTimeout: timeout)
    }

    static func shippedMap() throws -> FieldMap {
        let yaml = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        return try FieldMap.load(yaml: yaml, name: "fieldmap.yaml")
    }

    func source() -> OrderSource {
        OrderSource(settings: self.settings, table: "dbo.ORDERS_UNIFIED")
    }

    /// Runs statements on a connection of their own.
    func execute(_ statements: String...) throws {
        let connection = try self.connect()
        for statement in statements { try connection.execute(statement, timeout: 60) }
    }

    /// Runs a script of several statements.
    func run(script: String) throws {
        let connection = try self.connect()
        for statement in MigrationStatement.split(script, self.dialect) {
            try connection.execute(statement.sql, timeout: 60)
        }
    }

    /// The rows of a query, each cell as text; moments to the millisecond, as SQLite has them.
    func rows(_ sql: String, _ values: [ODBCValue] = []) throws -> [[String?]] {
        var rows: [[String?]] = []
        try self.connect().query(sql, values, timeout: 60) { row in
            rows.append(try row.columns.indices.map { try Self.cell(row, $0) })
        }
        return rows
    }

    /// The first column of a query's rows.
    func column(_ sql: String) throws -> [String?] { try self.rows(sql).map { $0.first ?? nil } }

    /// Makes the database refuse every row that holds a value, with these words.
    func refuse(_ value: String, in column: String, of table: String, saying words: String) throws {
        try self.execute(
            self.dialect == .sqlite
                ? """
                CREATE TRIGGER refuse BEFORE INSERT ON "\(table)" WHEN NEW."\(column)" = '\(value)'
                BEGIN SELECT RAISE(ABORT, '\(words)'); END
                """
                : #"ALTER TABLE "\#(table)" ADD CONSTRAINT "\#(words)" CHECK ("\#(column)" <> '\#(value)')"#
        )
    }

    /// How many columns a table or view has.
    func columnCount(_ table: String) throws -> Int { try self.describe(table).count }

    func describe(_ table: String) throws -> [ColumnDescription] {
        try self.connect().describe("SELECT * FROM \"\(table)\"", timeout: 60)
    }

    /// The names of all tables and views, the database's own not among them.
    func tables() throws -> [String] {
        let sql =
            self.dialect == .sqlite
            ? "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
            : "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'dbo'"
        return try self.column(sql).compactMap(\.self).sorted()
    }

    func connect() throws -> Connection {
        let given = self.settings.connection.reveal()
        let keywords = self.dialect == .sqlite ? ";StepAPI=1;BigInt=1;FKSupport=1;Timeout=30000" : ""
        return try Connection(connectionString: given + keywords)
    }

    private static func cell(_ row: Row, _ index: Int) throws -> String? {
        guard let text = try row.text(index) else { return nil }
        switch row.columns[index].sqlType {
        case 93, -155: return String(text.prefix(23))  // DATETIME2 has seven digits
        case -11: return text.lowercased()
        default: return text
        }
    }
}

extension TestWarehouse {
    /// An order to stage, with some values by the names of their staging columns.
    func staged(
        _ number: Int,
        _ values: [String: FieldValue] = [:],
        sizes: [SizeQuantity] = [SizeQuantity(label: "S", quantity: 3), SizeQuantity(label: "30/32", quantity: 4)],
        itemID: Int64? = nil
    ) -> StagedOrder {
        let key = BusinessKey(orderNumber: "GRE-\(number)", customer: "GREYSON CLOTHIERS", style: "MSP", colour: "NAVY")
        var values = values
        values["AAG ORDER NUMBER"] = values["AAG ORDER NUMBER"] ?? .text("GRE-\(number)")
        let order = Order(
            businessKey: key,
            recordUUID: UUID(),
            group: "GREYSON CLOTHIERS 2025 FALL",
            title: "MSP NAVY GRE-\(number)",
            customer: "GREYSON",
            values: self.fieldMap.fields.map { values[$0.staging] },
            sizes: sizes
        )
        return StagedOrder(
            orderKey: OrderKey.mint(businessKey: key.digest, occurrence: 1),
            order: order,
            changeType: "NEW",
            sourceHash: String(repeating: "a", count: 64),
            itemID: itemID
        )
    }

    /// What is promoted of a staged order whose item and subitems have consecutive ids from `item` on.
    func promoted(_ staged: StagedOrder, item: Int64) -> PromotedOrder {
        PromotedOrder(
            orderKey: staged.orderKey,
            itemID: item,
            subitems: staged.order.sizes.enumerated().map { index, size in
                PromotedSubitem(
                    size: size.label,
                    quantity: Int64(size.quantity),
                    subitemID: item + Int64(index) + 1,
                    boardID: 9_200_771_505
                )
            }
        )
    }

    func opening(_ batch: UUID, name: String = "GREYSON_CLOTHIERS_PO_4755", total: Int = 1) -> BatchOpening {
        BatchOpening(
            id: batch,
            customerName: name,
            type: "TARGETED_CUSTOMER_PO",
            startTime: self.clock.now,
            totalRecords: total,
            startedBy: "ordersyncd"
        )
    }

    static let guardRow = GuardRow(
        board: 9_200_517_329,
        journalID: "journal-1",
        epoch: 3,
        lastEffect: 17,
        token: "token-3",
        stamp: "stamp-1"
    )
    static let claim = GuardClaim.takingOver(guardRow)
}
