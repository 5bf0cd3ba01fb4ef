import Foundation
import TestSupport
import Testing

extension BadInputTests {
    @Test("a filter that nothing matches names what was looked for")
    func unknownCustomer() async throws {
        let bench = try await Workbench()
        _ = try await bench.enqueueKnownOrder()
        let before = try await bench.traces()
        expect(66, "NOBODY", "spelling", of: try await bench.run("ordersync-enqueue", "--customer", "NOBODY"))
        // A known customer without that purchase order is as unknown, and a part of a number is not the number.
        let other = try await bench.run("ordersync-enqueue", "--customer", "GREYSON CLOTHIERS", "--po", "475")
        expect(66, "GREYSON CLOTHIERS", "475", of: other)
        #expect(try await bench.traces() == before)
    }

    @Test("columns that the source lacks are named all at once, and those that look alike beside them")
    func columns() async throws {
        let bench = try await Workbench()
        _ = try await bench.enqueueKnownOrder()
        let before = try await bench.traces()
        try await bench.change(
            """
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [PO NUMBER] TO [PO_Number];
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [DESTINATION] TO [WHERE TO];
            """
        )
        let words = ["column “PO NUMBER” is missing", "“PO_Number”", "column “DESTINATION” is missing"]
        for command in [["--all"], ["--po", "4755"], ["--all", "--dry-run"]] {
            let outcome = try await Program.run(
                "ordersync-enqueue",
                command + ["--config", bench.configuration],
                environment: bench.environment
            )
            expect(78, words[0], words[1], words[2], of: outcome)
        }
        let check = try await bench.run("ordersyncd", "check", "--json")
        expect(1, words[0], words[2], of: check)

        try await bench.change(
            """
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [PO_Number] TO [PO NUMBER];
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [WHERE TO] TO [DESTINATION];
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [TOTAL QTY] TO [SUM];
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [UNIT OF MEASURE] TO [UOM];
            """
        )
        let block = try await bench.run("ordersync-enqueue", "--all")
        expect(78, "size block", "“TOTAL QTY”", "“UNIT OF MEASURE”", of: block)
        try await bench.change(
            """
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [SUM] TO [TOTAL QTY];
            ALTER TABLE ORDERS_UNIFIED RENAME COLUMN [UOM] TO [UNIT OF MEASURE];
            """
        )
        #expect(try await bench.traces() == before)
        expect(0, of: try await bench.run("ordersync-enqueue", "--all"))
    }

    @Test(
        "a source that can't be reached, or has no such table, is told with its driver's words and without its password"
    )
    func unreachable() async throws {
        let bench = try await Workbench()
        let before = try await bench.traces()
        let away = ["ORDERSYNC_SOURCE_CONNECTION": "Driver=SQLite3;Database=/nowhere/orders.db;UID=sync;PWD=hunter2"]
        expect(69, "connect", of: try await bench.run("ordersync-enqueue", "--all", environment: away))
        let driver = ["ORDERSYNC_SOURCE_CONNECTION": "Driver=No Such Driver;Server=db;PWD={hunter2}"]
        expect(69, "No Such Driver", of: try await bench.run("ordersync-enqueue", "--all", environment: driver))
        let table = ["ORDERSYNC_SOURCE_TABLE": "dbo.NO_SUCH"]
        expect(69, "NO_SUCH", of: try await bench.run("ordersync-enqueue", "--all", environment: table))
        let after = try await bench.traces()
        #expect(after.mutations == 0)
        #expect(after.count("job") + after.count("run") + after.count("ledger") == 0)
        #expect(after.count("MON_") == before.count("MON_"))

        // Every place is looked at, though the first is away.
        let warehouse = ["ORDERSYNC_WAREHOUSE_CONNECTION": away["ORDERSYNC_SOURCE_CONNECTION"] ?? ""]
        let check = try await bench.run("ordersyncd", "check", "--json", environment: away.merging(warehouse) { $1 })
        expect(1, of: check)
        let findings = try JSONValue(check.output).array
        let verdicts = Dictionary(findings.map { ($0["subject"].string ?? "", $0["verdict"].string ?? "") }) { $1 }
        #expect(verdicts["source"] == "failed" && verdicts["warehouse"] == "failed" && verdicts["board"] == "ok")

        _ = try await bench.enqueueKnownOrder()
        let drained = try await bench.run("ordersyncd", "drain", "--timeout", "8s", environment: warehouse)
        expect(69, "connect", of: drained)
        #expect(try bench.journal("SELECT DISTINCT errors || (state IN ('ready', 'retry')) FROM job") == ["01"])
        #expect(try await bench.sandbox.log().isEmpty, "what can't be staged is not sent")
        expect(0, of: try await bench.run("ordersyncd", "drain"))
    }

    @Test("a field map that is no field map is refused with file and line")
    func fieldMap() async throws {
        let bench = try await Workbench()
        let before = try await bench.traces()
        let map = bench.folder.file("fieldmap.yaml")
        let shipped = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        let broken = [
            ("version: 1\nfields: nothing\n", "fieldmap.yaml"),
            ("fields: [\n", "fieldmap.yaml:"),
            (shipped.replacing("type: date", with: "type: dated"), "dated"),
        ]
        for (text, word) in broken {
            try Data(text.utf8).write(to: URL(fileURLWithPath: map))
            for command in [["ordersync-enqueue", "--all"], ["ordersyncd", "drain"], ["ordersyncd", "check"]] {
                let outcome = try await Program.run(
                    command[0],
                    [command[1], "--config", bench.configuration],
                    environment: bench.environment.merging(["ORDERSYNC_FIELD_MAP": map]) { $1 }
                )
                expect(78, word, of: outcome)
            }
        }
        let absent = ["ORDERSYNC_FIELD_MAP": "/nowhere.yaml"]
        expect(
            78,
            "field_map",
            "/nowhere.yaml",
            of: try await bench.run("ordersync-enqueue", "--all", environment: absent)
        )
        #expect(try await bench.traces() == before)
    }
}
