import Foundation
import ODBC
import Orders
import TestSupport
import Testing

@testable import Warehouse

/// The T-SQL that the programs put together, read by a real parser: on the embedded warehouse none of it is run.
@Suite struct TSQLTests {
    @Test("a T-SQL parser understands every statement that is put together for SQL Server")
    func parsed() async throws {
        let fieldMap = try TestWarehouse.shippedMap()
        let statements = try Self.bulkStatements(fieldMap) + Self.otherStatements(fieldMap)
        let parser = try Program(
            URL(filePath: Project.path(".venv/bin/python")),
            [Project.path("Tests/WarehouseTests/test_tsql.py")],
            input: String(decoding: JSONEncoder().encode(statements), as: UTF8.self)
        )
        let outcome = try #require(try await parser.wait(within: 300))
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output == "", "\(outcome)")
    }

    /// Each kind of statement for many rows, by either method, with and without marks.
    private static func bulkStatements(_ fieldMap: FieldMap) throws -> [String] {
        let all: [RowStatement.Column] =
            [("a key", .guid), ("moment", .timestamp), ("flag", .bit), ("day", .date), ("number", .double)]
            + fieldMap.fields.map { ($0.staging, .text(size: 200)) }
        let keys: [RowStatement.Column] = [("order_key", .text(size: 36)), ("stg_size_label", .text(size: 50))]
        let statements: [RowStatement] = [
            .insert(Table.stagedOrders, all, constants: [(name: "stg_status", sql: "'PENDING'")]),
            .update(
                Table.stagedOrders,
                set: all,
                nulls: ["stg_error_message"],
                by: keys,
                onlyWhereNull: "resolved_date"
            ),
            .insertMissing(Table.subitems, all, by: keys), .delete(Table.stagedOrders, by: keys),
        ]
        return statements.flatMap { statement in
            [
                statement.arraySQL(.sqlServer), statement.jsonSQL(marked: []),
                statement.jsonSQL(marked: Set(statement.columns.indices)),
            ]
        }
    }

    private static func otherStatements(_ fieldMap: FieldMap) throws -> [String] {
        let connection = try Connection(connectionString: "Driver=SQLite3;Database=:memory:")
        // A production table of another shape, so that values are converted.
        let names = fieldMap.fields.map { #""\#($0.staging)" NVARCHAR(255)"# }
        try connection.execute("CREATE TABLE p (\(names.joined(separator: ", ")))", timeout: 60)
        let promoter = Promoter(
            bulk: Bulk(connection: connection, dialect: .sqlServer, method: .json, timeout: 60),
            fieldMap: fieldMap,
            production: ProductionTable(try connection.describe("SELECT * FROM p", timeout: 60)),
            batch: UUID(),
            now: 0
        )
        let filter = SourceFilter(customers: ["a"], purchaseOrders: ["b", "c"], orderNumbers: ["d"])
        let source = MigrationStatement.split(Migration.sourceScript(.sqlServer), .sqlServer).map(\.change)
        guard case .table(_, let columns) = source.first else {
            throw Failure(.systemic, code: "test", message: "no table")
        }
        let layout = columns.map { SourceColumn(name: $0.name, isInteger: $0.definition.hasPrefix("INT")) }
        let query = SourceQuery(
            table: Dialect.sqlServer.configuredTable("dbo.ORDERS_UNIFIED"),
            dialect: .sqlServer,
            plan: try fieldMap.plan(for: SourceLayout(columns: layout)),
            condition: SourceCondition(filter, fieldMap, .sqlServer),
            hasRowNumbers: false
        )
        let failure = Failure(.permanent, code: "x", message: "y")
        var error = ErrorRow(errorKey: "k", errorType: "t", failure: failure, createdAt: 0)
        let orderError = ErrorStatement(error, .sqlServer).sql
        error.subitem = ErrorRow.Subitem(size: "S", name: "Size S")
        return promoter.copyStatements + [
            query.blocks(after: nil), query.long, orderError, ErrorStatement(error, .sqlServer).sql,
            SQLServerKeywords.session, Warehouse.rightsSQL, Catalogue.columnsSQL(.sqlServer),
            Catalogue.indexesSQL(.sqlServer), Catalogue.othersSQL(.sqlServer),
        ]
    }
}
