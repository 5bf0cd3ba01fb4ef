/// What an answer says of the account's budgets.
package struct RateLimits: Hashable, Sendable {
    /// One budget, as the `RateLimit-Policy` and `RateLimit` headers tell it; what they leave out is nil.
    package struct Budget: Hashable, Sendable {
        /// The whole budget, `q`.
        package var limit: Int?
        /// Its window in seconds, `w`.
        package var window: Int?
        /// What is left, `r`.
        package var remaining: Int?
        /// Seconds until it is full again, `t`.
        package var reset: Int?

        package init(limit: Int? = nil, window: Int? = nil, remaining: Int? = nil, reset: Int? = nil) {
            self.limit = limit
            self.window = window
            self.remaining = remaining
            self.reset = reset
        }
    }

    /// What a request cost in points, as its `complexity` field tells it.
    package struct Complexity: Hashable, Sendable {
        package let before: Int
        package let query: Int
        package let after: Int
        package let resetSeconds: Int

        package init(before: Int, query: Int, after: Int, resetSeconds: Int) {
            self.before = before
            self.query = query
            self.after = after
            self.resetSeconds = resetSeconds
        }
    }

    /// Requests a minute.
    package var requests: Budget?
    /// Requests in flight.
    package var concurrency: Budget?
    /// Points a minute.
    package var points: Budget?
    package var complexity: Complexity?

    package init(
        requests: Budget? = nil,
        concurrency: Budget? = nil,
        points: Budget? = nil,
        complexity: Complexity? = nil
    ) {
        self.requests = requests
        self.concurrency = concurrency
        self.points = points
        self.complexity = complexity
    }
}
