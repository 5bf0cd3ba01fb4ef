import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct GoneTests {
    private static func gone(_ count: Int) -> String {
        """
        DELETE FROM ORDERS_UNIFIED
        WHERE rowid IN (SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' LIMIT \(count))
        """
    }

    private func run(
        _ bench: Workbench,
        _ policy: String,
        confirm: String = "0s",
        _ more: String...
    ) async throws
        -> (outcome: Program.Outcome, counts: [Int?], actions: [String: Int])
    {
        let outcome = try await Program.run(
            "ordersync-enqueue",
            ["--po", "4755", "--json", "--config", bench.configuration] + more,
            environment: bench.environment.merging(
                ["ORDERSYNC_GONE_POLICY": policy, "ORDERSYNC_GONE_CONFIRM": confirm]
            ) { $1 }
        )
        guard let report = try? JSONValue(outcome.output) else { return (outcome, [], [:]) }
        let counts = ["new", "changed", "gone", "enqueued"].map { report[$0].integer }
        let actions = report["goneOrders"].array.map { ($0["action"].string ?? "", 1) }
        return (outcome, counts, Dictionary(actions, uniquingKeysWith: +))
    }

    private func kinds(_ bench: Workbench) throws -> [String] {
        try bench.journal(
            "SELECT kind || ' ' || count(*) FROM job WHERE finished_ms IS NULL GROUP BY kind ORDER BY kind"
        )
    }

    @Test("an order is archived or set to zero by the second run that misses it, once", arguments: ["archive", "zero"])
    func secondRun(policy: String) async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await bench.change(Self.gone(2))

        let first = try await self.run(bench, policy)
        #expect(first.counts == [0, 0, 2, 0] && first.actions == ["awaiting": 2], "\(first.outcome)")
        let early = try await self.run(bench, policy, confirm: "1h")
        #expect(early.counts == [0, 0, 2, 0] && early.actions == ["awaiting": 2])
        let second = try await self.run(bench, policy)
        #expect(second.counts == [0, 0, 2, 2] && second.actions == [policy: 2], "\(second.outcome)")
        #expect(try self.kinds(bench) == ["\(policy) 2"])
        #expect(try await self.run(bench, policy).counts == [0, 0, 0, 0], "it was dealt with")
        #expect(try self.kinds(bench) == ["\(policy) 2"])
    }

    @Test("an order that comes back after it was gone is a change, even when it looks as it did before")
    func comesBack() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.change("CREATE TABLE kept AS SELECT * FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' LIMIT 2")
        try await bench.change(Self.gone(2))
        for _ in 0..<2 { _ = try await self.run(bench, "archive") }
        #expect(try self.kinds(bench) == ["archive 2", "sync 67"])
        try await bench.change("INSERT INTO ORDERS_UNIFIED SELECT * FROM kept")
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET record_uuid = 'F' || substr(record_uuid, 2) WHERE rowid % 2 = 0"
        )
        #expect(try await self.run(bench, "archive").counts == [0, 2, 0, 2])
        #expect(try self.kinds(bench) == ["sync 69"])
        #expect(try await self.run(bench, "archive").counts == [0, 0, 0, 0])
    }

    @Test("a run that would touch more than a fifth of the known orders is refused, unless it is told to accept it")
    func refused() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.change(Self.gone(20))
        #expect(try await self.run(bench, "archive").counts == [0, 0, 20, 0], "nothing is touched yet")
        let refused = try await self.run(bench, "archive")
        #expect(refused.outcome.status == 65, "\(refused.outcome)")
        #expect(
            refused.outcome.error.contains("20 of 69 known orders") && refused.outcome.error.contains("--accept-gone")
        )
        let dry = try await self.run(bench, "archive", "--dry-run")
        #expect(dry.outcome.status == 0 && dry.actions == ["archive": 20], "\(dry.outcome)")
        #expect(try JSONValue(dry.outcome.output)["changes"].array.count == 20)
        #expect(try bench.journal("SELECT count(*) FROM run") == ["2"], "neither left anything")
        #expect(try await self.run(bench, "archive", "--accept-gone").counts == [0, 0, 20, 20])
        #expect(try await self.run(bench, "report").counts == [0, 0, 0, 0])
    }

    @Test("a read in the middle of a reload archives nothing, however often it comes to that")
    func middleOfReload() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for _ in 0..<2 {
            // The load has emptied the table and has come so far as the last five.
            try await bench.change("CREATE TABLE load AS SELECT * FROM ORDERS_UNIFIED")
            try await bench.change(Self.gone(5))
            try await bench.change("UPDATE ORDERS_UNIFIED SET record_uuid = lower(hex(randomblob(16)))")
            try await bench.change(
                """
                UPDATE ORDERS_UNIFIED SET record_uuid = substr(record_uuid, 1, 8) || '-' || substr(record_uuid, 9, 4) || '-'
                    || substr(record_uuid, 13, 4) || '-' || substr(record_uuid, 17, 4) || '-' || substr(record_uuid, 21)
                """
            )
            #expect(try await self.run(bench, "archive").actions == ["awaiting": 5])
            try await bench.change(
                "DELETE FROM ORDERS_UNIFIED; INSERT INTO ORDERS_UNIFIED SELECT * FROM load; DROP TABLE load"
            )
            #expect(try await self.run(bench, "archive").counts == [0, 0, 0, 0], "the load is over: all are there")
        }
        #expect(try self.kinds(bench) == ["sync 69"])
    }

    @Test("a row that turns invalid keeps its order from being gone, and so does one that lost its order number")
    func invalid() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let first = "WHERE rowid = (SELECT min(rowid) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755')"
        let second = "WHERE rowid = (SELECT max(rowid) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755')"
        try await bench.change("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = 'much' \(first)")
        try await bench.change("UPDATE ORDERS_UNIFIED SET [AAG ORDER NUMBER] = NULL \(second)")
        try await bench.generate(["--reload"])
        for _ in 0..<2 { #expect(try await self.run(bench, "archive").counts == [0, 0, 0, 0]) }
        #expect(try self.kinds(bench) == ["sync 69"])
    }
}
