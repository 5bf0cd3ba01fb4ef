import Foundation
import Journal
import Orders
import TestSupport
import Testing
import Warehouse

@testable import SyncEngine

/// Sources that are loaded while a run reads them.
@Suite(.serialized) struct TornReadTests {
    /// More than one range of SQLite's.
    private static let rows = 5_400
    /// Takes the rows of an order that is read first away, and puts them back at the end under other identities.
    private static let reload = """
        CREATE TABLE loaded AS SELECT * FROM ORDERS_UNIFIED WHERE rowid BETWEEN 3 AND 5;
        DELETE FROM ORDERS_UNIFIED WHERE rowid BETWEEN 3 AND 5;
        UPDATE loaded SET record_uuid = 'F' || substr(record_uuid, 2);
        INSERT INTO ORDERS_UNIFIED SELECT * FROM loaded;
        DROP TABLE loaded;
        """

    private func bench() async throws -> Workbench {
        let bench = try await Workbench(data: ["--rows", "\(Self.rows)", "--no-known", "--twins", "0"])
        let report = try await self.run(bench)
        #expect(report.new == Self.rows && report.complete)
        return bench
    }

    /// Runs detection over the bench's table, with changes of it at some points of the run.
    private func run(
        _ bench: Workbench,
        gone: GoneRule = GoneRule(),
        _ script: [LoadedSource.Point: String] = [:],
        isScoped: Bool = false,
        whileWaiting: String? = nil
    ) async throws -> RunReport {
        let map = try FieldMap.load(
            yaml: try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8),
            name: "fieldmap.yaml"
        )
        let connection = Secret("Driver=SQLite3;Database=\(bench.source);Timeout=5000;StepAPI=1")
        let source = LoadedSource(
            OrderSource(settings: WarehouseSettings(connection: connection), table: "ORDERS_UNIFIED"),
            script
        ) { try await bench.change($0) }
        let journal = Journal(path: bench.journal, role: .enqueue)
        try await journal.open(now: 0)
        let system = TimeSource.system
        let time = TimeSource(
            now: system.now,
            sleep: { _ in if let whileWaiting { try await bench.change(whileWaiting) } },
            random: system.random
        )
        // With parameters SQLite's driver holds a range in memory, so that the table can be changed meanwhile.
        let customers = isScoped ? try bench.warehouse("SELECT DISTINCT [CUSTOMER NAME] FROM ORDERS_UNIFIED") : []
        var request = EnqueueRun.Request(filter: SourceFilter(customers: customers), who: "test", host: "here")
        request.gone = gone
        defer { Task { await journal.close() } }
        return try await EnqueueRun(source: source, journal: journal, fieldMap: map, time: time).run(request)
    }

    private func archive() -> GoneRule {
        var rule = GoneRule()
        rule.kind = .archive
        rule.confirm = 0
        return rule
    }

    @Test("a few orders that are loaded anew while the table is read are not made twice")
    func fewLoaded() async throws {
        let bench = try await self.bench()
        await #expect(throws: EnqueueError.sourceLoaded) {
            _ = try await self.run(bench, [.afterFirstRows: Self.reload], isScoped: true)
        }
        let after = try await self.run(bench)
        #expect(after.new == 0 && after.unchanged == Self.rows)
    }

    @Test("the same on a first run, when no order is known")
    func firstRun() async throws {
        let bench = try await Workbench(data: ["--rows", "\(Self.rows)", "--no-known", "--twins", "0"])
        await #expect(throws: EnqueueError.sourceLoaded) {
            _ = try await self.run(bench, [.afterFirstRows: Self.reload], isScoped: true)
        }
    }

    @Test("orders that come, go and change while the table is read do no harm")
    func ordinaryWork() async throws {
        let bench = try await self.bench()
        try await bench.change(Self.copy(to: "ANOTHER-1"))
        let report = try await self.run(
            bench,
            [.beforeRows: "DELETE FROM ORDERS_UNIFIED WHERE rowid = 7;" + Self.copy(to: "ANOTHER-2")]
        )
        #expect(report.new == 1 && report.gone == 0)
    }

    @Test("an order that is missing while others come and go is not judged, though the rows are as many as were read")
    func countIsNotEnough() async throws {
        let bench = try await self.bench()
        try await bench.change("DELETE FROM ORDERS_UNIFIED WHERE rowid = 9")
        let report = try await self.run(
            bench,
            [.beforeRows: "DELETE FROM ORDERS_UNIFIED WHERE rowid = 7;" + Self.copy(to: "ANOTHER")]
        )
        #expect(report.gone == 0 && !report.complete)
    }

    @Test("a load that pauses while it is read archives nothing, though its rest was missing twice")
    func pausingLoad() async throws {
        let bench = try await self.bench()
        let keep = "CREATE TABLE rest AS SELECT * FROM ORDERS_UNIFIED WHERE rowid > 5397;"
        let part = "UPDATE ORDERS_UNIFIED SET record_uuid = 'E' || substr(record_uuid, 2);"
        let rest = "INSERT INTO ORDERS_UNIFIED SELECT * FROM rest"
        try await bench.change(keep + "DELETE FROM ORDERS_UNIFIED WHERE rowid > 5397;" + part)
        #expect(try await self.run(bench, gone: self.archive()).gone == 3)
        try await bench.change(part.replacing("'E'", with: "'D'"))
        let torn = try await self.run(bench, gone: self.archive(), whileWaiting: rest)
        #expect(torn.gone == 0 && !torn.complete && torn.enqueued == 0)
        #expect(try await self.run(bench, gone: self.archive()).gone == 0)
        #expect(try bench.journal("SELECT count(*) FROM job WHERE kind = 'archive'") == ["0"])
    }

    private static func copy(to number: String) -> String {
        """
        CREATE TABLE other AS SELECT * FROM ORDERS_UNIFIED WHERE rowid = 11;
        UPDATE other SET record_uuid = 'C' || substr(record_uuid, 2, 33) || '\(number.suffix(1))\(number.suffix(1))',
            [AAG ORDER NUMBER] = '\(number)';
        INSERT INTO ORDERS_UNIFIED SELECT * FROM other;
        DROP TABLE other;
        """
    }
}

