package import Orders

/// When a failed job is tried again, and when it is given up: a pure decision.
///
/// Only errors count, never claims: a pause, a throttled request and a restart cost a job nothing.
package struct RetryPolicy: Hashable, Sendable {
    /// What becomes of a job after a failure.
    package enum Decision: Hashable, Sendable {
        /// Tried again at that time (UTC milliseconds); the failure counts as an attempt.
        case retry(at: Int64)
        /// Tried again at that time; the failure costs nothing, since it says nothing about the job.
        case wait(until: Int64)
        /// Given up, until a person replays it.
        case dead
        /// It may have happened: to be looked up before anything else is done.
        case inDoubt
    }

    /// The first delay, in milliseconds; each further error doubles it.
    package var base: Int64
    /// The longest delay, in milliseconds.
    package var cap: Int64
    /// How many errors make a job dead.
    package var attempts: Int

    package init(base: Int64 = 2_000, cap: Int64 = 300_000, attempts: Int = 8) {
        self.base = base
        self.cap = cap
        self.attempts = attempts
    }

    /// Decides after a failure.
    ///
    /// - Parameters:
    ///   - failure: What went wrong.
    ///   - errors: How many errors the job had before this one.
    ///   - now: The time, in UTC milliseconds.
    ///   - jitter: A random number in 0 ..< 1.
    /// - Returns: What becomes of the job.
    package func decision(after failure: Failure, errors: Int, now: Int64, jitter: Double) -> Decision {
        let asked = failure.retryAfterMilliseconds ?? 0
        return switch failure.class {
        case .permanent: .dead
        case .inDoubt: .inDoubt
        case .throttled, .systemic: .wait(until: now + max(asked, self.delay(afterErrors: 2, jitter: jitter)))
        case .transient:
            errors + 1 >= self.attempts
                ? .dead
                : .retry(at: now + max(asked, self.delay(afterErrors: errors, jitter: jitter)))
        }
    }

    /// Exponential backoff with full jitter: a random part of `min(cap, base × 2^errors)`, in milliseconds.
    ///
    /// Full jitter spreads jobs that failed together, see «Exponential Backoff and Jitter» in the AWS architecture blog.
    package func delay(afterErrors errors: Int, jitter: Double) -> Int64 {
        // The exponent is clamped before the shift: 1 << 64 would trap.
        let doubled = self.base.multipliedReportingOverflow(by: 1 << Int64(min(max(errors, 0), 30)))
        let ceiling = doubled.overflow ? self.cap : min(self.cap, doubled.partialValue)
        return max(1, Int64(Double(ceiling) * min(max(jitter, 0), 1)))
    }
}
