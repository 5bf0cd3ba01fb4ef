import SQLite
import Testing

@testable import Journal

@Suite struct QueryPlanTests {
    private static let queries: [(index: String, sql: String)] = [
        Lanes.queries, Transitions.queries, EnqueueTransaction.queries, EnqueueTransaction.rejectQueries,
        EnqueueTransaction.retireQueries, Journal.recordQueries,
        OutcomeRecorder.queries, Journal.ledgerQueries, Journal.epochQueries, Journal.claimQueries,
        Journal.effectQueries, Journal.boardQueries, Journal.backlogQueries, Journal.careQueries, Journal.pruneQueries,
        Journal.settleQueries, Journal.showQueries, Journal.standingQueries, Journal.replayQueries,
        Journal.verdictQueries, Journal.alarmQueries,
    ].flatMap { group in group.flatMap { index, sqls in sqls.map { (index, $0) } } }

    @Test func `every hot query goes by its index`() async throws {
        let test = try await TestJournal()
        for (index, sql) in Self.queries {
            let plan = try await test.journal.plan(sql)
            #expect(plan.contains { $0.contains(index) }, "\(sql)\n\(plan.joined(separator: "\n"))")
            let scans = plan.filter {
                $0.hasPrefix("SCAN") && !$0.contains("INDEX") && !$0.hasPrefix("SCAN CONSTANT ROW")
                    && !$0.hasPrefix("SCAN owner")
            }
            #expect(scans == [], "\(sql)")
        }
    }

    @Test func `nothing is sorted to find the next jobs of a customer`() async throws {
        let test = try await TestJournal()
        for sqls in [Journal.claimQueries, Lanes.queries].flatMap({ $0.values }) {
            for sql in sqls {
                let plan = try await test.journal.plan(sql)
                #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(sql)\n\(plan.joined(separator: "\n"))")
            }
        }
    }
}

extension Journal {
    func plan(_ sql: String) throws -> [String] {
        let marks = sql.filter { $0 == "?" }.count
        let highest = (1...20).last { sql.contains("?\($0)") } ?? marks
        return try self.read { database in
            try database.query("EXPLAIN QUERY PLAN " + sql, Array(repeating: .null, count: highest)) {
                $0.text(3) ?? ""
            }
        }
    }
}
