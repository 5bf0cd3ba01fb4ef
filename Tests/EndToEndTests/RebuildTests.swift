import Foundation
import TestSupport
import Testing

/// A ledger that was lost comes back from board and warehouse, and nothing is made twice for it.
@Suite(.serialized) struct RebuildTests {
    private func expectWhole(_ bench: Workbench, _ location: SourceLocation = #_sourceLocation) async throws {
        let board = try await bench.board()
        #expect(board.items.count == 69, sourceLocation: location)
        #expect(board.subitemCount == 264, sourceLocation: location)
        #expect(board.duplicateKeys.isEmpty, sourceLocation: location)
        let production = try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule")
        #expect(production == ["69"], sourceLocation: location)
    }

    private func rebuild(_ bench: Workbench, _ environment: [String: String] = [:]) async throws -> JSONValue {
        let outcome = try await bench.run("ordersync-enqueue", "--rebuild-ledger", "--json", environment: environment)
        #expect(outcome.status == 0, "\(outcome)")
        let examined = try await bench.run("ordersyncd", "check", "--journal", environment: environment)
        #expect(examined.status == 0, "\(examined)")
        return try JSONValue(outcome.output)
    }

    /// Runs detection, and expects that nothing has changed.
    private func expectUnchanged(
        _ bench: Workbench,
        _ environment: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let run = try await bench.run(
            "ordersync-enqueue",
            "--customer",
            "GREYSON CLOTHIERS",
            "--po",
            "4755",
            "--json",
            environment: environment
        )
        #expect(run.status == 0, "\(run)", sourceLocation: location)
        let report = try JSONValue(run.output)
        let counts = ["new", "changed", "unchanged", "gone"].map { report[$0].integer }
        #expect(counts == [0, 0, 69, 0], "\(run)", sourceLocation: location)
    }

    @Test(
        "a deleted journal is rebuilt: the next run finds everything unchanged, even after a reload of the source",
        .everyBackend
    )
    func deleted() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.board()
        bench.deleteJournal()

        // To look changes nothing.
        let looked = try await bench.run("ordersync-enqueue", "--rebuild-ledger", "--dry-run")
        expect(0, "dry run: nothing was written", of: looked)
        #expect(!FileManager.default.fileExists(atPath: bench.journal))

        let report = try await self.rebuild(bench)
        #expect(report["inBoth"].integer == 69)
        #expect(report["onlyBoard"].integer == 0 && report["onlyProduction"].integer == 0)
        #expect(report["ledgerBefore"].integer == 0 && report["ledgerAfter"].integer == 69)
        #expect(report["toBeWritten"].integer == 0 && report["duplicateKeys"].integer == 0)
        #expect(report["subitems"].integer == 264)
        #expect(try bench.warehouse("SELECT journal_id FROM ordersync_guard") == [report["journalID"].string])

        try await self.expectUnchanged(bench)
        try await bench.reload()
        try await self.expectUnchanged(bench)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let after = try await bench.board()
        #expect(after.items.map(\.id).sorted() == before.items.map(\.id).sorted())

