/// What a rebuild of the ledger found, and what it made of it.
package struct RebuildReport: Hashable, Sendable, Codable {
    /// Items that carry one order key.
    package struct Duplicate: Hashable, Sendable, Codable {
        package let orderKey: String
        /// The item that is the order's.
        package let item: Int64
        /// The ones beside it, for a person to look at.
        package let others: [Int64]
    }

    package var dryRun = false
    package var board: Int64 = 0
    /// The journal's new id; nil when nothing was written.
    package var journalID: String?
    /// Orders by where they were found.
    package var inBoth = 0
    package var onlyBoard = 0
    package var onlyProduction = 0
    /// Subitems of these orders.
    package var subitems = 0
    /// The first ``listLimit`` keys that several items carry.
    package var duplicates: [Duplicate] = []
    package var duplicateKeys = 0
    /// Items that are nobody's: a person made them, or a program before this one.
    package var withoutKey = 0
    /// Orders of which nobody kept what their row in the source is known by: the next run finds out by their keys.
    package var unidentified = 0
    /// Orders of which it can't be told what stands on the board: the next run writes them once.
    package var toBeWritten = 0
    package var ledgerBefore = 0
    package var ledgerAfter = 0
    package var jobsDropped = 0
    package var effectsSettled = 0
    package var durationMilliseconds: Int64 = 0

    package static let listLimit = 1_000

    package init() {}
}

extension RebuildReport {
    /// The report for people.
    ///
    /// - Returns: Lines without trailing line breaks.
    package func lines() -> [String] {
        let counts = [
            ("on the board and in production", self.inBoth), ("on the board only", self.onlyBoard),
            ("in production only", self.onlyProduction), ("keys on several items", self.duplicateKeys),
            ("items without a key", self.withoutKey),
        ].map { ($0.0, HumanText.count($0.1)) }
        let widest = counts.map { $0.0.count + $0.1.count }.max() ?? 1
        var lines = [
            "board \(self.board) and MON_CustMasterSchedule read in "
                + HumanText.duration(milliseconds: self.durationMilliseconds),
            "",
        ]
        for (words, number) in counts {
            lines.append("  \(words)\(String(repeating: " ", count: widest + 2 - words.count - number.count))\(number)")
        }
        lines.append("")
        for duplicate in self.duplicates {
            let others = duplicate.others.map(String.init).joined(separator: ", ")
            lines.append("order \(duplicate.orderKey): item \(duplicate.item) is its own, look at \(others)")
        }
        let written = "\(HumanText.count(self.toBeWritten, "order")) to be written once more by the next run"
        guard !self.dryRun else {
            return lines + ["dry run: nothing was written; \(written)"]
        }
        lines.append(
            "ledger rebuilt: \(HumanText.count(self.ledgerBefore, "order")) before, \(HumanText.count(self.ledgerAfter)) now, "
                + "\(HumanText.count(self.subitems, "subitem")); \(written)"
        )
        if self.jobsDropped > 0 {
            lines.append("\(HumanText.count(self.jobsDropped, "job")) dropped: the next run queues what still differs")
        }
        return lines + ["the board is this journal's now: start ordersyncd, and run ordersync-enqueue --all"]
    }
}
