import Foundation
import SQLite
import TestSupport
import Testing

extension BadInputTests {
    /// The programs that open the journal to write to it.
    private static let writers = [["ordersync-enqueue", "--all"], ["ordersyncd", "drain"], ["ordersyncd", "run"]]

    /// Runs a program on the bench with its journal at a path; `wrapper` stands before the command.
    private func run(
        _ command: [String],
        on bench: Workbench,
        journal: String,
        wrapper: [String] = []
    ) async throws -> Program.Outcome {
        let words = wrapper + [Project.programs.appending(path: command[0]).path] + command.dropFirst()
        let program = try Program(
            URL(fileURLWithPath: words[0]),
            words.dropFirst() + ["--config", bench.configuration],
            environment: bench.environment.merging(["ORDERSYNC_JOURNAL_PATH": journal]) { $1 }
        )
        return try #require(try await program.wait(within: 60), "\(command) did not end")
    }

    /// Every file below a folder, with its content.
    private func files(in folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: "\(folder)/\($0)") ?? Data()) }
        )
    }

    @Test("a journal whose folder is missing, or can't be written, is refused with what to do")
    func folder() async throws {
        let bench = try await Workbench()
        let before = try await bench.traces()
        for command in Self.writers {
            let missing = try await self.run(command, on: bench, journal: "/nowhere/journal.sqlite")
            expect(73, "/nowhere", "make it", "journal.path", of: missing)
            // Nobody makes files there, not even root.
            let kernels = try await self.run(command, on: bench, journal: "/proc/journal.sqlite")
            expect(77, "/proc/journal.sqlite", "check owner", of: kernels)
        }
        expect(66, "run ordersync-enqueue", "journal.path", of: try await bench.run("ordersync-replay", "list"))
        #expect(try await bench.traces() == before)

        // Root without its capabilities is bound by permissions as anybody is.
        let wrapper = geteuid() == 0 ? ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []
        let folder = bench.folder.file("state")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try await self.run(["ordersync-enqueue", "--po", "4755"], on: bench, journal: folder + "/journal.sqlite")
        for (path, mode) in [(folder, 0o500), (folder + "/journal.sqlite", 0o400)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            for command in Self.writers.prefix(2) {
                let outcome = try await self.run(
                    command,
                    on: bench,
                    journal: folder + "/journal.sqlite",
                    wrapper: wrapper
                )
                // A folder without write permission still has a journal that can be written, while its log is there.
                if path == folder, outcome.status == 0 { continue }
                expect(77, folder, "check owner", of: outcome)
            }
            let new = try await self.run(Self.writers[0], on: bench, journal: folder + "/new.sqlite", wrapper: wrapper)
            if path == folder { expect(77, folder, "check owner", of: new) }
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        }
    }

    @Test("a journal that is newer, damaged, or something else is refused, and left as it is to the byte")
    func foreign() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let kinds: [(name: String, word: String, make: (String) throws -> Void)] = [
            (
                "newer", "newer ordersync",
                { path in
                    try FileManager.default.copyItem(atPath: bench.journal, toPath: path)
                    try FileManager.default.copyItem(atPath: bench.journal + "-wal", toPath: path + "-wal")
                    let database = try Database(path: path, mode: .readWrite, busyTimeoutMilliseconds: 1000)
                    try database.execute("PRAGMA user_version = 9999")
                    _ = try database.checkpointTruncate()
                }
            ),
            ("garbage", "damaged", { try Data(repeating: 0x5a, count: 65_536).write(to: URL(fileURLWithPath: $0)) }),
            (
                "other", "something else",
                { path in
                    let database = try Database(path: path, mode: .create, busyTimeoutMilliseconds: 1000)
                    try database.execute("CREATE TABLE recipes (name TEXT)")
                }
            ),
        ]
        for (name, word, make) in kinds {
            let folder = bench.folder.file(name)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let path = folder + "/journal.sqlite"
            try make(path)
            let before = try self.files(in: folder)["journal.sqlite"]
            for command in Self.writers + [["ordersync-replay", "list"], ["ordersync-replay", "retry", "--all"]] {
                expect(65, path, word, of: try await self.run(command, on: bench, journal: path))
            }
            expect(1, word, of: try await self.run(["ordersyncd", "check"], on: bench, journal: path))
            // Threads that had been started for the work once crashed a few of a hundred such ends.
            for _ in 1...15 {
                let end = try await self.run(["ordersyncd", "drain"], on: bench, journal: path)
                #expect(end.status == 65, "\(end)")
            }
            #expect(try self.files(in: folder)["journal.sqlite"] == before, "\(name)")
        }
    }

    @Test("of two daemons on one journal the second says so and leaves, and the first works on")
    func twice() async throws {
        let bench = try await Workbench()
        let first = try Service(bench)
        try await first.expectReady()
        for command in [["ordersyncd", "run"], ["ordersyncd", "drain"]] {
            let second = try await self.run(command, on: bench, journal: bench.journal)
            expect(75, "another ordersyncd", "stop that one first", of: second)
        }
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await first.expectItems(69, on: bench)
        try await first.stop()
    }

    @Test("a full disk ends a program at once and tells so; nothing is half done, and with room it goes on")
    func full() async throws {
        let bench = try await Workbench()
        let mount = bench.folder.file("small")
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
        // A file system of its own, seen by this shell and its children alone.
        let script = """
            mount -t tmpfs -o size=500k journal "$MOUNT" || exit 99
            at() { "$PROGRAMS/$@" --config "$CONFIG"; echo "$1 $?"; }
            at ordersync-enqueue --all
            mount -o remount,size=64m "$MOUNT"
            at ordersync-replay list --state any
            at ordersync-enqueue --all --limit 69 --json
            mount -o remount,size=$(( $(du -sk "$MOUNT" | cut -f1) + 40 ))k "$MOUNT"
            at ordersyncd drain
            mount -o remount,size=64m "$MOUNT"
            at ordersyncd drain --json
            """
        let shell = try Program(
            URL(fileURLWithPath: "/usr/bin/unshare"),
            (geteuid() == 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"]) + ["/bin/sh", "-c", script],
            environment: bench.environment.merging([
                "MOUNT": mount, "PROGRAMS": Project.programs.path, "CONFIG": bench.configuration,
                "ORDERSYNC_JOURNAL_PATH": mount + "/journal.sqlite",
            ]) { $1 }
        )
        let outcome = await shell.wait()
        guard outcome.status != 99, !outcome.error.contains("unshare failed") else {
            return try await self.fullByLimit(bench)
        }
        #expect(outcome.error.contains("disk is full"), "\(outcome)")
        let ends = outcome.output.split(separator: "\n").filter {
            $0.hasPrefix("order") && $0.split(separator: " ").count == 2
        }
        #expect(
            ends == [
                "ordersync-enqueue 74", "ordersync-replay 0", "ordersync-enqueue 0", "ordersyncd 74", "ordersyncd 0",
            ],
            "\(outcome)"
        )
        #expect(outcome.output.contains("no such jobs"), "\(outcome)")
        let board = try await bench.board()
        #expect(board.items.count == 69)
        #expect(board.duplicateKeys.isEmpty)
        expectNoSecret(outcome)
    }

    /// The same where nothing may be mounted: files can't grow, which SQLite takes for a failing disk.
    private func fullByLimit(_ bench: Workbench) async throws {
        let shell = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 600; exec \"$@\"", "sh"]
        let outcome = try await self.run(Self.writers[0], on: bench, journal: bench.journal, wrapper: shell)
        expect(74, bench.journal, of: outcome)
        let run = try await bench.run("ordersync-enqueue", "--all", "--json")
        expect(0, of: run)
        #expect(try JSONValue(run.output)["runID"].integer == 1)
    }
}
