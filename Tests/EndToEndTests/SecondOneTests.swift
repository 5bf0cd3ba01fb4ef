import Foundation
import TestSupport
import Testing

/// Where the board holds two of a thing, one is ours, and the other is told.
@Suite(.serialized) struct SecondOneTests {
    private func waitForFault(_ bench: Workbench) async throws {
        for _ in 0..<500 {
            if try await bench.sandbox.state()["faults"].array.first?["hits"].integer == 1 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the fault was not met")
    }

    @Test("an item in doubt that a person has copied is found by its lowest id, and the copy raises an alarm")
    func copiedInDoubt() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "1", "--sizes", "2"])
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "cache": false, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let drain = try bench.start("ordersyncd", "drain")
        try await self.waitForFault(bench)
        let ours = try #require(try await bench.board().items.first)
        try await bench.sandbox.edit(#"{"do": "copy", "item": "\#(ours.id)"}"#)
        let drained = await drain.wait()
        #expect(drained.status == 0, "\(drained)")
        #expect(try bench.journal("SELECT item_id FROM ledger") == [ours.id])
        #expect(try bench.journal("SELECT kind || ' ' || known_id FROM alarm") == ["second_item \(ours.id)"])
    }

    @Test("items that are found before the first create are told too when there are two")
    func copiedBeforeCreate() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "1", "--sizes", "2"])
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let key = try #require(try bench.journal("SELECT order_key FROM ledger").first)
        let group = try #require(
            try await bench.sandbox.state()["boards"].array.first { $0["id"].integer == Int(Sandbox.board) }?["groups"]
                .array.first?["id"].string
        )
        for name in ["first", "second"] {
            try await bench.sandbox.edit(
                """
                {"do": "create", "board": "\(Sandbox.board)", "name": "\(name)", "group": "\(group)",
                 "values": {"\(Sandbox.keyColumn)": "\(key)"}}
                """
            )
        }
        let ids = try await bench.board().items.map(\.id).sorted()
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        #expect(try await bench.board().items.count == 2)
        #expect(try bench.journal("SELECT item_id FROM ledger") == [ids[0]])
        #expect(try bench.journal("SELECT kind || ' ' || other_id FROM alarm") == ["second_item \(ids[1])"])
    }

    @Test("a group that comes into being long after it was given up is found by the late look")
    func lateGroup() async throws {
        let bench = try await Workbench(
            data: ["--no-known", "--rows", "1", "--sizes", "1"],
            monday: ["idempotency_window: 0s", "recheck: 4s"]
        )
        try await bench.sandbox.faults(
            #"[{"action": "late_commit", "commit_after": 4, "match": {"operation": "create_group"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        let titles = Dictionary(grouping: try await bench.board().groups) { $0 }
        #expect(titles.values.allSatisfy { $0.count == 1 })
        // The late look itself is what the next drain begins with.
        try await Task.sleep(for: .seconds(5))
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try bench.journal("SELECT kind FROM alarm") == ["second_group"])
    }
}