        // A change is written to the item that is there, with its subitems.
        let victim = "[AAG ORDER NUMBER] = 'GRE-04801'"
        try await bench.change("UPDATE ORDERS_UNIFIED SET [M] = [M] + 1000 WHERE \(victim)")
        let run = try await bench.enqueueKnownOrder()
        expect(0, "changed    1", of: run)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await self.expectWhole(bench)
        #expect(try await bench.board().quantity == before.quantity + 1000)
    }

    @Test(
        "a backup of yesterday is rebuilt: what it still meant to do is dropped, and what changed since is written once",
        .everyBackend
    )
    func restored() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        // The backup holds 69 jobs that are done by now.
        let backup = try bench.copyJournal("backup")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let victim = "[AAG ORDER NUMBER] = 'GRE-04801'"
        try await bench.change("UPDATE ORDERS_UNIFIED SET [M] = [M] + 1000 WHERE \(victim)")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.board()
        try bench.restoreJournal(backup)

        let report = try await self.rebuild(bench)
        #expect(report["ledgerBefore"].integer == 69 && report["ledgerAfter"].integer == 69)
        #expect(report["jobsDropped"].integer == 69 && report["inBoth"].integer == 69)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.board().quantity == before.quantity, "yesterday's jobs don't take the board back")
        try await self.expectUnchanged(bench)
        try await self.expectWhole(bench)
    }

    @Test("of two copies that were both used the rebuilt one goes on alone, and each order has one item")
    func copied() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let copy = ["ORDERSYNC_JOURNAL_PATH": try bench.copyJournal("copy")]
        #expect(try await bench.run("ordersyncd", "drain", environment: copy).status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 65)
        let report = try await self.rebuild(bench)
        #expect(report["jobsDropped"].integer == 69)
        try await self.expectUnchanged(bench)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        // Now the other one is the stranger.
        let other = try await bench.run("ordersync-enqueue", "--all", environment: copy)
        expect(65, "another journal wrote to board", of: other)
        #expect(try await bench.run("ordersyncd", "drain", environment: copy).status == 65)
        try await self.expectWhole(bench)
    }

    @Test(
        "a journal lost in the middle of its work is rebuilt wherever it died",
        arguments: [150, 350, 700]
    )
    func lostInFlight(delay: Int) async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        // Subitems are slow, so that there is a middle.
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 0.05, "match": {"operation": ["create_item", "create_subitem"]}}]"#
        )
        let daemon = try bench.start("ordersyncd", "drain")
        try await Task.sleep(for: .milliseconds(delay))
        daemon.send(signal: SIGKILL)
        _ = await daemon.wait()
        bench.deleteJournal()
        try await bench.sandbox.faults("[]")

        let onBoard = try await bench.board()
        let report = try await self.rebuild(bench)
        let after = try await bench.board()
        #expect(after.items.count >= onBoard.items.count)
        #expect((report["inBoth"].integer ?? 0) + (report["onlyBoard"].integer ?? 0) == after.items.count)
        #expect(report["ledgerAfter"].integer == after.items.count)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await self.expectWhole(bench)
        try await self.expectUnchanged(bench)
    }

    @Test("items whose orders nobody kept are known by their keys alone, in whatever number the business key occurs")
    func boardAlone() async throws {
        let bench = try await Workbench()
        // Three rows of one business key.
        let twin = "WHERE rowid IN (SELECT rowid FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' LIMIT 3)"
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [AAG ORDER NUMBER] = 'GRE-TWIN', [CUSTOMER STYLE] = 'S', [CUSTOMER COLOUR DESCRIPTION] = 'C' \(twin)
            """
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let before = try await bench.board()
        bench.deleteJournal()
        for table in ["MON_CustMasterSchedule_Subitems", "MON_CustMasterSchedule"] {
            try await bench.change("DELETE FROM \(table)")
        }
        for table in ["STG_MON_CustMasterSchedule_Subitems", "STG_MON_CustMasterSchedule"] {
            try await bench.change("DELETE FROM \(table)")
        }
        try await bench.reload()

        let report = try await self.rebuild(bench)
        #expect(report["onlyBoard"].integer == 69 && report["unidentified"].integer == 69)
        let run = try await bench.run("ordersync-enqueue", "--customer", "GREYSON CLOTHIERS", "--po", "4755", "--json")
        let counts = try JSONValue(run.output)
        #expect(counts["new"].integer == 0 && counts["changed"].integer == 69, "\(run)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await self.expectWhole(bench)
        #expect(try await bench.board().items.map(\.id).sorted() == before.items.map(\.id).sorted())
        try await self.expectUnchanged(bench)
    }

    @Test("a copied item, an item without its key, an archived one and a stranger are told, and none is made twice")
    func oddItems() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let items = try await bench.board().items
        let (copied, unmarked, archived) = (items[0], items[1], items[2])
        try await bench.sandbox.edit(#"{"do": "copy", "item": "\#(copied.id)"}"#)
        try await bench.sandbox.edit(
            #"{"do": "set", "item": "\#(unmarked.id)", "values": {"\#(Sandbox.keyColumn)": ""}}"#
        )
        try await bench.sandbox.edit(#"{"do": "archive", "item": "\#(archived.id)"}"#)
        try await bench.sandbox.edit(#"{"do": "create", "board": "\#(Sandbox.board)", "name": "a person's"}"#)
        bench.deleteJournal()

        let report = try await self.rebuild(bench)
        #expect(report["inBoth"].integer == 68 && report["onlyProduction"].integer == 1)
        #expect(report["withoutKey"].integer == 1)
        #expect(report["duplicateKeys"].integer == 1)
        #expect(report["duplicates"].array.first?["item"].integer.map(String.init) == copied.id)
        #expect(try bench.journal("SELECT count(*) FROM alarm WHERE kind = 'second_item'") == ["1"])
        try await self.expectUnchanged(bench)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.board().items.count == 70, "68 of ours, the copy, and the stranger")
    }

    @Test("a rebuild keeps away from a daemon at work, from other options, and from a board without keys")
    func refusals() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let service = try Service(bench)
        try await service.expectReady()
        expect(75, "another ordersyncd", of: try await bench.run("ordersync-enqueue", "--rebuild-ledger"))
        try await service.stop()
        expect(64, "--rebuild-ledger", of: try await bench.run("ordersync-enqueue", "--rebuild-ledger", "--all"))
        let without = try await Workbench(hasKeyColumn: false)
        let refused = try await without.run("ordersync-enqueue", "--rebuild-ledger")
        expect(78, "monday.external_key_column", of: refused)
    }

    @Test(
        "a rebuild that dies leaves the journal refused until the warehouse has heard of it, and the next one does it all again",
        arguments: [
            ("journal.restore_ledger:before", 65), ("journal.restore_ledger:after", 65),
            ("warehouse.guard_claim:before", 65), ("warehouse.guard_claim:after", 0),
        ]
    )
    func killed(at place: String, then status: Int32) async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        bench.deleteJournal()
        let died = try await bench.run("ordersync-enqueue", "--rebuild-ledger", environment: ["CRASH_AT": place])
        #expect(died.status == 128 + SIGABRT, "\(died)")
        #expect(try await bench.enqueueKnownOrder().status == status)
        if status == 0 { try await self.expectUnchanged(bench) }
        _ = try await self.rebuild(bench)
        try await self.expectUnchanged(bench)
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        try await self.expectWhole(bench)
    }
}
