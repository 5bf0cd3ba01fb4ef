import Foundation
import TestSupport
import Testing

/// Boards and production tables that were filled before ordersync.
@Suite(.serialized, .everyBackend) struct CutoverTests {
    /// An installation over a board that was filled by the predecessor.
    private func bench(rows: Int, _ options: [String], monday: [String] = []) async throws -> Workbench {
        let bench = try await Workbench(data: ["--rows", "\(rows)"], monday: monday)
        let board = bench.folder.file("board.json")
        try await bench.make("cutover.py", [board] + options)
        try await bench.sandbox.reset(board: board)
        return bench
    }

    private func adopt(_ bench: Workbench, _ options: String...) async throws -> JSONValue {
        let outcome = try await Program.run(
            "ordersync-enqueue",
            ["--adopt", "--all", "--json", "--config", bench.configuration] + options,
            environment: bench.environment
        )
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONValue(outcome.output)
    }

    @Test("1,239 items without keys become the orders' own: nothing is made twice, production keeps its rows")
    func wholeBoard() async throws {
        let bench = try await self.bench(
            rows: 1_250,
            ["--drifted", "40", "--missing", "30", "--doubled", "6", "--by-hand", "3"]
        )
        let before = try await bench.board()
        let foreign = before.items.filter { $0.name.hasPrefix("Made by hand") }.count
        #expect(foreign == 3 && before.items.allSatisfy { $0.key == nil })
        let rows = Int(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule").first ?? "") ?? 0

        // Nothing is made beside items that nobody explains, and looking changes nothing.
        let refused = try await bench.run("ordersync-enqueue", "--all")
        expect(65, "ITEMS_WITHOUT_KEY", "--adopt", of: refused)
        let dry = try await self.adopt(bench, "--dry-run")
        #expect(try await bench.sandbox.log().isEmpty)
        #expect(dry["adopted"].integer == dry["pairs"].array.count)

        let report = try await self.adopt(bench)
        #expect(report["adopted"].integer == dry["adopted"].integer && report["left"].integer == 0)
        #expect(report["unexplained"].integer == foreign)
        let ties = report["ties"].array
        let tied = ties.flatMap { $0["items"].array }.compactMap { $0["id"].integer.map(String.init) }
        #expect(ties.count >= 6 && report["ambiguous"].integer ?? 0 >= 6)
        let board = try await bench.board()
        #expect(board.items.count == before.items.count && board.duplicateKeys.isEmpty)
        #expect(board.items.filter { $0.key != nil }.count == report["adopted"].integer)
        for item in board.items where tied.contains(item.id) { #expect(item.key == nil) }
        #expect(try await bench.sandbox.log().allSatisfy { $0["operation"].string != "create_item" })
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["\(rows)"])
        #expect(
            try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule WHERE order_key IS NOT NULL")
                == ["\(report["adopted"].integer ?? 0)"]
        )
        #expect(
            try bench.warehouse(
                "SELECT count(*) FROM MON_CustMasterSchedule_Subitems GROUP BY subitem_id HAVING count(*) > 1"
            ) == []
        )

        // Still unexplained: a person clears up what was listed, and only then the rest is made.
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 65)
        for item in board.items where item.key == nil {
            try await bench.sandbox.edit(#"{"do": "delete", "item": "\#(item.id)"}"#)
        }
        let run = try await bench.run("ordersync-enqueue", "--all", "--json")
        #expect(run.status == 0, "\(run)")
        let found = try JSONValue(run.output)
        #expect(found["changed"].integer == 0)
        #expect(found["unchanged"].integer == report["adopted"].integer)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        let end = try await bench.board()
        let kept = board.items.filter { $0.key != nil }.map(\.id)
        #expect(Set(kept).isSubset(of: Set(end.items.map(\.id))) && end.duplicateKeys.isEmpty)
        #expect(end.items.count == (found["new"].integer ?? 0) + kept.count)
        #expect(try await self.adopt(bench)["adopted"].integer == 0)
    }

    @Test("a board that is shared is filled beside what others make there")
    func shared() async throws {
        let bench = try await self.bench(rows: 90, ["--missing", "20"], monday: ["shared: true"])
        let run = try await bench.run("ordersync-enqueue", "--po", "4755")
        #expect(run.status == 0, "\(run)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
    }

    @Test("a daemon that was handed new orders makes none beside items that nobody explains")
    func daemon() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.sandbox.edit(#"{"do": "create", "board": \#(Sandbox.board), "name": "by hand"}"#)
        let drained = try await bench.run("ordersyncd", "drain")
        expect(65, "ITEMS_WITHOUT_KEY", of: drained)
        #expect(try await bench.board().items.count == 1)
        #expect(
            try await bench.run("ordersyncd", "drain", environment: ["ORDERSYNC_MONDAY_SHARED": "true"]).status == 0
        )
        #expect(try await bench.board().items.count == 70)
    }
}
