import Foundation
import TestSupport
import Testing

/// A wait that Monday.com asks for, wherever it says so, is kept by all requests, and costs no order anything.
@Suite(.serialized) struct ThrottleTests {
    /// How long Monday.com asks to wait.
    private static let wait = 3

    @Test(
        "whatever says how long to wait is obeyed to the second, and costs no attempt",
        arguments: [
            // In header and body, in the body alone, in the header alone, in words alone, and inside an answer of 200.
            #""action": "throttle", "kind": "complexity""#,
            #""action": "throttle", "kind": "complexity", "retry_header": false"#,
            #""action": "throttle", "kind": "protection""#, #""action": "throttle", "kind": "complexity_legacy""#,
            #""action": "throttle", "kind": "complexity_in_200", "retry_header": false"#, #""action": "locked""#,
        ]
    )
    func obeyed(rule: String) async throws {
        // One customer's few orders: a request at a time, so that none is under way when another is refused.
        let bench = try await Workbench(data: ["--no-known", "--rows", "4", "--customers", "1", "--sizes", "1"])
        let operations = ["create_item", "create_subitem"]
        let rules = operations.map {
            #"{\#(rule), "name": "\#($0)", "retry_after": \#(Self.wait), "match": {"operation": "\#($0)"}, "times": 1}"#
        }
        try await bench.sandbox.faults("[\(rules.joined(separator: ", "))]")
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        expect(0, "4 orders done, 0 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        try await self.expectPauses(operations, bench)
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["done0"])
        #expect(try bench.journal("SELECT count(*) FROM attempt WHERE counted = 1") == ["0"])
        #expect(try await bench.board().subitemCount == 4)
    }

    @Test("a read that is refused for its pace is waited for as well")
    func read() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "2", "--customers", "1", "--sizes", "1"])
        try await bench.sandbox.faults(
            """
            [{"action": "throttle", "name": "read", "retry_after": \(Self.wait), "match":
                {"kind": "query", "operation": "items_page_by_column_values"}, "times": 1}]
            """
        )
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        expect(0, "2 orders done, 0 died, 0 left", of: try await bench.run("ordersyncd", "drain"))
        try await self.expectPauses(["read"], bench)
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["done0"])
    }

    /// Expects that each fault was met once, and that no request came before the time it asked to wait was over.
    private func expectPauses(
        _ faults: [String],
        _ bench: Workbench,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let requests = try await bench.sandbox.requests().map { request in
            (at: request["at"].number ?? 0, fault: request["fault"].string)
        }
        for fault in faults {
            let place = try #require(requests.firstIndex { $0.fault == fault }, sourceLocation: location)
            let next = try #require(requests[(place + 1)...].first, sourceLocation: location)
            // It counts from the answer, which came after the request.
            let waited = next.at - requests[place].at
            #expect(waited >= Double(Self.wait), "\(fault)", sourceLocation: location)
        }
    }

    @Test("a wait that is too long for a batch goes to the journal: the service says so, and its orders lose nothing")
    func long() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "2", "--customers", "1", "--sizes", "1"])
        try await bench.sandbox.faults(
            #"[{"action": "throttle", "kind": "daily", "retry_after": 7200, "match": {"operation": "create_item"}}]"#
        )
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        let service = try Service(bench)
        try await service.expectStatus("paused (DAILY_LIMIT_EXCEEDED")
        try await service.stop()
        #expect(try bench.journal("SELECT DISTINCT state || errors FROM job") == ["retry0"])
        #expect(
            try bench.journal(
                "SELECT DISTINCT run_at_ms >= (SELECT min(opened_ms) FROM batch) + 7200000 FROM job"
            ) == ["1"]
        )
        let refused = try await bench.sandbox.requests().filter { $0["code"].string == "DAILY_LIMIT_EXCEEDED" }
        #expect(refused.count == 1)
        // A drain does not wait for hours: it says what is the matter.
        expect(0, of: try await bench.run("ordersync-replay", "retry", "--state", "retry", "--all"))
        let drained = try await bench.run("ordersyncd", "drain")
        expect(69, "0 orders done, 0 died, 2 left", "DAILY_LIMIT_EXCEEDED", of: drained)
        #expect(try bench.journal("SELECT DISTINCT errors FROM job") == ["0"])
    }
}
