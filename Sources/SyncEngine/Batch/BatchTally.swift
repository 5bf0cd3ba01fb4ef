import Orders

/// Counts the orders of a batch, and gathers what went wrong for its summary.
///
/// Orders only: a subitem is never counted as an order, so success can't exceed 100 %.
struct BatchTally: Sendable {
    let total: Int
    var done = 0
    var failed = 0
    var waiting = 0
    private var reasons: [String: Int] = [:]

    init(total: Int, failed: Int) {
        self.total = total
        self.failed = failed
    }

    mutating func note(_ failure: Failure) {
        self.reasons[failure.code, default: 0] += 1
    }

    /// Whether everything that the batch took on is done.
    var isComplete: Bool { self.done == self.total }

    /// What went wrong, the commonest first; nil when nothing did.
    var summary: String? {
        guard !self.isComplete else { return nil }
        var parts: [String] = []
        if self.failed > 0 { parts.append("\(self.failed) dead") }
        if self.waiting > 0 { parts.append("\(self.waiting) in doubt") }
        let later = self.total - self.done - self.failed - self.waiting
        if later > 0 { parts.append("\(later) to be tried again") }
        let reasons = self.reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) × \($0.value)" }
        return (parts + reasons).joined(separator: ", ")
    }
}
