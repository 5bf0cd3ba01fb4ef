import Foundation
import TestSupport
import Testing

/// The board's column for the orders' keys: made once, and what follows where there is none.
@Suite(.serialized) struct KeyColumnTests {
    /// How many columns of the board bear our title.
    private func columns(_ bench: Workbench) async throws -> [String] {
        let board = try await bench.sandbox.state()["boards"].array.first { $0["id"].integer == Int(Sandbox.board) }
        let columns = board?["columns"].array ?? []
        return columns.filter { $0["title"].string == "ORDERSYNC KEY" }.compactMap { $0["id"].string }
    }

    /// An installation whose board has no column for the keys, as a new board has none.
    private func bareBench() async throws -> Workbench {
        let bench = try await Workbench(hasKeyColumn: false)
        try await bench.sandbox.edit(
            #"{"do": "remove_column", "board": \#(Sandbox.board), "column": "\#(Sandbox.keyColumn)"}"#
        )
        return bench
    }

    private func make(_ bench: Workbench) async throws -> JSONValue {
        let made = try await bench.run("ordersyncd", "check", "--create-key-column", "--json")
        #expect(made.status == 0, "\(made)")
        return try JSONValue(made.output)
    }

    @Test("check says that the column is missing, makes it once, and the orders' keys go there when it is configured")
    func madeOnce() async throws {
        let bench = try await self.bareBench()
        expect(0, "ordersyncd check --create-key-column", of: try await bench.run("ordersyncd", "check"))
        let first = try await make(bench)
        let column = try #require(first["column"].string)
        #expect(first["made"].integer == 1)
        let again = try await make(bench)
        #expect(again["column"].string == column && again["made"].integer == 0)
        #expect(try await self.columns(bench) == [column])
        // What is there is told, with the line to write.
        expect(0, "set monday.external_key_column", column, of: try await bench.run("ordersyncd", "check"))
        expect(
            0,
            "external_key_column: \(column)",
            of: try await bench.run("ordersyncd", "check", "--create-key-column")
        )

        let configured = ["ORDERSYNC_MONDAY_EXTERNAL_KEY_COLUMN": column]
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try await bench.run("ordersyncd", "drain", environment: configured).status == 0)
        let keys = try await bench.board().items.compactMap { $0.columns[column] }
        #expect(Set(keys).count == 69)
    }

    @Test(
        "whatever becomes of the answer, one column is made",
        arguments: [
            #"[{"action": "lose_answer", "match": {"operation": "create_column"}, "times": 1}]"#,
            #"[{"action": "lose_answer", "cache": false, "match": {"operation": "create_column"}, "times": 1}]"#,
            #"[{"action": "reset_before", "match": {"operation": "create_column"}, "times": 1}]"#,
            #"[{"action": "bad_gateway", "match": {"operation": "create_column"}, "times": 1}]"#,
        ]
    )
    func lostAnswer(faults: String) async throws {
        let bench = try await self.bareBench()
        try await bench.sandbox.faults(faults)
        let made = try await make(bench)
        #expect(try await self.columns(bench) == [made["column"].string])
    }

    @Test(
        "a run that dies anywhere leaves no second column behind",
        arguments: [
            "journal.column_intent:before", "journal.column_intent:after", "monday.mutation:before",
            "monday.mutation:after", "journal.column_intent:before:2", "journal.column_intent:after:2:kill",
        ]
    )
    func died(at place: String) async throws {
        let bench = try await self.bareBench()
        let died = try await bench.run(
            "ordersyncd",
            "check",
            "--create-key-column",
            environment: ["CRASH_AT": place]
        )
        #expect(died.status > 128, "\(died)")
        let made = try await make(bench)
        #expect(try await self.columns(bench) == [made["column"].string])
        #expect(try await make(bench)["made"].integer == 0)
    }

    @Test("what Monday.com refuses is told, and the next run starts afresh")
    func refused() async throws {
        let bench = try await self.bareBench()
        try await bench.sandbox.faults(
            #"[{"action": "unauthorized", "match": {"operation": "create_column"}, "times": 1}]"#
        )
        let refused = try await bench.run("ordersyncd", "check", "--create-key-column")
        #expect(refused.status == 77, "\(refused)")
        #expect(try await self.columns(bench).isEmpty)
        let made = try await make(bench)
        #expect(try await self.columns(bench) == [made["column"].string])
    }

    @Test(
        "without the column an item in doubt becomes a dead job that says what to look at; a person's word settles it"
    )
    func inDoubtWithoutColumn() async throws {
        let bench = try await Workbench(hasKeyColumn: false)
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 1, "\(drained)")
        // Nothing is guessed, and nothing is made twice.
        #expect(try await bench.board().items.count == 69)
        let listed = try JSONValue(try await bench.run("ordersync-replay", "list", "--json").output)["jobs"].array
        #expect(listed.count == 25)
        #expect(listed.allSatisfy { $0["lastCode"].string == "IN_DOUBT" && $0["isUnsettled"].integer == 1 })
        let title = try #require(
            try bench.journal(
                """
                SELECT json_extract(CAST(bytes AS TEXT), '$.title') FROM snapshot JOIN job ON job.id = job_id
                WHERE state = 'dead' LIMIT 1
                """
            ).first
        )
        #expect(listed.contains { $0["lastMessage"].string?.contains("look for \"\(title)\" in group") == true })
        #expect(
            try bench.warehouse("SELECT count(*) FROM ERR_MON_CustMasterSchedule WHERE error_message LIKE '%settle%'")
                == ["25"]
        )
        // They can't be tried again before that is known.
        let refused = try await bench.run("ordersync-replay", "retry", "--all", "--yes", "--reason", "try")
        #expect(refused.output.contains("0 jobs ready again"), "\(refused)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        #expect(try await bench.board().items.count == 69)

        var items = try await bench.board().items.filter { $0.subitems.isEmpty }
        let titles = try bench.journal(
            """
            SELECT job.id || '|' || json_extract(CAST(bytes AS TEXT), '$.title') FROM job JOIN snapshot ON job_id = job.id
            WHERE state = 'dead'
            """
        )
        for line in titles {
            let parts = line.split(separator: "|", maxSplits: 1).map(String.init)
            let index = try #require(items.firstIndex { $0.name == parts[1] })
            let item = items.remove(at: index)
            let settled = try await bench.run(
                "ordersync-replay",
                "settle",
                parts[0],
                "--item",
                item.id,
                "--reason",
                "seen on the board"
            )
            #expect(settled.status == 0, "\(settled)")
        }
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let board = try await bench.board()
        #expect(board.items.count == 69 && board.subitemCount == 264)
        #expect(
            try bench.warehouse("SELECT count(*) FROM ERR_MON_CustMasterSchedule WHERE resolved_date IS NULL") == ["0"]
        )
    }

    @Test("without the column an item that was not made is made when a person says so")
    func absentWithoutColumn() async throws {
        let bench = try await Workbench(data: ["--no-known", "--rows", "1", "--sizes", "2"], hasKeyColumn: false)
        try await bench.sandbox.faults(
            #"[{"action": "reset_before", "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.run("ordersync-enqueue", "--all").status == 0)
        #expect(try await bench.run("ordersyncd", "drain").status == 1)
        let settled = try await bench.run("ordersync-replay", "settle", "1", "--absent", "--reason", "not there")
        #expect(settled.status == 0, "\(settled)")
        #expect(try await bench.run("ordersyncd", "drain").status == 0)
        let board = try await bench.board()
        #expect(board.items.count == 1 && board.subitemCount == 2)
    }

    @Test("without the column groups and subitems in doubt are looked up all the same")
    func othersWithoutColumn() async throws {
        let bench = try await Workbench(hasKeyColumn: false)
        try await bench.sandbox.faults(
            """
            [{"action": "lose_answer", "cache": false, "match": {"operation": "create_group"}, "times": 1},
             {"action": "lose_answer", "cache": false, "match": {"operation": "create_subitem"}, "times": 2}]
            """
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let drained = try await bench.run("ordersyncd", "drain")
        #expect(drained.status == 0, "\(drained)")
        let board = try await bench.board()
        #expect(board.items.count == 69 && board.subitemCount == 264)
        #expect(board.groups.filter { $0 == "GREYSON CLOTHIERS 2025 FALL" }.count == 1)
    }
}
