import Foundation
import TestSupport
import Testing

/// What is wrong outside ends in a clear message and the right exit status, and leaves nothing half done.
@Suite struct BadInputTests {
    @Test(
        "a run that says not which orders, or contradicts itself, is wrong usage",
        arguments: [
            [], ["--all", "--po", "4755"], ["--customer", " "], ["--po"], ["--all", "--limit", "0"],
            ["--all", "--wait", "soon"],
            ["--all", "--unknown"], (0...1500).flatMap { ["--po", "\($0)"] },
        ]
    )
    func usage(arguments: [String]) async throws {
        let outcome = try await Program.run("ordersync-enqueue", arguments)
        expect(64, "--help", of: outcome)
    }

    @Test("without a filter a run says which ones there are, and touches nothing")
    func noFilter() async throws {
        let bench = try await Workbench()
        let before = try await bench.traces()
        let outcome = try await bench.run("ordersync-enqueue")
        expect(64, "say which orders", "--customer", "--po", "--aag-season", "--customer-season", "--all", of: outcome)
        #expect(try await bench.traces() == before)
        #expect(!FileManager.default.fileExists(atPath: bench.journal))
    }

    @Test("a configuration's mistakes are told all at once, with key and place")
    func configuration() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("ordersync.yaml")
        try Data("monday:\n  bord: 5\nretry:\n  base: quick\n".utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try await Program.run(
            "ordersyncd",
            ["check", "--config", file],
            environment: ["ORDERSYNC_BATCH_ORDERS": "-1", "MONDAY_API_KEY": Sandbox.token]
        )
        expect(
            78,
            "monday.bord (\(file):2): unknown key; did you mean monday.board?",
            "retry.base (\(file):4)",
            "batch.orders (environment ORDERSYNC_BATCH_ORDERS)",
            "warehouse.connection: missing",
            of: outcome
        )
        for program in ["ordersyncd", "ordersync-replay", "ordersync-enqueue"] {
            let command = ["ordersyncd": ["drain"], "ordersync-replay": ["list"], "ordersync-enqueue": ["--all"]]
            let arguments = (command[program] ?? []) + ["--config"]
            for broken in ["monday: [\n", "a: b: c\n", "\tmonday: 1\n", "- 1\n", "monday: 5\n"] {
                try Data(broken.utf8).write(to: URL(fileURLWithPath: file))
                let outcome = try await Program.run(program, arguments + [file])
                expect(78, "ordersync.yaml", of: outcome)
            }
            expect(66, "no such file", of: try await Program.run(program, arguments + ["/nowhere.yaml"]))
        }
    }
}
