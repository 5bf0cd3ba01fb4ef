import Foundation
import TestSupport
import Testing

extension BadInputTests {
    @Test("a wrong token, board or column stops the daemon's work before the first change, and no order dies of it")
    func monday() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        let before = try await bench.traces()

        let map = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        let own = bench.folder.file("fieldmap.yaml")
        let drifted = map.replacing("text_mkr5ej2x", with: "text_missing1").replacing(
            "text_mkr5kbc6",
            with: "text_missing2"
        )
        try Data(drifted.utf8).write(to: URL(fileURLWithPath: own))
        let cases: [(environment: [String: String], status: Int32, words: [String])] = [
            (["MONDAY_API_KEY": "wrong-token"], 77, ["NOT_AUTHENTICATED"]),
            (["ORDERSYNC_MONDAY_BOARD": "5"], 69, ["BOARD_NOT_FOUND", "Board 5"]),
            (["ORDERSYNC_MONDAY_EXTERNAL_KEY_COLUMN": "text_nowhere"], 69, ["text_nowhere", "external_key_column"]),
            (
                ["ORDERSYNC_FIELD_MAP": own], 69,
                ["text_missing1", "text_missing2", "DESTINATION", "correct the field map"]
            ),
            (["ORDERSYNC_MONDAY_ENDPOINT": "http://127.0.0.1:1/v2"], 69, ["127.0.0.1"]),
        ]
        for (environment, status, words) in cases {
            let check = try await bench.run("ordersyncd", "check", "--json", environment: environment)
            expect(1, of: check)
            let failed = try JSONValue(check.output).array.filter { $0["verdict"].string == "failed" }
            #expect(!failed.isEmpty && failed.allSatisfy { $0["subject"].string == "board" }, "\(check)")
            let drain = try await bench.run("ordersyncd", "drain", "--timeout", "8s", environment: environment)
            expect(status, of: drain)
            for word in words {
                #expect(drain.error.contains(word), "\(word): \(drain)")
                #expect(check.output.contains(word), "\(word): \(check)")
            }
        }

        let after = try await bench.traces()
        #expect(after.mutations == 0)
        for table in ["job", "effect", "attempt", "error_row", "MON_CustMasterSchedule", "ERR_"] {
            #expect(after.count(table) == before.count(table), "\(table)")
        }
        let open = try bench.warehouse("SELECT count(*) FROM MON_BatchProcessing WHERE end_time IS NULL")
        #expect(open == ["0"], "a batch that failed has ended")
        #expect(try bench.journal("SELECT DISTINCT errors || (state IN ('ready', 'retry')) FROM job") == ["01"])

        expect(0, of: try await bench.run("ordersyncd", "drain"))
        #expect(try await bench.board().items.count == 69)
    }
}
