package import Journal
import Orders

/// What comes of orders that left the source.
package struct GoneRule: Hashable, Sendable {
    /// What to do with them; nil to tell of them only.
    package var kind: JobKind?
    /// A run that would touch more of the known orders in scope than so many in a hundred is refused.
    package var limitPercent = 20
    /// How far apart the two runs must be that miss an order, in milliseconds.
    package var confirm: Int64 = 3_600_000
    /// How long a load that was lately is watched for more rows before anything is done, in milliseconds.
    package var settle: Int64 = 3_000
    /// Whether a person said that any number may be touched.
    package var isLimitLifted = false

    /// So few orders are never too many.
    private static let fewOrders = 5

    package init() {}

    /// What comes of one missing order in a run at that time.
    func action(_ order: LedgerIdentity, now: Int64) -> RunReport.Gone.Action {
        guard let kind = self.kind else { return .reported }
        guard let since = order.missingSince, now - since >= self.confirm else { return .awaiting }
        return kind == .zero ? .zero : .archive
    }

    /// Whether more comes of a missing order than a word.
    func isDue(_ order: LedgerIdentity, now: Int64) -> Bool {
        [.archive, .zero].contains(self.action(order, now: now))
    }

    /// Whether a run may touch that many of the orders that are known in its scope.
    func allows(_ touched: Int, of known: Int) -> Bool {
        self.isLimitLifted || touched <= Self.fewOrders || touched * 100 <= known * self.limitPercent
    }
}
