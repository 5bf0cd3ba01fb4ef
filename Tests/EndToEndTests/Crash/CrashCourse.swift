import Foundation
import TestSupport
import Testing

/// What an installation goes through while it is killed: together the courses pass every point.
enum CrashCourse: String, CaseIterable, Sendable {
    /// New orders, then changes, an item that a person deleted, on a network that is well.
    case plain
    /// Answers lost on every kind of call, an item that was there before, an order that dies and is replayed.
    case trouble
    /// No key column: an answer that is lost is settled by a person.
    case verdict
    /// The daemon dies in the middle of its work anyhow; what is asked here is whether the next one may die as well.
    case aftermath
    /// The journal is lost, and its ledger made again from board and production.
    case loss
    /// An order goes from the source, and its item from the board.
    case gone
    /// A batch that hangs: its jobs are taken back and go on in another.
    case hang
    /// A person has copied an item, and puts the alarm away.
    case alarm
    /// A board without a column for the keys, which is made first.
    case column

    /// What a course came to.
    struct End: Sendable {
        let course: CrashCourse
        let picture: [String]
        /// How often each side of each point was passed by one process.
        let passings: [String: Int]
        let deaths: Int
    }

    /// Goes the whole way; with the words of `CRASH_AT`, the first process that comes there dies.
    func run(_ crash: String? = nil) async throws -> End {
        try await CrashSandboxes.shared.lend { sandbox in
            let hasKeys = self != .verdict && self != .column
            let bench = try await CrashBench(sandbox, hasKeys: hasKeys, crash: crash)
            switch self {
            case .plain: try await Self.plain(bench)
            case .trouble: try await Self.trouble(bench)
            case .verdict: try await Self.verdict(bench)
            case .aftermath: try await Self.aftermath(bench)
            case .loss: try await Self.loss(bench)
            case .gone: try await Self.gone(bench)
            case .hang: try await Self.hang(bench)
            case .alarm: try await Self.alarm(bench)
            case .column: try await Self.column(bench)
            }
            return End(
                course: self,
                picture: try await CrashPicture.lines(bench.bench),
                passings: bench.passings,
                deaths: bench.deaths
            )
        }
    }

