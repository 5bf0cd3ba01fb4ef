import Foundation
import TestSupport
import Testing

/// Where the board holds two of a thing, one is ours, and the other is told.
@Suite(.serialized) struct SecondOneTests {
    private func waitForProduction(_ count: Int, _ bench: Workbench) async throws {
        #expect(
            try await eventually {
                try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["\(count)"]
            }
        )
    }

    @Test("an item in doubt that a person has copied is found by its lowest id, and the copy raises an alarm")
    func copiedInDoubt() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "1", "--sizes", "2"])
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "cache": false, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let drain = try bench.start("ordersyncd", "drain")
        #expect(try await bench.meetsFault(), "\(drain.error)")
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
        expect(0, "ordersync-replay acknowledge 1", of: try await bench.run("ordersyncd", "check", "--journal"))
        try await self.expectPutAway(ids, bench)
    }

    /// Sees the one alarm of an installation through to its end, as a person does.
    private func expectPutAway(_ ids: [String], _ bench: Workbench) async throws {
        func replay(_ arguments: String...) async throws -> Program.Outcome {
            try await bench.run("ordersync-replay", arguments, environment: ["USER": "anna"])
        }
        let number = try #require(try bench.journal("SELECT order_number FROM ledger").first)
        expect(0, number, ids[0], ids[1], of: try await replay("alarms"))
        let open = try JSONValue(try await replay("alarms", "--json").output)[0]
        #expect(open["id"].integer == 1 && open["kind"].string == "second_item" && open["acknowledgement"].isNull)
        #expect([open["knownID"].string, open["otherID"].string] == ids)

        expect(64, "--reason", of: try await replay("acknowledge", "1"))
        expect(1, "alarm 7 refused: there is no such alarm", of: try await replay("acknowledge", "7", "--reason", "x"))
        try await bench.sandbox.edit(#"{"do": "delete", "item": "\#(ids[1])"}"#)
        expect(0, "1 alarm put away\n", of: try await replay("acknowledge", "1", "--reason", "a copy, deleted"))
        expect(1, "it was put away before", of: try await replay("acknowledge", "1", "--reason", "again"))
        expect(0, "no alarms", of: try await replay("alarms"))
        expect(0, "anna", "a copy, deleted", of: try await replay("alarms", "--all"))
        expect(0, "anna", "acknowledge", "alarms 1", "a copy, deleted", of: try await replay("log"))
        let looked = try await bench.run("ordersyncd", "check", "--journal")
        #expect(looked.status == 0 && !looked.output.contains("second one"), "\(looked)")
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

    @Test("a group that a person has deleted is made again at no cost to the orders, and is nobody's second one")
    func deletedGroup() async throws {
        let bench = try await Workbench()
        let title = "GREYSON CLOTHIERS 2025 FALL"
        let service = try Service(bench)
        try await service.expectReady()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await self.waitForProduction(69, bench)
        let boards = try await bench.sandbox.state()["boards"].array
        let groups = boards.first { $0["id"].integer == Int(Sandbox.board) }?["groups"].array ?? []
        let group = try #require(groups.first { $0["title"].string == title }?["id"].string)
        // The service knows the group by its id still.
        try await bench.sandbox.edit(#"{"do": "delete_group", "board": \#(Sandbox.board), "group": "\#(group)"}"#)
        try await bench.generate(["--change", "add=2", "--customer", "GREYSON CLOTHIERS", "--po", "4755"])
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [AAG SEASON] = '2025 FALL', [CUSTOMER SEASON] = NULL
            WHERE [AAG ORDER NUMBER] LIKE 'NEW-%'
            """
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await self.waitForProduction(71, bench)
        try await service.stop()
        #expect(try bench.journal("SELECT count(*) FROM alarm") == ["0"])
        #expect(try bench.journal("SELECT sum(errors) FROM job") == ["0"])
        #expect(try await bench.board().items(in: title).count == 2)
        #expect(try bench.warehouse("SELECT count(*) FROM ERR_MON_CustMasterSchedule") == ["0"])
    }

    @Test("subitems that the ledger has lost are found before a size is created once more")
    func lostSubitems() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "3", "--sizes", "4"])
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.board()
        // As a backup has it that was taken between two requests of one batch.
        try await bench.changeJournal("DELETE FROM ledger_subitem")
        try await bench.change("UPDATE ORDERS_UNIFIED SET [NOTES] = 'changed'")
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let after = try await bench.board()
        #expect(after.subitemCount == before.subitemCount && after.quantity == before.quantity)
        #expect(try bench.journal("SELECT count(*) FROM ledger_subitem") == ["\(before.subitemCount)"])
        #expect(try bench.journal("SELECT count(*) FROM alarm") == ["0"])
    }
}
