import Foundation
import TestSupport
import Testing

/// What a person or a script at the command line relies on.
@Suite struct CommandLineTests {
    @Test(
        "--help teaches with examples and exit statuses, and fits a terminal of 80 columns",
        arguments: [
            ("ordersync-enqueue", []), ("ordersyncd", []), ("ordersyncd", ["run"]), ("ordersyncd", ["drain"]),
            ("ordersyncd", ["migrate"]),
            ("ordersyncd", ["check"]), ("ordersyncd", ["backup"]), ("ordersyncd", ["query"]), ("ordersync-replay", []),
            ("ordersync-replay", ["list"]), ("ordersync-replay", ["why"]), ("ordersync-replay", ["stats"]),
            ("ordersync-replay", ["log"]),
            ("ordersync-replay", ["show"]), ("ordersync-replay", ["retry"]), ("ordersync-replay", ["discard"]),
            ("ordersync-replay", ["hold"]), ("ordersync-replay", ["release"]), ("ordersync-replay", ["settle"]),
        ] as [(String, [String])]
    )
    func help(program: String, command: [String]) async throws {
        let outcome = try await Program.run(program, command + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("EXAMPLES\n"))
        if command.isEmpty { #expect(outcome.output.contains("EXIT STATUS\n   0  done\n"), "\(outcome)") }
        for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("--version tells the release", arguments: ["ordersync-enqueue", "ordersyncd", "ordersync-replay"])
    func version(program: String) async throws {
        let outcome = try await Program.run(program, ["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: ".").count == 3)
    }

    @Test("--print-config shows every value and its origin, and no secret")
    func printConfig() async throws {
        let environment = [
            "ORDERSYNC_SOURCE_CONNECTION": "DSN=orders;PWD=hunter2", "MONDAY_API_KEY": "s3cret-token",
            "ORDERSYNC_BATCH_ORDERS": "7",
        ]
        let outcome = try await Program.run("ordersync-enqueue", ["--print-config"], environment: environment)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("source.connection = <redacted>  # environment ORDERSYNC_SOURCE_CONNECTION\n"))
        #expect(outcome.output.contains("batch.orders = 7  # environment ORDERSYNC_BATCH_ORDERS\n"))
        #expect(outcome.output.contains("warehouse.connection = as source.connection  # default\n"))
        #expect(!outcome.output.contains("hunter2") && !outcome.output.contains("s3cret"))
    }

    @Test("progress is drawn on a terminal only: in a pipe there is the summary and nothing else")
    func pipe() async throws {
        let bench = try await Workbench()
        let outcome = try await bench.enqueueKnownOrder()
        #expect(outcome.error.isEmpty, "\(outcome)")
        #expect(outcome.output.contains("\n  new       69\n"))
        #expect(outcome.output.contains("\n69 jobs enqueued by run 1\n"))
        let quiet = try await bench.run("ordersync-enqueue", "--all", "--quiet")
        #expect(quiet.status == 0)
        #expect(quiet.output.isEmpty && quiet.error.isEmpty, "\(quiet)")
    }

    @Test("an operator finds, discards and replays jobs by number, by filter and from standard input")
    func replay() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let list = try await bench.run("ordersync-replay", "list", "--state", "ready", "--limit", "2", "--json")
        let jobs = try JSONValue(list.output)
        #expect(jobs["jobs"].array.count == 2)
        #expect(jobs["jobs"][0]["poNumber"].string == "4755")
        let id = try #require(jobs["jobs"][0]["id"].integer)

        let shown = try await bench.run("ordersync-replay", "show", "\(id)", "--json")
        #expect(try JSONValue(shown.output)["job"]["state"].string == "ready", "\(shown)")

        let open = try await bench.run("ordersync-replay", "discard", "--reason", "x")
        #expect(open.status == 64)
        #expect(open.error.contains("say which jobs"))
        let dry = try await bench.run("ordersync-replay", "discard", "\(id)", "--reason", "x", "--dry-run")
        #expect(dry.output.contains("would discard 1 job"), "\(dry)")
        let input = try await Program.run(
            "ordersync-replay",
            ["discard", "-", "--reason", "cancelled by phone", "--config", bench.configuration],
            environment: bench.environment,
            input: "\(id)\n"
        )
        #expect(input.status == 0 && input.output == "1 job discarded\n", "\(input)")
        let again = try await bench.run("ordersync-replay", "retry", "\(id)", "999999")
        #expect(again.status == 1)
        #expect(again.output.contains("job 999999 refused: there is no such job"), "\(again)")
        let words = try await Program.run(
            "ordersync-replay",
            ["retry", "-", "--config", bench.configuration],
            input: "e5ef5d01-8b3f-8f3c\n"
        )
        #expect(words.status == 64, "\(words)")

        let held = try await bench.run("ordersync-replay", "hold", "--customer", "GREYSON", "--reason", "x")
        #expect(held.status == 0 && held.output == "68 jobs held\n", "\(held)")
        let released = try await bench.run("ordersync-replay", "release", "--all")
        #expect(released.status == 0 && released.output == "68 jobs released\n", "\(released)")
        let settled = try await bench.run("ordersync-replay", "settle", "\(id)", "--absent", "--reason", "x")
        #expect(settled.status == 66 && settled.error.contains("unknown outcome"), "\(settled)")
        let verdict = try await bench.run("ordersync-replay", "settle", "\(id)", "--reason", "x")
        #expect(verdict.status == 64, "\(verdict)")
    }

    @Test("more than a hundred jobs are not changed unasked")
    func many() async throws {
        let bench = try await Workbench()
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        let arguments = ["--state", "ready", "--all", "--reason", "x"]
        let unasked = try await Program.run(
            "ordersync-replay",
            ["discard", "--config", bench.configuration] + arguments
        )
        #expect(unasked.status == 64 && unasked.error.contains("--yes"), "\(unasked)")
        let asked = try await Program.run(
            "ordersync-replay",
            ["discard", "--yes", "--config", bench.configuration] + arguments
        )
        #expect(asked.status == 0 && asked.output.hasSuffix("jobs discarded\n"), "\(asked)")
    }
}
