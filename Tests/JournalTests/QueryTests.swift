import SQLite
import Testing

@testable import Journal

@Suite struct QueryTests {
    private func ask(_ journal: Journal, _ sql: String, limit: Int = 10) async throws -> QueryAnswer {
        try await journal.query(sql, limit: limit, longest: .seconds(30))
    }

    @Test func `a person's SELECT is answered, cut at its limit, with bytes that are text as text`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...5).map { .test($0) })
        let reader = try await test.open(.reader)
        let answer = try await self.ask(reader, "SELECT id, state, NULL AS blank, 1.5 FROM job ORDER BY id", limit: 2)
        #expect(answer.columns == ["id", "state", "blank", "1.5"])
        #expect(answer.rows[0] == [.integer(1), .text("ready"), .null, .real(1.5)])
        #expect(answer.rows.count == 2 && answer.isCut)
        let bytes = try await self.ask(reader, "SELECT bytes, x'00ff' FROM snapshot WHERE job_id = 1")
        #expect(bytes.rows == [[.text(#"{"order":1,"version":1}"#), .text("00ff")]])
        #expect(!bytes.isCut)
        #expect(try await self.ask(reader, " -- a remark\n /* and */ values (1)").rows.isEmpty == false)
        #expect(try await self.ask(reader, "SELECT id FROM job WHERE 0").columns == ["id"])
    }

    @Test(arguments: [
        "DELETE FROM job", "UPDATE job SET errors = 9", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA user_version = 9",
        "ATTACH 'x' AS y", "VACUUM INTO 'x'", "BEGIN", "", ";", "-- nothing", "SELECT 1; DELETE FROM job",
        "WITH x AS (SELECT 1) DELETE FROM job", "EXPLAIN", "SELECT nothing", "SELECT * FROM nowhere", "SELECT (",
        "SELECT * FROM pragma_wal_checkpoint", "/* no end",
    ]) func `whatever is no SELECT is refused, and changes nothing`(sql: String) async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .done)
        for role in [Journal.Role.reader, .replay] {
            let journal = try await test.open(role)
            let size = journal.logSize()
            let error = await #expect(throws: JournalError.self, "\(sql)") { try await self.ask(journal, sql) }
            #expect(error?.code == .query, "\(sql): \(String(describing: error))")
            #expect(journal.logSize() == size)
        }
        #expect(try await test.states(1) == [.done])
    }

    @Test func `a query without end is ended`() async throws {
        let test = try await TestJournal()
        let reader = try await test.open(.reader)
        let sql = "WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        let error = await #expect(throws: JournalError.self) {
            try await reader.query(sql, limit: 1, longest: .milliseconds(50))
        }
        #expect(error?.code == .query && error?.message.contains("longer than") == true)
        #expect(try await self.ask(reader, "SELECT 1").rows == [[.integer(1)]])
    }
}
