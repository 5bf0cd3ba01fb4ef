import Orders
import SyncEngine
import Testing

@Suite struct RetryPolicyTests {
    let policy = RetryPolicy(base: 2_000, cap: 300_000, attempts: 8)

    private func failure(_ class: FailureClass, after: Int64? = nil) -> Failure {
        Failure(`class`, code: "X", message: "", retryAfterMilliseconds: after)
    }

    @Test("the delay doubles with each error, is spread over its whole range, and ends at the cap")
    func delays() {
        for (errors, ceiling) in [(0, 2_000), (1, 4_000), (2, 8_000), (7, 256_000), (8, 300_000), (5_000, 300_000)] {
            #expect(self.policy.delay(afterErrors: errors, jitter: 0.999_999_999) >= Int64(ceiling) - 1)
            #expect(self.policy.delay(afterErrors: errors, jitter: 0.5) == Int64(ceiling) / 2)
            #expect(self.policy.delay(afterErrors: errors, jitter: 0) == 1)
        }
    }

    @Test("a passing failure is tried again, and the eighth makes the job dead")
    func attempts() {
        for errors in 0..<7 {
            guard
                case .retry(let at) = self.policy.decision(
                    after: self.failure(.transient),
                    errors: errors,
                    now: 1_000,
                    jitter: 0.5
                )
            else {
                Issue.record("error \(errors + 1) made it dead")
                continue
            }
            #expect(at > 1_000)
        }
        #expect(self.policy.decision(after: self.failure(.transient), errors: 7, now: 0, jitter: 0.5) == .dead)
    }

    @Test("what the server asks to wait is a floor under the delay")
    func serverWait() {
        let failure = self.failure(.transient, after: 60_000)
        #expect(self.policy.decision(after: failure, errors: 0, now: 0, jitter: 0.1) == .retry(at: 60_000))
    }

    @Test("throttled and systemic failures cost no attempt, however often they come")
    func pauses() {
        for `class` in [FailureClass.throttled, .systemic] {
            let decision = self.policy.decision(
                after: self.failure(`class`, after: 30_000),
                errors: 7,
                now: 5,
                jitter: 0
            )
            #expect(decision == .wait(until: 30_005))
        }
    }

    @Test("a permanent failure is dead at once, and one in doubt is looked up first")
    func verdicts() {
        #expect(self.policy.decision(after: self.failure(.permanent), errors: 0, now: 0, jitter: 0) == .dead)
        #expect(self.policy.decision(after: self.failure(.inDoubt), errors: 7, now: 0, jitter: 0) == .inDoubt)
    }
}
