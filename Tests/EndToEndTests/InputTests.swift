import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct InputTests {
    private static let options = ["--rows", "120", "--twins", "0.2"]

    private func counts(_ outcome: Program.Outcome) throws -> [Int?] {
        let report = try JSONValue(outcome.output)
        return ["new", "changed", "unchanged", "gone", "rejected"].map { report[$0].integer }
    }

    /// The rows of the source as a file, by the generator of the same rows.
    private func file(_ bench: Workbench, _ format: String) async throws -> String {
        let path = bench.folder.file("rows.\(format)")
        let outcome = try await Program(
            URL(fileURLWithPath: Project.python),
            [Project.path("Tests/demo-data/generate.py"), "--\(format)", path] + Self.options
        ).wait()
        #expect(outcome.status == 0, "\(outcome)")
        return path
    }

    @Test("the table, CSV and NDJSON of the same rows are the same orders, whichever comes first")
    func sameOrders() async throws {
        let bench = try await Workbench(data: Self.options)
        let files = [try await self.file(bench, "csv"), try await self.file(bench, "ndjson")]
        let first = try await bench.run("ordersync-enqueue", "--all", "--json")
        let expected = try self.counts(first)
        #expect(expected[0] == 120, "\(first)")
        for path in files {
            let run = try await bench.run("ordersync-enqueue", "--all", "--json", "--input", path, "--complete")
            #expect(try self.counts(run) == [0, 0, 120, 0, 0], "\(path): \(run)")
        }
        let text = try String(contentsOfFile: files[1], encoding: .utf8)
        let piped = try await Program.run(
            "ordersync-enqueue",
            ["--all", "--json", "--input", "-", "--config", bench.configuration],
            environment: bench.environment,
            input: text
        )
        #expect(try self.counts(piped) == [0, 0, 120, 0, 0], "\(piped)")
        #expect(try JSONValue(piped.output)["complete"].integer == 0)
    }

    @Test("an order that a file lacks is gone only when the file is the whole of the scope")
    func complete() async throws {
        let bench = try await Workbench(data: Self.options)
        let path = try await self.file(bench, "ndjson")
        #expect(try await bench.run("ordersync-enqueue", "--all", "--input", path, "--quiet").status == 0)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try lines.dropLast().joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let part = try await bench.run("ordersync-enqueue", "--all", "--input", path, "--json")
        #expect(try self.counts(part) == [0, 0, 119, 0, 0], "\(part)")
        let whole = try await bench.run("ordersync-enqueue", "--all", "--input", path, "--complete", "--json")
        #expect(try self.counts(whole) == [0, 0, 119, 1, 0], "\(whole)")
        #expect(try bench.warehouse("SELECT count(*) FROM sqlite_master WHERE name = 'ORDERS_UNIFIED'") == ["1"])
    }

    @Test("a filter narrows a file as it narrows the table, and a moved order is found in the rest of it")
    func filtered() async throws {
        let bench = try await Workbench(data: Self.options)
        let path = try await self.file(bench, "ndjson")
        let customer = try #require(
            try bench.warehouse("SELECT [CUSTOMER NAME] FROM ORDERS_UNIFIED GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
                .first
        )
        let table = try await bench.run("ordersync-enqueue", "--customer", customer, "--json")
        let count = try #require(try self.counts(table)[0])
        let file = try await bench.run(
            "ordersync-enqueue",
            "--customer",
            customer,
            "--input",
            path,
            "--complete",
            "--json"
        )
        #expect(count > 1 && count < 120)
        #expect(try self.counts(file) == [0, 0, count, 0, 0], "\(file)")
        let po = try #require(
            try bench.warehouse("SELECT [PO NUMBER] FROM ORDERS_UNIFIED WHERE [CUSTOMER NAME] = '\(customer)' LIMIT 1")
                .first
        )
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("\"\(po)\"", with: "\"moved\"").write(toFile: path, atomically: true, encoding: .utf8)
        let moved = try await bench.run("ordersync-enqueue", "--po", po, "--input", path, "--complete", "--json")
        let counts = try self.counts(moved)
        #expect(counts[3] == 0 && counts[1] ?? 0 > 0, "\(moved)")
    }

    @Test("a file that is malformed is refused as a whole, with the line; one without the columns tells which")
    func malformed() async throws {
        let bench = try await Workbench(data: Self.options)
        let path = try await self.file(bench, "csv")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + "too,short\n").write(toFile: path, atomically: true, encoding: .utf8)
        let short = try await bench.run("ordersync-enqueue", "--all", "--input", path)
        #expect(short.status == 65, "\(short)")
        #expect(short.error.contains("row 121: it has 2 cells, the header 268 columns"), "\(short)")
        try "A,B\n1,2\n".write(toFile: path, atomically: true, encoding: .utf8)
        let columns = try await bench.run("ordersync-enqueue", "--all", "--input", path)
        #expect(columns.status == 78 && columns.error.contains("“AAG ORDER NUMBER” is missing"), "\(columns)")
        let missing = try await bench.run("ordersync-enqueue", "--all", "--input", "/nowhere/rows.csv")
        #expect(missing.status == 66, "\(missing)")
        #expect(try await bench.run("ordersync-enqueue", "--all", "--complete").status == 64)
        #expect(try bench.journal("SELECT count(*) FROM job") == ["0"])
    }

    @Test("every rejected cell stands in the file of rejects, with row, column, value and reason")
    func rejects() async throws {
        let bench = try await Workbench(data: ["--bad"])
        let path = bench.folder.file("rejects.csv")
        let run = try await bench.run("ordersync-enqueue", "--all", "--json", "--rejects", path)
        #expect(run.status == 0, "\(run)")
        let report = try JSONValue(run.output)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n")
        #expect(lines.first == "row,order_number,customer,po_number,record_uuid,column,value,reason")
        #expect(lines.count - 1 == report["rejects"].array.count && lines.count > 3)
        for reject in report["rejects"].array {
            let row = "\(reject["row"].integer ?? 0),"
            #expect(lines.contains { $0.hasPrefix(row) && $0.contains(reject["column"].string ?? "?") })
        }
        #expect(try await bench.run("ordersync-enqueue", "--all", "--quiet", "--strict").status == 1)
    }

    @Test("Kestra finds counts, run and duration on one line of its own form")
    func kestra() async throws {
        let bench = try await Workbench()
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--kestra", "--quiet")
        #expect(run.status == 0, "\(run)")
        let line = run.output.trimmingCharacters(in: .newlines)
        #expect(line.hasPrefix("::{") && line.hasSuffix("}::") && !line.contains("\n"))
        let message = try JSONValue(String(line.dropFirst(2).dropLast(2)))
        let outputs = message["outputs"]
        #expect(["runID", "read", "new", "enqueued"].map { outputs[$0].integer } == [1, 69, 69, 69])
        #expect(message["metrics"].array.contains { $0["name"].string == "orders.new" && $0["value"].integer == 69 })
        #expect(message["metrics"].array.contains { $0["name"].string == "duration" && $0["type"].string == "timer" })
    }

    @Test("a dry run tells order by order and column by column what would change, and writes nothing")
    func dryRun() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await bench.change(
            """
            UPDATE ORDERS_UNIFIED SET [DESTINATION] = 'ROTTERDAM', [S] = 4711
            WHERE rowid = (SELECT min(rowid) FROM ORDERS_UNIFIED WHERE [PO NUMBER] = '4755')
            """
        )
        let before = try bench.journal("SELECT count(*) FROM run")
        let run = try await bench.run("ordersync-enqueue", "--po", "4755", "--dry-run", "--json")
        let changes = try JSONValue(run.output)["changes"].array
        #expect(changes.count == 1 && changes.first?["kind"].string == "changed", "\(run)")
        let columns = changes.first?["columns"].array ?? []
        #expect(columns.map { $0["column"].string } == ["DESTINATION", "size S"])
        #expect(columns.map { $0["new"].string } == ["ROTTERDAM", "4711"])
        let table = try await bench.run("ordersync-enqueue", "--po", "4755", "--dry-run")
        #expect(table.output.contains("ROTTERDAM") && table.output.contains("size S"), "\(table)")
        #expect(try bench.journal("SELECT count(*) FROM run") == before)
    }
}