    private static func plain(_ bench: CrashBench) async throws {
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--all")
        try await bench.run("ordersyncd", "drain")
        let deleted = try #require(try await bench.bench.board().items.first { $0.name.hasPrefix("JWHD101000") }?.id)
        try await bench.bench.sandbox.edit(#"{"do": "delete", "item": "\#(deleted)"}"#)
        try await bench.bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '31.5' WHERE [CUSTOMER STYLE] = 'JWHD101000';
            UPDATE ORDERS_UNIFIED SET [CUSTOMER SEASON] = 'FALL 2027' WHERE [CUSTOMER STYLE] = 'JWHD101001';
            UPDATE ORDERS_UNIFIED SET [XS] = 7, [2T] = 44, [3T] = 0 WHERE [CUSTOMER STYLE] = '551007';
            """
        )
        try await bench.run("ordersync-enqueue", "--all")
        try await bench.run("ordersyncd", "drain")
        // A copy that is there is not written over, and one that was cut off is a person's to remove.
        let copy = bench.bench.folder.file("backup.sqlite")
        try await bench.run("ordersyncd", "backup", copy, ending: [0, 73])
        if (try? FileManager.default.removeItem(atPath: copy + ".part")) != nil {
            try await bench.run("ordersyncd", "backup", copy)
        }
    }

    private static func trouble(_ bench: CrashBench) async throws {
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--all")
        // An item with the order's key, as an older journal may have made it.
        let key = try bench.bench.journal("SELECT order_key FROM ledger WHERE style = 'JWHD101002'").first ?? ""
        try await bench.bench.sandbox.edit(
            #"{"do": "create", "board": "\#(Sandbox.board)", "name": "ours", "values": {"\#(Sandbox.keyColumn)": "\#(key)"}}"#
        )
        try await bench.bench.sandbox.faults(
            """
            [{"action": "label_error", "match": {"operation": "create_item", "value": "BOR-20001"}},
             {"action": "lose_answer", "cache": false, "match": {"operation": "create_item", "value": "JWHD101000"},
              "times": 1},
             {"action": "reset_before", "match": {"operation": "create_subitem"}, "times": 1},
             {"action": "throttle", "retry_after": 1, "match": {"kind": "query"}, "times": 1}]
            """
        )
        try await bench.run("ordersyncd", "drain", ending: [0, 1])
        try await bench.bench.sandbox.faults("[]")
        try await bench.run("ordersync-replay", "retry", "--all", "--yes", "--reason", "cured", ending: [0, 1])
        try await bench.run("ordersyncd", "drain")
        // What was in doubt is looked up once more a while later.
        try await bench.run("ordersyncd", "drain")
    }

    private static func aftermath(_ bench: CrashBench) async throws {
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--all")
        try await bench.die("ordersyncd", "drain", at: "monday.mutation:after:3")
        try await bench.run("ordersyncd", "drain")
    }

    private static func loss(_ bench: CrashBench) async throws {
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--all")
        try await bench.run("ordersyncd", "drain")
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: bench.bench.journal + suffix)
        }
        try await bench.run("ordersync-enqueue", "--rebuild-ledger")
        try await bench.run("ordersync-enqueue", "--all")
        try await bench.run("ordersyncd", "drain")
    }

    private static func gone(_ bench: CrashBench) async throws {
        bench.environment["ORDERSYNC_GONE_POLICY"] = "archive"
        bench.environment["ORDERSYNC_GONE_CONFIRM"] = "0s"
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--all")
        try await bench.run("ordersyncd", "drain")
        try await bench.bench.change("DELETE FROM ORDERS_UNIFIED WHERE [CUSTOMER STYLE] = 'JWHD101000'")
        for _ in 1...2 { try await bench.run("ordersync-enqueue", "--all") }
        try await bench.run("ordersyncd", "drain")
    }

    private static func hang(_ bench: CrashBench) async throws {
        bench.environment["ORDERSYNC_BATCH_LEASE"] = "1s"
        bench.environment["ORDERSYNC_MONDAY_REQUEST_TIMEOUT"] = "10m"
        // So that the working loop looks after its batches several times a second.
        bench.environment["WATCHDOG_USEC"] = "300000"
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--customer", "BORN PRIMITIVE")
        // A read that nobody ever answers, and whose deadline is far away.
        try await bench.bench.sandbox.faults(
            """
            [{"action": "stall_before", "match": {"kind": "query", "operation": "items_page_by_column_values"}, "times": 1}]
            """
        )
        try await bench.run("ordersyncd", "drain")
    }

    private static func alarm(_ bench: CrashBench) async throws {
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--customer", "BORN PRIMITIVE")
        let key = try bench.bench.journal("SELECT order_key FROM ledger ORDER BY order_key").first ?? ""
        for name in ["ours", "a copy"] {
            try await bench.bench.sandbox.edit(
                """
                {"do": "create", "board": "\(Sandbox.board)", "name": "\(name)", "values": {"\(Sandbox.keyColumn)": "\(key)"}}
                """
            )
        }
        try await bench.run("ordersyncd", "drain")
        try await bench.run("ordersync-replay", "acknowledge", "--all", "--reason", "seen")
    }

    private static func column(_ bench: CrashBench) async throws {
        try await bench.bench.sandbox.edit(
            #"{"do": "remove_column", "board": \#(Sandbox.board), "column": "\#(Sandbox.keyColumn)"}"#
        )
        try await bench.run("ordersyncd", "migrate")
        let made = try JSONValue(try await bench.run("ordersyncd", "check", "--create-key-column", "--json"))
        let column: String = try #require(made["column"].string)
        bench.environment["ORDERSYNC_MONDAY_EXTERNAL_KEY_COLUMN"] = column
        try await bench.run("ordersync-enqueue", "--customer", "BORN PRIMITIVE")
        try await bench.run("ordersyncd", "drain")
    }

    private static func verdict(_ bench: CrashBench) async throws {
        try await bench.run("ordersyncd", "migrate")
        try await bench.run("ordersync-enqueue", "--customer", "BORN PRIMITIVE")
        try await bench.bench.sandbox.faults(
            #"[{"action": "lose_answer", "cache": false, "match": {"operation": "create_item"}, "times": 1}]"#
        )
        try await bench.run("ordersyncd", "drain", ending: [0, 1, 75])
        let item = try #require(try await bench.bench.board().items.first?.id)
        let job = try #require(try bench.bench.journal("SELECT id FROM job ORDER BY id DESC LIMIT 1").first)
        try await bench.run("ordersync-replay", "settle", job, "--item", item, "--reason", "seen", ending: [0, 66])
        try await bench.run("ordersyncd", "drain")
    }
}

/// How each course ends when nobody dies; gone through once.
actor CrashReferences {
    static let shared = CrashReferences()

    private var ends: Task<[CrashCourse.End], any Error>?

    /// In the order in which a point looks for its course.
    func all() async throws -> [CrashCourse.End] {
        let ends =
            self.ends
            ?? Task {
                try await withThrowingTaskGroup(of: (Int, CrashCourse.End).self) { courses in
                    for (index, course) in CrashCourse.allCases.enumerated() {
                        courses.addTask { (index, try await course.run()) }
                    }
                    var ends: [(index: Int, end: CrashCourse.End)] = []
                    for try await (index, end) in courses { ends.append((index, end)) }
                    return ends.sorted { $0.index < $1.index }.map(\.end)
                }
            }
        self.ends = ends
        return try await ends.value
    }
}
