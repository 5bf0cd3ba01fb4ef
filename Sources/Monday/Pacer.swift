package import Orders

/// Holds requests back until Monday's budgets allow them, first come, first served.
package actor Pacer {
    /// Leave to send one request; handed back with ``finish(_:exchange:)`` or ``release(_:)``.
    package struct Permit: Hashable, Sendable {
        fileprivate let call: Call
        fileprivate let points: Int
        fileprivate let started: Int64
    }

    private struct Waiter {
        let id: UInt64
        let call: Call
        let continuation: CheckedContinuation<Permit?, Never>
    }

    private var pace: Pace
    private var waiters: [Waiter] = []
    private var lastID: UInt64 = 0
    private var alarm: (at: Int64, task: Task<Void, Never>)?
    private let now: @Sendable () -> Int64
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Makes a pacer.
    ///
    /// - Parameters:
    ///   - settings: what holds until answers say better.
    ///   - now: milliseconds of a monotonic clock.
    ///   - sleep: waits that long, or throws when the task is cancelled.
    package init(
        _ settings: PaceSettings = PaceSettings(),
        now: @escaping @Sendable () -> Int64 = Pacer.uptime(),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.pace = Pace(settings)
        self.now = now
        self.sleep = sleep
    }

    /// A monotonic clock in milliseconds, from now.
    package static func uptime() -> @Sendable () -> Int64 {
        let start = ContinuousClock.now
        return {
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            return seconds * 1000 + attoseconds / 1_000_000_000_000_000
        }
    }

    /// Waits until the request may be sent; every permit must be handed back.
    package func admit(_ call: Call) async throws(CancellationError) -> Permit {
        self.lastID += 1
        let id = self.lastID
        let permit: Permit? = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Permit?, Never>) in
                if Task.isCancelled {
                    continuation.resume(returning: nil)
                } else {
                    self.waiters.append(Waiter(id: id, call: call, continuation: continuation))
                    self.admitWaiters()
                }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
        guard let permit else { throw CancellationError() }
        return permit
    }

    /// Learns from an exchange and makes room for the next.
    package func finish(_ permit: Permit, exchange: Exchange) {
        let failures = exchange.outcomes.compactMap { outcome -> Failure? in
            switch outcome {
            case .refused(let failure) where failure.class == .throttled: failure
            case .done, .refused, .unknown: nil
            }
        }
        // The longest wait that any mutation was told.
        let longest = failures.max { ($0.retryAfterMilliseconds ?? 0) < ($1.retryAfterMilliseconds ?? 0) }
        self.finish(permit, limits: exchange.limits, failure: exchange.failure ?? longest)
    }

    /// Gives back a permit of which no use was made.
    package func release(_ permit: Permit) {
        self.pace.release(permit.call, points: permit.points)
        self.admitWaiters()
    }

    /// Learns from the answer to a read.
    package func finish(_ permit: Permit, limits: RateLimits, failure: Failure?) {
        self.pace.finish(
            permit.call,
            points: permit.points,
            limits: limits,
            failure: failure,
            started: permit.started,
            now: self.now()
        )
        self.admitWaiters()
    }

    /// How many requests may be in flight on a board now.
    package func boardLimit(_ board: Int64) -> Int { self.pace.boardLimit(board) }

    private func giveUp(_ id: UInt64) {
        guard let index = self.waiters.firstIndex(where: { $0.id == id }) else { return }
        self.waiters.remove(at: index).continuation.resume(returning: nil)
        self.admitWaiters()
    }

    /// Lets go whom the budgets allow, in order.
    ///
    /// A request that waits for points holds all behind it back, or a large one would starve behind small ones; one that waits
    /// for an answer lets those of other boards pass.
    private func admitWaiters() {
        var waiting: [Waiter] = []
        var until: Int64?
        for waiter in self.waiters {
            let now = self.now()
            if until != nil {
                waiting.append(waiter)
                continue
            }
            switch self.pace.reserve(waiter.call, now: now) {
            case .send(let points):
                waiter.continuation.resume(returning: Permit(call: waiter.call, points: points, started: now))
            case .wait(let time):
                until = time
                waiting.append(waiter)
            case .waitForAnswer: waiting.append(waiter)
            }
        }
        self.waiters = waiting
        self.setAlarm(until)
    }

    private func setAlarm(_ time: Int64?) {
        if let alarm = self.alarm {
            if alarm.at == time { return }
            alarm.task.cancel()
            self.alarm = nil
        }
        guard let time else { return }
        let wait = Duration.milliseconds(max(1, time - self.now()))
        let sleep = self.sleep
        let task = Task { [weak self] in
            do { try await sleep(wait) } catch { return }
            await self?.ring(time)
        }
        self.alarm = (time, task)
    }

    private func ring(_ time: Int64) {
        if self.alarm?.at == time { self.alarm = nil }
        self.admitWaiters()
    }
}