/// The real table, changed at some points of a run.
private actor LoadedSource: RowSource {
    enum Point { case afterFirstRows, beforeRows }

    nonisolated var mayChange: Bool { true }
    private let source: OrderSource
    private var script: [Point: String]
    private let change: @Sendable (String) async throws -> Void

    init(_ source: OrderSource, _ script: [Point: String], change: @escaping @Sendable (String) async throws -> Void) {
        self.source = source
        self.script = script
        self.change = change
    }

    private func reach(_ point: Point) async throws {
        if let sql = self.script.removeValue(forKey: point) { try await self.change(sql) }
    }

    func layout() async throws -> SourceLayout { try await self.source.layout() }

    func open(plan: SourcePlan, fieldMap: FieldMap, filter: SourceFilter) async throws {
        try await self.source.open(plan: plan, fieldMap: fieldMap, filter: filter)
    }

    func open(plan: SourcePlan, fieldMap: FieldMap, lookUp: SourceLookUp) async throws {
        try await self.source.open(plan: plan, fieldMap: fieldMap, lookUp: lookUp)
    }

    func next(_ rows: Int) async throws -> [RowReading] { try await self.source.next(rows) }

    func nextUnread(_ rows: Int) async throws -> UnreadRows? {
        let rows = try await self.source.nextUnread(rows)
        // The table's next range is another statement, which reads what is loaded now.
        try await self.reach(rows == nil ? .beforeRows : .afterFirstRows)
        return rows
    }

    func count(_ filter: SourceFilter, fieldMap: FieldMap) async throws -> Int {
        try await self.source.count(filter, fieldMap: fieldMap)
    }

    func rows(
        _ filter: SourceFilter,
        fieldMap: FieldMap,
        seeking sought: Set<UUID>
    ) async throws -> (sum: RowSum, missing: Set<UUID>) {
        try await self.source.rows(filter, fieldMap: fieldMap, seeking: sought)
    }

    func close() async { await self.source.close() }
}
