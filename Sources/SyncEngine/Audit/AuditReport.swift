import Foundation

/// What an audit found.
package struct AuditReport: Hashable, Sendable, Codable {
    package var board: Int64 = 0
    /// Orders of the ledger that were compared, and items that were read.
    package var orders = 0
    package var items = 0
    package var subitems = 0
    /// Orders that were passed over, since a job may change them at any time.
    package var inWork = 0
    /// Orders whose job is dead or held: what stands on the board was compared all the same.
    package var stopped = 0
    /// Findings by kind.
    package var counts: [String: Int] = [:]
    /// The first ``listLimit`` findings.
    package var findings: [AuditFinding] = []
    /// Orders that were enqueued to be repaired; nil without `--repair`.
    package var repairs: Int?
    package var durationMilliseconds: Int64 = 0

    package static let listLimit = 10_000

    package init() {}

    /// Whether everything that was compared agrees.
    package var isClean: Bool { self.counts.isEmpty }

    mutating func take(_ findings: [AuditFinding]) {
        for finding in findings { self.counts[finding.kind.rawValue, default: 0] += 1 }
        self.findings = Array(findings.prefix(Self.listLimit))
    }
}

extension AuditReport {
    /// The report for people.
    ///
    /// - Parameter width: The cells of a line; nil where there is no limit.
    /// - Returns: Lines without trailing line breaks.
    package func lines(width: Int?) -> [String] {
        var lines: [String] = []
        if !self.findings.isEmpty {
            var table = TextTable([
                .init("WHAT"), .init("ORDER"), .init("ITEM", .right), .init("WHERE"),
                .init("EXPECTED", isFlexible: true),
                .init("FOUND", isFlexible: true),
            ])
            for finding in self.findings {
                table.add([
                    finding.kind.words, finding.orderNumber ?? finding.orderKey ?? "",
                    finding.item.map(String.init) ?? "", finding.place ?? "", finding.expected ?? "",
                    finding.found ?? "",
                ])
            }
            lines = table.lines(width: width) + [""]
        }
        let left = self.counts.values.reduce(0, +) - self.findings.count
        if left > 0 { lines.append("and \(HumanText.count(left)) more") }
        lines.append(
            "\(HumanText.count(self.orders, "order")), \(HumanText.count(self.items, "item")) and "
                + "\(HumanText.count(self.subitems, "subitem")) compared in "
                + HumanText.duration(milliseconds: self.durationMilliseconds) + ": "
                + (self.isClean ? "all agree" : "\(HumanText.count(self.counts.values.reduce(0, +), "difference"))")
        )
        if self.inWork > 0 { lines.append("\(HumanText.count(self.inWork, "order")) in work, not compared") }
        if self.stopped > 0 {
            lines.append("\(HumanText.count(self.stopped, "order")) with a dead or held job: see ordersync-replay list")
        }
        if let repairs { lines.append("\(HumanText.count(repairs, "order")) enqueued to be repaired") }
        return lines
    }
}

extension AuditFinding.Kind {
    /// For people.
    var words: String { self.rawValue.replacing("_", with: " ") }
}
