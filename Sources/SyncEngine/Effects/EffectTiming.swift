/// How long an effect in doubt is left alone, in milliseconds: a pure decision.
package struct EffectTiming: Hashable, Sendable {
    /// How long Monday.com may go on working behind a lost answer (its own limit for every call is 60 s).
    package var executionLimit: Int64
    /// How long a fresh value may not be found by search.
    package var searchLag: Int64
    /// How long Monday.com remembers an idempotency key (30 min by its documentation, less a margin).
    package var idempotencyWindow: Int64
    /// When a key that was in doubt is looked up once more.
    package var recheck: Int64
    /// Clocks differ and requests travel.
    package var margin: Int64

    package init(
        executionLimit: Int64 = 60_000,
        searchLag: Int64 = 30_000,
        idempotencyWindow: Int64 = 1_500_000,
        recheck: Int64 = 900_000,
        margin: Int64 = 1_000
    ) {
        self.executionLimit = executionLimit
        self.searchLag = searchLag
        self.idempotencyWindow = idempotencyWindow
        self.recheck = recheck
        self.margin = margin
    }

    /// The first time (UTC milliseconds) at which a look-up can be believed.
    package func lookUpTime(sentAt: Int64) -> Int64 {
        sentAt + self.executionLimit + self.searchLag + self.margin
    }

    /// Whether the same bytes under the same key are still answered from Monday's cache rather than done anew.
    package func mayResend(firstSentAt: Int64, now: Int64) -> Bool {
        now < firstSentAt + self.idempotencyWindow
    }
}
