import TestSupport
import Testing

/// The promise of production: an order is in the MON_ tables when its item and all its subitems are on the board, and not before.
@Suite(.serialized, .everyBackend) struct RollbackPromiseTests {
    private static let failures = [
        ("permanent", #"{"action": "label_error", "match": {"operation": "create_subitem"}}"#),
        ("throttled", #"{"action": "throttle", "retry_after": 1, "match": {"operation": "create_subitem"}}"#),
        ("in doubt", #"{"action": "lose_answer", "cache": false, "match": {"operation": "create_subitem"}}"#),
        ("in doubt, and not done", #"{"action": "reset_before", "match": {"operation": "create_subitem"}}"#),
        ("done in part", #"{"action": "partial_commit", "match": {"operation": "create_subitem"}, "times": 40}"#),
        ("systemic", #"{"action": "unauthorized", "match": {"operation": "create_subitem"}}"#),
        ("transient", #"{"action": "bad_gateway", "match": {"kind": "query"}}"#),
    ]

    @Test(
        "of an order whose subitems fail nothing is in production, whatever the class of the failure",
        arguments: Self.failures
    )
    func promise(failure: String, fault: String) async throws {
        let isServer = Backend.current.isServer
        let bench = try await Workbench(data: isServer ? ["--no-known", "--rows", "6", "--sizes", "3"] : [])
        #expect(try await bench.run("ordersync-enqueue", isServer ? ["--all"] : Workbench.knownOrder).status == 0)
        try await Self.fail(fault, bench, orders: isServer ? 6 : 69, sizes: isServer ? 18 : 264)
    }

    /// Works on what is enqueued while Monday.com fails, and then while it does not.
    private static func fail(_ fault: String, _ bench: Workbench, orders: Int, sizes: Int) async throws {
        try await bench.sandbox.faults("[\(fault)]")
        let drain = try bench.start("ordersyncd", "drain")
        for _ in 1...12 {
            try await Self.requireComplete(bench)
            try await Task.sleep(for: .milliseconds(250))
        }
        try await bench.sandbox.faults("[]")
        #expect(try await drain.wait(within: 180) != nil, "\(drain.error)")
        _ = try await bench.run("ordersync-replay", "retry", "--all", "--reason", "the fault is gone")
        var again = try await bench.run("ordersyncd", "drain")
        for _ in 1...4 where again.status == 75 { again = try await bench.run("ordersyncd", "drain") }
        #expect(again.status == 0, "\(again)")
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule") == ["\(orders)"])
        #expect(try bench.warehouse("SELECT count(*) FROM MON_CustMasterSchedule_Subitems") == ["\(sizes)"])
        let board = try await bench.board()
        #expect(board.items.count == orders)
        #expect(board.subitemCount == sizes)
        #expect(board.duplicateKeys.isEmpty)
    }

    /// Every order that is in production has its item and as many subitems as it has sizes.
    ///
    /// Production is read first: what is on the board meanwhile only grows.
    private static func requireComplete(_ bench: Workbench) async throws {
        let sizes = """
            (SELECT count(DISTINCT s.stg_size_label) FROM STG_MON_CustMasterSchedule_Subitems AS s
            WHERE s.order_key = m.order_key)
            """
        let row = bench.database == nil ? "m.order_key || ' ' || \(sizes)" : "CONCAT(m.order_key, ' ', \(sizes))"
        let promoted = try bench.warehouse("SELECT \(row) FROM MON_CustMasterSchedule AS m")
        let board = try await bench.board()
        let counts = Dictionary(board.items.map { ($0.key ?? "", $0.subitemCount) }) { max($0, $1) }
        for row in promoted {
            let parts = row.split(separator: " ").map { String($0) }
            #expect(counts[parts[0]] ?? -1 >= Int(parts[1]) ?? 0, "order \(parts[0]) is in production too early")
        }
    }
}
