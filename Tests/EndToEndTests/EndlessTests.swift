import Foundation
import TestSupport
import Testing

/// What goes wrong every time comes to an end, also where it is not the order's own request that fails.
@Suite(.serialized) struct EndlessTests {
    private static let errors = "ERR_MON_CustMasterSchedule"

    private func victim(_ bench: Workbench) throws -> String {
        try #require(
            try bench.warehouse("SELECT min([AAG ORDER NUMBER]) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755'").first
        )
    }

    @Test("a group that Monday.com answers with 500 every time is given up with its orders, and the others go through")
    func group() async throws {
        let bench = try await Workbench(monday: ["idempotency_window: 0s"])
        let number = try self.victim(bench)
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [AAG SEASON] = '2031 FALL', [CUSTOMER SEASON] = NULL
            WHERE [AAG ORDER NUMBER] = '\(number)' AND [PO NUMBER] = '4755'
            """
        )
        try await bench.sandbox.faults(
            #"[{"action": "poison", "match": {"operation": "create_group", "value": "2031 FALL"}}]"#
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let few = ["ORDERSYNC_RETRY_ATTEMPTS": "3"]
        let drained = try await bench.run("ordersyncd", "drain", "--timeout", "2m", environment: few)
        expect(1, "68 orders done, 1 died, 0 left", of: drained)
        #expect(
            try bench.warehouse(
                """
                SELECT order_number || ' ' || error_type || ' ' || http_status_code || ' ' || max_retries_reached
                FROM \(Self.errors)
                """
            ) == ["\(number) GROUP_CREATION_ERROR 500 1"]
        )
        // Once for nothing, and once for each try.
        #expect(try bench.journal("SELECT count(*) FROM effect WHERE kind = 'create_group'") == ["5"])
        try await bench.sandbox.faults("[]")
        expect(0, of: try await bench.run("ordersync-replay", "retry", "--all"))
        expect(0, "1 order done", of: try await bench.run("ordersyncd", "drain"))
        let board = try await bench.board()
        #expect(board.items.count == 69 && board.groups.count { $0.hasSuffix("2031 FALL") } == 1)
    }

    @Test("an order whose group is shown and refused every time dies, and the others of the group go through")
    func refusedGroup() async throws {
        let bench = try await Workbench()
        let number = try self.victim(bench)
        try await bench.sandbox.faults(
            """
            [{"action": "alias_error", "code": "InvalidGroupIdException", "message": "Group not found", "status_code": 404,
              "match": {"operation": "create_item", "value": "\(number)"}}]
            """
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let few = ["ORDERSYNC_RETRY_ATTEMPTS": "2"]
        let drained = try await bench.run("ordersyncd", "drain", "--timeout", "2m", environment: few)
        expect(1, "68 orders done, 1 died, 0 left", of: drained)
        #expect(
            try bench.journal("SELECT last_code || ' ' || errors FROM job WHERE state = 'dead'") == [
                "GROUP_NOT_FOUND 2"
            ]
        )
        #expect(try await bench.board().items.count == 68)
    }

    @Test("with recreate, an item that is taken off the board as soon as it is made is not made without end")
    func takenOffAtOnce() async throws {
        let bench = try await Workbench(
            data: ["--no-known", "--rows", "1", "--sizes", "1"],
            monday: ["removed_items: recreate"]
        )
        // Time for a rule of the board to archive what is made on it.
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 1, "match": {"operation": "create_subitem"}}]"#
        )
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
        let few = ["ORDERSYNC_RETRY_ATTEMPTS": "3"]
        let drain = try bench.start("ordersyncd", "drain", "--timeout", "1m", environment: few)
        while drain.isRunning {
            for item in try await bench.board().items {
                try await bench.sandbox.edit(#"{"do": "archive", "item": "\#(item.id)"}"#)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        expect(1, "0 orders done, 1 died, 0 left", of: await drain.wait())
        #expect(try await bench.sandbox.log().count { $0["operation"].string == "create_item" } == 3)
        #expect(
            try bench.warehouse("SELECT max_retries_reached || ' ' || http_status_code FROM \(Self.errors)") == [
                "1 200"
            ]
        )
    }

    @Test("a drain whose time is up leaves the rest of a batch, and the next one goes on with it")
    func timeIsUp() async throws {
        let bench = try await Workbench()
        expect(0, of: try await bench.enqueueKnownOrder())
        try await bench.sandbox.faults(
            #"[{"action": "slow", "seconds": 1, "match": {"operation": ["create_group", "create_item", "create_subitem"]}}]"#
        )
        let drained = try await bench.run("ordersyncd", "drain", "--timeout", "1s")
        #expect(drained.status == 75, "\(drained)")
        try await bench.sandbox.faults("[]")
        var rest = try await bench.run("ordersyncd", "drain")
        for _ in 0..<4 where rest.status == 75 { rest = try await bench.run("ordersyncd", "drain") }
        expect(0, " 0 died, 0 left", of: rest)
        let board = try await bench.board()
        #expect(board.items.count == 69)
        #expect(board.subitemCount == 264)
    }
}
