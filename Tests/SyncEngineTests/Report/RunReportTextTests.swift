import Testing

@testable import SyncEngine

@Suite struct RunReportTextTests {
    private func report() -> RunReport {
        var report = RunReport()
        report.batchName = "GREYSON_CLOTHIERS_PO_4755"
        report.read = 1069
        report.new = 1000
        report.unchanged = 68
        report.rejected = 1
        report.enqueued = 1000
        report.runID = 12
        report.durationMilliseconds = 1234
        return report
    }

    @Test("the summary counts new, changed, unchanged, gone and rejected")
    func counts() {
        #expect(
            self.report().lines(width: 80) == [
                "GREYSON_CLOTHIERS_PO_4755: 1,069 rows read in 1.2 s", "", "  new       1,000", "  changed       0",
                "  unchanged    68", "  gone          0", "  rejected      1", "", "1,000 jobs enqueued by run 12",
            ]
        )
    }

    @Test("a dry run says that nothing was written")
    func dryRun() {
        var report = self.report()
        report.dryRun = true
        report.runID = nil
        #expect(report.lines(width: 80).last == "dry run: nothing was written; 1,000 jobs would have been enqueued")
    }

    @Test(
        "a reject names row, order, column, value and reason; gone orders are listed, and what is left out is counted"
    )
    func lists() {
        var report = self.report()
        report.gone = 3
        report.rejects = [
            .init(
                row: 17,
                orderNumber: "GRE-1",
                customer: nil,
                column: "TOTAL QTY",
                value: "1,2\u{1B}[2J",
                reason: "no number"
            )
        ]
        report.goneOrders = [.init(orderKey: "k", orderNumber: "GRE-2", customer: "GREYSON CLOTHIERS")]
        let lines = report.lines(width: nil)
        #expect(lines.contains(" 17  GRE-1  –         TOTAL QTY  1,2\u{FFFD}[2J  no number"))
        #expect(lines.contains("GRE-2  GREYSON CLOTHIERS  k"))
        #expect(lines.last == "and 2 more")
    }

    @Test("the JSON form holds every figure under its documented name")
    func json() throws {
        let text = try JSONOutput.text(self.report())
        for line in [
            "\"new\" : 1000,", "\"rejected\" : 1,", "\"runID\" : 12,", "\"dryRun\" : false,", "\"complete\" : true,",
        ] {
            #expect(text.contains(line), "\(text)")
        }
    }
}
