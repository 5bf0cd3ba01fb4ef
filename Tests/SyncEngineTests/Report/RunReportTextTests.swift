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
        report.goneOrders = [
            .init(
                orderKey: "k",
                orderNumber: "GRE-2",
                customer: "GREYSON CLOTHIERS",
                missingSince: nil,
                action: .reported
            )
        ]
        let lines = report.lines(width: nil)
        #expect(lines.contains(" 17  GRE-1  –         TOTAL QTY  1,2\u{FFFD}[2J  no number"))
        #expect(lines.contains("GRE-2  GREYSON CLOTHIERS  k          the board keeps it"))
        #expect(lines.last == "and 2 more")
    }

    @Test("a dry run shows order by order and column by column what was and what would be")
    func changes() {
        var report = self.report()
        report.dryRun = true
        report.enqueued = 3
        let change = { (kind: RunReport.Change.Kind, columns: [RunReport.Change.Column]) in
            RunReport.Change(
                kind: kind,
                orderKey: "k",
                orderNumber: "GRE-\(kind)",
                customer: "GREYSON",
                style: nil,
                colour: nil,
                columns: columns
            )
        }
        report.changes = [
            change(.new, [.init(column: "name", old: nil, new: "A B"), .init(column: "NOTES", old: nil, new: "x")]),
            change(.changed, [.init(column: "DROP", old: "1", new: nil), .init(column: "size M", old: nil, new: "7")]),
        ]
        #expect(
            report.lines(width: nil).suffix(7) == [
                "", "What would change:", "WHAT     ORDER        CUSTOMER  COLUMN  OLD  NEW",
                "new      GRE-new      GREYSON   name    –    A B", "changed  GRE-changed  GREYSON   DROP    1    –",
                "                                size M  –    7", "and 1 more",
            ]
        )
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
