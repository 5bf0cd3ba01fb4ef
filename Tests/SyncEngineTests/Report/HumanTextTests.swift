import Testing

@testable import SyncEngine

@Suite struct HumanTextTests {
    @Test(
        "a duration is told in the two units that matter",
        arguments: [
            (0, "0 ms"), (-5, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (12_345, "12.3 s"), (60_000, "1 min"),
            (192_000, "3 min 12 s"), (3_600_000, "1 h"), (14_700_000, "4 h 5 min"), (187_200_000, "2 d 4 h"),
        ] as [(Int64, String)]
    )
    func duration(milliseconds: Int64, text: String) {
        #expect(HumanText.duration(milliseconds: milliseconds) == text)
    }

    @Test(
        "an age is told in one unit",
        arguments: [
            (-1, "0 s"), (59_999, "59 s"), (60_000, "1 min"), (7_200_000, "2 h"), (172_800_000, "2 d"),
        ] as [(Int64, String)]
    )
    func age(milliseconds: Int64, text: String) {
        #expect(HumanText.age(milliseconds: milliseconds) == text)
    }

    @Test(
        "counts have separators and the right plural",
        arguments: [
            (0, "0 orders"), (1, "1 order"), (999, "999 orders"), (1000, "1,000 orders"),
            (1_234_567, "1,234,567 orders"),
            (-1234, "-1,234 orders"),
        ]
    )
    func count(count: Int, text: String) {
        #expect(HumanText.count(count, "order") == text)
    }

    @Test(
        "times are exact to the millisecond, in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_399_253_120, "2026-11-23T02:00:53.120Z"),
            (1_750_000_000_007, "2025-06-15T15:06:40.007Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func time(milliseconds: Int64, text: String) {
        #expect(HumanText.time(milliseconds) == text)
    }

    @Test("the progress bar shows share, rate and rest, and never fills the terminal's last cell")
    func progress() {
        let bar = ProgressBar()
        let progress = RunProgress(phase: "reading", done: 12_500, total: 50_000)
        #expect(
            bar.line(progress, elapsed: 10_000, width: 100)
                == "reading  [######------------------] 25 %  12,500 of 50,000  30 s left  1,250/s"
        )
        #expect(bar.line(progress, elapsed: 10_000, width: 40).count == 39)
        #expect(bar.line(RunProgress(phase: "reading", done: 7), elapsed: 0, width: 80) == "reading  7")
        #expect(bar.line(RunProgress(phase: "x", done: 9, total: 3), elapsed: 10, width: 80).contains("100 %"))
    }
}
