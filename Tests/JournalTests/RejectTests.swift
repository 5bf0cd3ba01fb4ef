import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct RejectTests {
    private func reject(_ row: Int, value: Int = 1, customer: String = "GREYSON CLOTHIERS") -> RejectRecord {
        RejectRecord(
            keyDigest: .test(row),
            column: "UNIT PRICE",
            valueDigest: .test(value),
            value: "abc",
            reason: "no number",
            orderNumber: "JOO-\(row)",
            sourceCustomer: customer,
            row: Array("{}".utf8)
        )
    }

    private func run(
        _ test: TestJournal,
        _ rejects: [RejectRecord],
        scope: LedgerScope? = .all,
        now: Int64
    ) async throws -> Int {
        try await test.journal.withEnqueueTransaction(run: .test(), now: now) { run in
            for reject in rejects { try run.record(reject) }
            return try scope.map { try run.resolveRejects(notSeenIn: $0) } ?? 0
        }
    }

    @Test func `a reject met again and again asks for one error row`() async throws {
        let test = try await TestJournal()
        for now in [1, 2, 3] as [Int64] { #expect(try await self.run(test, [self.reject(1)], now: now) == 0) }
        let errors = try await test.journal.pendingErrors(limit: 9)
        #expect(errors.map(\.source) == [.reject])
        let error = try #require(errors.first)
        #expect(error.column == "UNIT PRICE" && error.failure.message == "UNIT PRICE: no number")
        #expect(error.orderNumber == "JOO-1" && error.data == Array("{}".utf8) && error.occurredAt == 1)
    }

    @Test func `a reject whose row passes or vanishes is resolved`() async throws {
        let test = try await TestJournal()
        _ = try await self.run(test, [self.reject(1), self.reject(2)], now: 1)
        #expect(try await self.run(test, [self.reject(2)], now: 2) == 1)
        let errors = try await test.journal.pendingErrors(limit: 9)
        #expect(errors.map(\.resolution) == [.init(at: 2, by: "source corrected"), nil])
    }

    @Test func `an incomplete read and another scope resolve nothing`() async throws {
        let test = try await TestJournal()
        _ = try await self.run(test, [self.reject(1)], now: 1)
        #expect(try await self.run(test, [], scope: nil, now: 2) == 0)
        #expect(try await self.run(test, [], scope: LedgerScope(sourceCustomers: ["OTHER"]), now: 3) == 0)
        #expect(try await self.run(test, [], scope: LedgerScope(sourceCustomers: ["GREYSON CLOTHIERS"]), now: 4) == 1)
    }

    @Test func `another bad value in the same cell is another reject, and one that comes back is a new one`()
        async throws
    {
        let test = try await TestJournal()
        _ = try await self.run(test, [self.reject(1)], now: 1)
        #expect(try await self.run(test, [self.reject(1, value: 2)], now: 2) == 1)
        #expect(try await self.run(test, [self.reject(1)], now: 3) == 1)
        let errors = try await test.journal.pendingErrors(limit: 9)
        #expect(errors.map { $0.resolution?.at } == [2, 3, nil])
        #expect(Set(errors.map(\.key)).count == 3)
    }
}
