import Foundation
import TestSupport
import Testing

extension CommandLineTests {
    /// Runs `ordersync-replay` with numbers on standard input.
    private func replay(_ bench: Workbench, _ arguments: [String], input: String? = nil) async throws -> Program.Outcome
    {
        let outcome = try await Program.run(
            "ordersync-replay",
            arguments + ["--config", bench.configuration],
            environment: bench.environment,
            input: input
        )
        expectNoSecret(outcome)
        return outcome
    }

    /// The numbers of the jobs that a list holds.
    private func ids(_ bench: Workbench, _ arguments: String...) async throws -> [Int] {
        let outcome = try await self.replay(bench, ["list", "--json"] + arguments)
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONValue(outcome.output)["jobs"].array.compactMap { $0["id"].integer }
    }

    @Test("dead jobs are found by what they died of, shown with all that is known, and brought back or dropped")
    func dead() async throws {
        let bench = try await Workbench()
        let victims = try bench.warehouse(
            "SELECT [AAG ORDER NUMBER] FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755' ORDER BY 1 LIMIT 3"
        )
        let rules = victims.map {
            #"{"action": "label_error", "match": {"operation": "create_item", "value": "\#($0)"}}"#
        }
        try await bench.sandbox.faults("[\(rules.joined(separator: ","))]")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await bench.run("ordersyncd", "drain", "--json")
        expect(1, of: drained)
        #expect(try JSONValue(drained.output)["died"].integer == 3)

        let dead = try await self.ids(bench)
        #expect(dead.count == 3)
        let code = try JSONValue(try await self.replay(bench, ["list", "--json"]).output)["jobs"][0]["lastCode"].string
        #expect(try await self.ids(bench, "--error-type", "permanent") == dead)
        #expect(try await self.ids(bench, "--error-type", try #require(code)) == dead)
        #expect(try await self.ids(bench, "--error-type", "transient").isEmpty)
        #expect(try await self.ids(bench, "--po", "4755", "--older-than", "0s") == dead)
        #expect(try await self.ids(bench, "--older-than", "1h").isEmpty)
        #expect(try await self.ids(bench, "--po", "475").isEmpty)
        #expect(try await self.ids(bench, "--state", "done", "--limit", "1000").count == 66)
        #expect(try await self.ids(bench, "\(dead[1])") == [dead[1]])

        let page = try await self.replay(bench, ["show", "\(dead[0])"])
        for word in ["dead", "permanent", try #require(code), "GREYSON", "4755"] {
            #expect(page.output.contains(word), "\(word): \(page)")
        }
        let detail = try JSONValue(try await self.replay(bench, ["show", "\(dead[0])", "--json"]).output)
        #expect(detail["attempts"].array.count == 1 || detail["effects"].array.count >= 1)
        let snapshot = try JSONValue(try #require(detail["snapshot"].string))
        #expect(!snapshot.keys.isEmpty)

        // Numbers come as another program lists them: one a line, or with blanks and commas.
        try await bench.sandbox.faults("[]")
        let reason = ["--reason", "labels were added"]
        let retried = try await self.replay(
            bench,
            ["retry", "-", "--json"] + reason,
            input: "\(dead[0])\n\(dead[1]),\n"
        )
        #expect(retried.status == 0, "\(retried)")
        let form = try JSONValue(retried.output)
        #expect(form["changed"].array.compactMap(\.integer).sorted() == [dead[0], dead[1]])
        #expect(form["refused"].array.isEmpty)
        let dropped = try await self.replay(bench, ["discard", "--po", "4755", "--reason", "cancelled by phone"])
        #expect(dropped.output == "1 job discarded\n", "\(dropped)")
        expect(0, of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 68)
        let after = try JSONValue(try await self.replay(bench, ["show", "\(dead[0])", "--json"]).output)
        #expect(after["job"]["state"].string == "done")
        #expect(after["actions"][0]["why"].string == "labels were added")
        #expect(after["itemID"].integer != nil)
    }

    @Test("a job that may not be changed is refused by name and the others are changed, which the status tells")
    func refused() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let ready = try await self.ids(bench, "--state", "ready")
        let outcome = try await self.replay(
            bench,
            ["discard", "--json", "--reason", "x", "\(ready[0])", "999999"]
        )
        #expect(outcome.status == 1, "\(outcome)")
        let form = try JSONValue(outcome.output)
        #expect(form["changed"].array.compactMap(\.integer) == [ready[0]])
        #expect(form["refused"][0]["id"].integer == 999_999)
        #expect(form["refused"][0]["reason"].string == "unknown")
        expect(66, "999999", of: try await self.replay(bench, ["show", "999999"]))
        for arguments in [
            ["retry", "-"], ["list", "--state", "lost"], ["list", "--older-than", "soon"], ["list", "--batch", "x"],
            ["list", "--limit", "0"], ["retry", "--all", "--po", "4755"], ["discard", "\(ready[1])"],
            ["discard", "\(ready[1])", "--reason", " "], ["settle", "\(ready[1])", "--reason", "x"],
        ] {
            let outcome = try await self.replay(bench, arguments, input: "\n")
            expect(64, "Error", of: outcome)
        }
        #expect(try await self.ids(bench, "--state", "ready").count == 68)
    }
}
