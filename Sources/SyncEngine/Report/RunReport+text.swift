extension RunReport {
    /// The summary for people.
    ///
    /// - Parameter width: The cells of a line; nil where there is no limit.
    /// - Returns: Lines without trailing line breaks.
    package func lines(width: Int?) -> [String] {
        var lines = [
            "\(self.batchName): \(HumanText.count(self.read, "row")) read in "
                + HumanText.duration(milliseconds: self.durationMilliseconds),
            "",
        ]
        var counts = [
            ("new", self.new), ("changed", self.changed), ("unchanged", self.unchanged), ("gone", self.gone),
            ("rejected", self.rejected),
        ]
        if self.possiblyRenamed > 0 { counts.append(("renamed?", self.possiblyRenamed)) }
        let widest = counts.map { HumanText.count($0.1).count }.max() ?? 1
        for (word, count) in counts {
            let number = HumanText.count(count)
            let padding = String(repeating: " ", count: 10 - word.count + widest - number.count)
            lines.append("  \(word)\(padding)\(number)")
        }
        lines += ["", self.closing]
        if !self.complete { lines.append("not every row was considered, so gone orders can't be told") }
        if self.changedByFieldMap > 0 {
            lines.append("\(HumanText.count(self.changedByFieldMap, "order")) changed with an edit of the field map")
        }
        lines += self.changeLines(width: width) + self.rejectLines(width: width) + self.goneLines(width: width)
        lines += self.renamedLines(width: width)
        return lines
    }

    private var closing: String {
        if self.dryRun {
            return "dry run: nothing was written; \(HumanText.count(self.enqueued, "job")) would have been enqueued"
        }
        let run = self.runID.map { " by run \($0)" } ?? ""
        return "\(HumanText.count(self.enqueued, "job")) enqueued\(run)"
    }

    private func rejectLines(width: Int?) -> [String] {
        guard !self.rejects.isEmpty else { return [] }
        var table = TextTable([
            .init("ROW", .right), .init("ORDER", isFlexible: true), .init("CUSTOMER", isFlexible: true),
            .init("COLUMN", isFlexible: true), .init("VALUE", isFlexible: true), .init("REASON", isFlexible: true),
        ])
        for reject in self.rejects {
            table.add([
                reject.row.map(String.init) ?? "", reject.orderNumber ?? "–", reject.customer ?? "–", reject.column,
                reject.value ?? "NULL", reject.reason,
            ])
        }
        return ["", "Rejected; the board keeps what it has:"] + table.lines(width: width)
            + Self.more(shown: Set(self.rejects.map(\.row)).count, of: self.rejected)
    }

    private func goneLines(width: Int?) -> [String] {
        guard !self.goneOrders.isEmpty else { return [] }
        var table = TextTable([
            .init("ORDER"), .init("CUSTOMER", isFlexible: true), .init("ORDER KEY"), .init("WHAT COMES OF IT"),
        ])
        for order in self.goneOrders {
            table.add([order.orderNumber, order.customer, order.orderKey, Self.words(order.action)])
        }
        return ["", "No longer in the source:"] + table.lines(width: width)
            + Self.more(shown: self.goneOrders.count, of: self.gone)
    }

    private static func words(_ action: Gone.Action) -> String {
        switch action {
        case .reported: "the board keeps it"
        case .awaiting: "waits for a later run that misses it too"
        case .archive: "archived"
        case .zero: "set to zero"
        }
    }

    private func renamedLines(width: Int?) -> [String] {
        guard !self.renamed.isEmpty else { return [] }
        var table = TextTable([
            .init("ORDER"), .init("CUSTOMER", isFlexible: true), .init("ROWS", .right), .init("ORDER KEYS"),
        ])
        for family in self.renamed {
            table.add([
                family.orderNumber, family.customer, "\(family.rows)", family.orderKeys.joined(separator: " "),
            ])
        }
        return ["", "Possibly renamed; the rows are new orders, the known ones are not taken for gone in this run:"]
            + table.lines(width: width)
    }
}
