import Foundation
import TestSupport
import Testing
import Yams

/// The flows of the README, as they stand there.
@Suite(.serialized) struct KestraTests {
    private struct Flow {
        let yaml: [String: Any]

        func tasks(_ key: String) -> [[String: Any]] { self.yaml[key] as? [[String: Any]] ?? [] }

        func commands(_ key: String) -> [String] {
            self.tasks(key).flatMap { $0["commands"] as? [String] ?? [] }
        }
    }

    private static func flows() throws -> [Flow] {
        let readme = try String(contentsOfFile: Project.path("README.md"), encoding: .utf8)
        return try readme.components(separatedBy: "```yaml\n").dropFirst().map { part in
            let text = part.components(separatedBy: "\n```").first ?? ""
            return Flow(yaml: try #require(try Yams.load(yaml: text) as? [String: Any]))
        }
    }

    @Test("both flows are whole: tasks with retries, an error branch, and a trigger, one of them by the clock")
    func form() throws {
        let flows = try Self.flows()
        #expect(flows.count == 2)
        for flow in flows {
            #expect(flow.yaml["id"] is String && flow.yaml["namespace"] is String)
            for key in ["tasks", "errors", "triggers"] {
                #expect(!flow.tasks(key).isEmpty, "\(key)")
                for task in flow.tasks(key) {
                    #expect((task["type"] as? String)?.hasPrefix("io.kestra.plugin.") == true && task["id"] is String)
                }
            }
            for task in flow.tasks("tasks") {
                let retry = try #require(task["retry"] as? [String: Any])
                #expect(["constant", "exponential"].contains(retry["type"] as? String))
                #expect((retry["maxAttempts"] as? Int) ?? 0 > 1)
                #expect((retry["interval"] as? String)?.hasPrefix("PT") == true)
            }
            #expect(flow.commands("tasks").allSatisfy { $0.contains("--kestra") })
        }
        let triggers = flows.flatMap { $0.tasks("triggers") }.compactMap { $0["type"] as? String }
        #expect(triggers == ["io.kestra.plugin.core.trigger.Schedule", "io.kestra.plugin.core.trigger.Flow"])
    }

    @Test("every command of the flows runs as it stands on a real installation")
    func commands() async throws {
        let bench = try await Workbench()
        let rows = try await Program(
            URL(fileURLWithPath: Project.python),
            [Project.path("Tests/demo-data/generate.py"), "--ndjson", bench.folder.file("rows.ndjson")]
        ).wait()
        #expect(rows.status == 0, "\(rows)")
        let known = try bench.warehouse(
            "SELECT count(*) FROM ORDERS_UNIFIED WHERE [CUSTOMER NAME] = 'GREYSON CLOTHIERS'"
        )
        let flows = try Self.flows()
        for (flow, new) in zip(flows.reversed(), [known.first.flatMap { Int($0) }, nil]) {
            for command in flow.commands("tasks") {
                let outcome = try await self.shell(command, bench)
                #expect(outcome.status == 0, "\(command): \(outcome)")
                let line = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix("::{") })
                #expect(line.hasSuffix("}::"))
                let outputs = try JSONValue(String(line.dropFirst(2).dropLast(2)))["outputs"]
                if let new { #expect(outputs["new"].integer == new, "\(outcome)") }
                #expect(outputs["runID"].integer != nil)
            }
            for command in flow.commands("errors") {
                let outcome = try await self.shell(command, bench)
                #expect(outcome.status == 0, "\(command): \(outcome)")
            }
        }
        let lines = try String(contentsOfFile: bench.folder.file("rejects.csv"), encoding: .utf8)
        #expect(lines.hasPrefix("row,order_number,"))
    }

    /// Runs a command as Kestra's process runner does: by a shell, in the task's folder, with the task's variables.
    private func shell(_ command: String, _ bench: Workbench) async throws -> Program.Outcome {
        try await Program(
            URL(fileURLWithPath: "/bin/sh"),
            ["-c", "cd \"$FOLDER\" && \(command)"],
            environment: bench.environment.merging([
                "PATH": "\(Project.programs.path):/usr/bin:/bin",
                "FOLDER": URL(fileURLWithPath: bench.configuration).deletingLastPathComponent().path,
                "ORDERSYNC_CONFIG": bench.configuration,
                "CUSTOMER": "GREYSON CLOTHIERS",
            ]) { $1 }
        ).wait()
    }
}
