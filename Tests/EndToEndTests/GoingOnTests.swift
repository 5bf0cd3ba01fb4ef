import Foundation
import SQLite
import TestSupport
import Testing

/// What has stopped the work goes on by itself once its cause is gone: nobody restarts the daemon.
@Suite struct GoingOnTests {
    @Test("a token that Monday.com refuses pauses the work, and the file with another one in it ends the pause")
    func tokenReplaced() async throws {
        let bench = try await Workbench()
        let file = bench.folder.file("token")
        func write(_ token: String) throws {
            // As credentials are replaced: whole, under the same name.
            try Data("\(token)\n".utf8).write(to: URL(fileURLWithPath: file + ".new"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file + ".new")
            _ = unsafe rename(file + ".new", file)
        }
        try write("revoked-token")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let service = try Service(bench, environment: ["ORDERSYNC_MONDAY_TOKEN_FILE": file])
        try await service.expectStatus("paused", "NOT_AUTHENTICATED")
        #expect(try await bench.sandbox.log().isEmpty)
        try write(Sandbox.token)
        try await service.expectItems(69, on: bench)
        try await service.expectStatus("idle: 0 in work, 0 ready")
        let end = try #require(try await service.stop())
        #expect(!end.error.contains("revoked-token") && !end.output.contains("revoked-token"))
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["done0"])
    }

    @Test("a daemon whose journal's disk is full stands still and says so, and goes on when there is room")
    func fullJournal() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        // As long as somebody reads its old state the log can't begin anew: it grows until it meets the limit.
        let reader = try Database(path: bench.journal, mode: .readOnly, busyTimeoutMilliseconds: 5_000)
        try reader.execute("BEGIN; SELECT count(*) FROM job")
        let log = try FileManager.default.attributesOfItem(atPath: bench.journal + "-wal")[.size] as? Int ?? 0
        let manager = try NotifySocket()
        // A limit for files, which SQLite takes for a full disk; the soft one, so that it can be lifted again.
        let shell = "trap '' XFSZ; ulimit -S -f \(log / 512 + 300); exec \"$0\" run --config \"$1\""
        let daemon = try Program(
            URL(fileURLWithPath: "/bin/sh"),
            ["-c", shell, Project.programs.appending(path: "ordersyncd").path, bench.configuration],
            environment: bench.environment.merging(["NOTIFY_SOCKET": manager.path]) { $1 }
        )
        let paused = try await manager.first { $0.name == "STATUS" && $0.value.contains("JOURNAL_FULL") }
        #expect(paused?.value.contains("disk is full") == true, "\(manager.words().suffix(5)); \(daemon.error)")
        let room = try await Program(
            URL(fileURLWithPath: "/usr/bin/prlimit"),
            ["--pid", "\(daemon.pid)", "--fsize=unlimited:unlimited"]
        ).wait()
        #expect(room.status == 0, "\(room)")
        try reader.execute("COMMIT")
        let service = Service(manager: manager, daemon: daemon)
        try await service.expectItems(69, on: bench)
        try await service.expectStatus("idle: 0 in work, 0 ready")
        try await service.stop()
        #expect(try await bench.board().duplicateKeys.isEmpty)
        #expect(try bench.journal("SELECT DISTINCT state FROM job") == ["done"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["69"])
    }

    @Test("a batch that hangs loses its jobs to another batch, which brings them through")
    func hungBatch() async throws {
        let bench = try await Workbench(monday: ["request_timeout: 10m"])
        #expect(try await bench.enqueueKnownOrder().status == 0)
        // A read that nobody ever answers, and whose deadline is far away.
        try await bench.sandbox.faults(
            """
            [{"action": "stall_before", "match": {"kind": "query", "operation": "items_page_by_column_values"}, "times": 1}]
            """
        )
        let drained = try await bench.run("ordersyncd", "drain", environment: ["ORDERSYNC_BATCH_LEASE": "1s"])
        #expect(drained.status == 0, "\(drained)")
        #expect(drained.error.contains("a batch hangs"), "\(drained)")
        #expect(try await bench.board().items.count == 69)
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["done0"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_BatchProcessing WHERE end_time IS NULL") == ["0"])
        #expect(
            try bench.journal("SELECT count(*) FROM batch WHERE closed_ms IS NULL OR reported_ms IS NULL") == ["0"]
        )
        // Were it not closed when its jobs are taken, nobody would be there to hear of its end.
        #expect(
            try bench.journal("SELECT status FROM batch WHERE error_summary LIKE 'the batch stood still%'") == [
                "abandoned"
            ]
        )
    }
}
