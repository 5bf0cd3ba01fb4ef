import Foundation
import SQLite
import TestSupport
import Testing

/// The care of the journal by its operator: looking, asking, copying, restoring.
@Suite(.serialized) struct JournalCareTests {
    @Test(
        "check --journal reads everything, names the library and the guard, and tells damage apart from contradiction"
    )
    func check() async throws {
        let bench = try await Workbench()
        expect(66, of: try await bench.run("ordersyncd", "check", "--journal"))
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let fine = try await bench.run("ordersyncd", "check", "--journal")
        expect(0, "SQLite 3.", "in force", "69 orders, 69 jobs", "every rule of the queue holds", of: fine)
        let form = try JSONValue(try await bench.run("ordersyncd", "check", "--journal", "--json").output)
        #expect(form.array.map { $0["subject"].string } == ["journal", "library", "guard", "file", "queue"])
        #expect(form.array.allSatisfy { $0["verdict"].string == "ok" })

        try bench.tamper(
            "UPDATE job SET state = 'waiting', waits = 1 WHERE id = 5; UPDATE snapshot SET bytes = x'7b7d' WHERE job_id = 7"
        )
        let wrong = try await bench.run("ordersyncd", "check", "--journal")
        expect(1, "job 5 waits behind no live job", "snapshot of job 7 is not what was written", of: wrong)
    }

    @Test("a damaged journal is refused with instructions, and a backup puts everything back to work")
    func restore() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let copy = bench.folder.file("copy.sqlite")
        let made = try await bench.run("ordersyncd", "backup", copy)
        expect(0, copy, "69 orders, 69 jobs", "and whole", "backup --help", of: made)
        try bench.damageJournal()
        expect(65, "damaged", "put a backup in its place", of: try await bench.run("ordersyncd", "drain"))
        let check = try await bench.run("ordersyncd", "check", "--journal")
        #expect([1, 65].contains(check.status) && (check.output + check.error).contains("backup"), "\(check)")
        let again = try await bench.run("ordersyncd", "backup", bench.folder.file("second.sqlite"))
        expect(65, "damaged", of: again)
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("second.sqlite")))

        for name in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: bench.journal + name) }
        try FileManager.default.copyItem(atPath: copy, toPath: bench.journal)
        expect(0, "69 orders done", of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 69)
    }

    @Test("a backup beside a working daemon is whole, its owner's alone, and overwrites nothing")
    func backup() async throws {
        let bench = try await Workbench()
        let service = try Service(bench)
        try await service.expectReady()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for number in 1...5 {
            let path = bench.folder.file("copy\(number).sqlite")
            let form = try JSONValue(try await bench.run("ordersyncd", "backup", path, "--json").output)
            #expect(form["jobs"].integer == 69 && form["file"].string == path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            expect(73, "none is overwritten", of: try await bench.run("ordersyncd", "backup", path))
            let checked = try await bench.run(
                "ordersyncd",
                "check",
                "--journal",
                environment: ["ORDERSYNC_JOURNAL_PATH": path]
            )
            // A copy is one file in rollback mode: whole, but no journal in use.
            #expect(checked.output.contains("pages, indexes and references are whole"), "\(checked)")
            #expect(checked.output.contains("every rule of the queue holds"), "\(checked)")
        }
        expect(73, "folder", of: try await bench.run("ordersyncd", "backup", "/nowhere/copy.sqlite"))
        expect(73, of: try await bench.run("ordersyncd", "backup", "/proc/copy.sqlite"))
        expect(64, of: try await bench.run("ordersyncd", "backup", bench.folder.path + "/"))
        try await service.expectItems(69, on: bench)
        try await service.stop()
    }

    @Test("a person's SELECT is answered beside a working daemon, and nothing else is")
    func query() async throws {
        let bench = try await Workbench()
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let service = try Service(bench)
        try await service.expectReady()
        let count = try await bench.run("ordersyncd", "query", "SELECT count(*) AS orders FROM ledger", "--json")
        let orders = try #require(try JSONValue(count.output)["rows"][0]["orders"].integer)
        let cut = try await bench.run("ordersyncd", "query", "SELECT id, customer FROM job", "--limit", "2")
        expect(0, "ID".lowercased(), "and more", of: cut)
        #expect(cut.output.split(separator: "\n").count == 3)
        let all = try await bench.run("ordersyncd", "query", "SELECT id, id FROM job", "--limit", "0", "--json")
        let form = try JSONValue(all.output)
        #expect(form["rows"].array.count == orders && form["isCut"].integer == 0)
        #expect(form["rows"][0].keys == ["id", "id:2"])
        for sql in ["DELETE FROM job", "SELECT nothing", "", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            let refused = try await bench.run("ordersyncd", "query", sql)
            #expect(refused.status == 64 && refused.output.isEmpty, "\(refused)")
        }
        let endless = "WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        expect(64, "longer than", of: try await bench.run("ordersyncd", "query", endless, "--timeout", "200ms"))
        try await service.expectItems(orders, on: bench)
        try await service.stop()
    }

    @Test("finished jobs are pruned when they are older than retention.done says")
    func pruning() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        try bench.tamper(
            "UPDATE job SET finished_ms = finished_ms - 90000000; UPDATE effect SET settled_ms = settled_ms - 90000000 WHERE state = 'settled'"
        )
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        #expect(try bench.journal("SELECT count(*) FROM job") == ["69"])
        let day = ["ORDERSYNC_RETENTION_DONE": "1d"]
        expect(0, of: try await bench.run("ordersyncd", "drain", environment: day))
        // The newest stays, so that no number is given twice.
        #expect(try bench.journal("SELECT count(*) FROM job") == ["1"])
        #expect(try bench.journal("SELECT count(*) FROM ledger") == ["69"])
        let again = try await bench.enqueueKnownOrder()
        expect(0, "unchanged 69", of: again)
        expect(0, of: try await bench.run("ordersyncd", "check", "--journal"))
    }
}

extension Workbench {
    /// Changes the journal as nobody should, and brings the change into the file itself.
    func tamper(_ sql: String) throws {
        let database = try Database(path: self.journal, mode: .readWrite, busyTimeoutMilliseconds: 5_000)
        try database.execute(sql)
        _ = try database.checkpointTruncate()
    }

    /// Fills pages in the middle of the journal's file with rubbish.
    func damageJournal() throws {
        try self.tamper("UPDATE meta SET value = value")
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: self.journal))
        let pages = try file.seekToEnd() / 4096
        for page in (pages / 4)..<(pages / 2) {
            try file.seek(toOffset: page * 4096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        }
        try file.close()
    }
}
