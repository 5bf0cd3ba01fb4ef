/// How far a run has come.
package struct RunProgress: Hashable, Sendable {
    /// What is being done, in one or two words: `reading`, `matching`, `writing`.
    package var phase: String
    package var done: Int
    /// Nil while it is not known.
    package var total: Int?

    package init(phase: String, done: Int, total: Int? = nil) {
        self.phase = phase
        self.done = done
        self.total = total
    }
}

/// One line that shows how far a run has come; for a terminal only.
package struct ProgressBar: Sendable {
    private static let barWidth = 24

    package init() {}

    /// The line for a moment.
    ///
    /// - Parameters:
    ///   - progress: How far the phase has come.
    ///   - elapsed: Milliseconds since the phase began.
    ///   - width: The cells of the terminal's line.
    /// - Returns: A line that fits, without a line break.
    package func line(_ progress: RunProgress, elapsed: Int64, width: Int) -> String {
        var parts = [progress.phase]
        let rate = elapsed > 0 ? Double(progress.done) * 1000 / Double(elapsed) : 0
        if let total = progress.total, total > 0 {
            let share = min(1, max(0, Double(progress.done) / Double(total)))
            let filled = Int(share * Double(Self.barWidth))
            let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
            parts.append("[\(bar)] \(Int(share * 100)) %")
            parts.append("\(HumanText.count(progress.done)) of \(HumanText.count(total))")
            if rate > 0, progress.done < total, elapsed >= 1000 {
                let left = Int64(Double(total - progress.done) / rate * 1000)
                parts.append("\(HumanText.age(milliseconds: left)) left")
            }
        } else {
            parts.append(HumanText.count(progress.done))
        }
        if rate > 0 { parts.append("\(HumanText.count(Int(rate)))/s") }
        // A line that reaches the last cell makes some terminals wrap.
        return DisplayText.cut(parts.joined(separator: "  "), to: max(1, width - 1))
    }
}
