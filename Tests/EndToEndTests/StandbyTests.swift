import Foundation
import TestSupport
import Testing

/// Two hosts, each with a journal of its own, for one board and the tables of one T-SQL server.
@Suite(.enabled(if: Backend.server != nil, "needs ORDERSYNC_TEST_SQLSERVER"), .serialized, .onServer)
struct StandbyTests {
    private static let orders = 8
    private static let sizes = 3

    /// Waits until a program has logged some words.
    private func wait(
        for words: String,
        in service: Service,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let isSaid = try await eventually { service.daemon.error.contains(words) }
        #expect(isSaid, "\(words): \(service.daemon.error)", sourceLocation: location)
    }

    /// Waits until a query of the warehouse has an answer.
    private func wait(
        for answer: String,
        _ sql: String,
        _ bench: Workbench,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        var found: [String] = []
        let isThere = try await eventually {
            found = try bench.warehouse(sql)
            return found == [answer]
        }
        #expect(isThere, "\(sql): \(found), not \(answer)", sourceLocation: location)
    }

    private func expectWhole(_ bench: Workbench, _ location: SourceLocation = #_sourceLocation) async throws {
        let board = try await bench.board()
        #expect(board.items.count == Self.orders, sourceLocation: location)
        #expect(board.subitemCount == Self.orders * Self.sizes, sourceLocation: location)
        #expect(board.duplicateKeys.isEmpty, sourceLocation: location)
        let production = try bench.warehouse("SELECT COUNT(*) FROM MON_CustMasterSchedule_Subitems")
        #expect(production == ["\(Self.orders * Self.sizes)"], sourceLocation: location)
    }

    @Test("a standby takes over from a killed host and makes nothing twice; the killed one has to rebuild")
    func takeover() async throws {
        let database = try #require(try Backend.current.makeDatabase())
        let first = try await Workbench(
            data: ["--no-known", "--rows", "\(Self.orders)", "--sizes", "\(Self.sizes)"],
            on: try await Sandbox(),
            database: database
        )
        #expect(try await first.run("ordersyncd", "migrate").status == 0)
        let second = try await Workbench(data: nil, on: first.sandbox, database: database)

        let holder = try Service(first)
        try await holder.expectReady()
        try await self.wait(for: "holds the board", in: holder)
        try await self.wait(for: "1", "SELECT COUNT(*) FROM ordersync_guard", first)
        let standby = try Service(second)
        try await standby.expectReady()
        try await standby.expectStatus("role: standby")
        // What it would enqueue is another journal's.
        expect(65, "this journal is empty", of: try await second.run("ordersync-enqueue", "--all"))

        // The holder dies while Monday.com works on a request of its, whose items come later.
        try await first.sandbox.faults(
            #"[{"action": "late_commit", "commit_after": 3, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await first.run("ordersync-enqueue", "--all").status == 0)
        #expect(try await first.meetsFault())
        holder.daemon.send(signal: SIGKILL)
        _ = await holder.daemon.wait()

        try await standby.expectStatus("taking over, first request in", within: 60)
        try await self.wait(for: "rebuilt the ledger", in: standby)
        #expect(try await second.run("ordersync-enqueue", "--all").status == 0)
        try await self.wait(for: "\(Self.orders)", "SELECT COUNT(*) FROM MON_CustMasterSchedule", second)
        try await self.expectWhole(second)

        // The one that was killed is back: first beside the new holder, then alone.
        let back = try Service(first)
        try await back.expectReady()
        try await back.expectStatus("role: standby")
        try await back.stop()
        try await standby.stop()
        let words = "another journal wrote to board"
        expect(65, words, of: try await first.run("ordersyncd", "drain"))
        expect(65, words, of: try await first.run("ordersync-enqueue", "--all"))
        #expect(try await first.run("ordersync-enqueue", "--rebuild-ledger").status == 0)
        let again = try await first.run("ordersync-enqueue", "--all", "--json")
        let report = try JSONValue(again.output)
        #expect(["new", "changed", "unchanged"].map { report[$0].integer } == [0, 0, Self.orders], "\(again)")
        #expect(try await first.run("ordersyncd", "drain").status == 0)
        try await self.expectWhole(first)
    }
}
