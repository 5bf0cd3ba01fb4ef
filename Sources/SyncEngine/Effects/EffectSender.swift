import FoundationEssentials
import Journal
import Logging
import Monday
import Orders

/// Makes mutations exactly once: intent to the journal, then the send, then the outcome to the journal.
struct EffectSender: Sendable {
    let journal: Journal
    let client: MondayClient
    let pacer: Pacer
    let board: Int64
    let timing: EffectTiming
    let time: TimeSource
    let stop: StopSignal
    let gate: LabelGate
    let lease: BoardLease
    let counters: CallCounters
    let inFlight: InFlight
    let log: Logger

    /// How long a throttled request is waited for within a batch, in milliseconds; beyond that the jobs wait in the journal.
    private static let longestThrottling: Int64 = 300_000

    /// Sends the calls as one request, and again what was only refused for its pace.
    ///
    /// - Returns: A result for each call, at its position.
    func send(_ calls: [PlannedCall]) async throws -> [CallResult] {
        var doubts = Doubts()
        return try await self.send(calls, &doubts)
    }

    /// Sends requests one after another, but for orders of which an earlier one has left something in doubt.
    ///
    /// - Returns: A result for each call of each request, at its position.
    func send(chain: [[PlannedCall]]) async throws -> [[CallResult]] {
        var doubts = Doubts()
        var results: [[CallResult]] = []
        for calls in chain { results.append(try await self.send(calls, &doubts)) }
        return results
    }

    private func send(_ calls: [PlannedCall], _ doubts: inout Doubts) async throws -> [CallResult] {
        var results = [CallResult?](repeating: nil, count: calls.count)
        var open: [Int] = []
        for (position, call) in calls.enumerated() {
            // What Monday.com would refuse for its form is not sent, so that it can't take others with it.
            if let refusal = call.mutation.refusal {
                results[position] = .refused(refusal)
            } else if let doubt = doubts.result(for: call) {
                results[position] = doubt
            } else {
                open.append(position)
            }
        }
        let deadline = self.time.now() + Self.longestThrottling
        while !open.isEmpty {
            if self.stop.isRequested { break }
            var outcomes = open.map { self.held(calls[$0].labels).map(CallResult.refused) }
            let ready = outcomes.indices.filter { outcomes[$0] == nil }
            if !ready.isEmpty {
                let answers = try await self.attempt(ready.map { calls[open[$0]] }, &doubts)
                for (position, answer) in zip(ready, answers) { outcomes[position] = answer }
            }
            var again: [Int] = []
            var pause: Int64 = 0
            for (position, outcome) in zip(open, outcomes) {
                if case .refused(let failure)? = outcome, failure.class == .throttled,
                    self.time.now() + (failure.retryAfterMilliseconds ?? 0) < deadline
                {
                    results[position] = doubts.result(for: calls[position])
                    guard results[position] == nil else { continue }
                    again.append(position)
                    pause = max(pause, failure.retryAfterMilliseconds ?? 0)
                } else {
                    results[position] = outcome
                }
            }
            open = again
            guard !open.isEmpty else { break }
            self.counters.retried()
            let wait = max(pause, 250 + Int64(self.time.random() * 1_000))
            do { try await self.stop.interrupting { [time] in try await time.sleep(wait) } } catch { break }
        }
        return results.map { $0 ?? .stopped }
    }

    /// One request, one effect; halved and sent again when Monday.com refused it as a whole for what it holds, so that
    /// the one call that can't go is found and the others go.
    private func attempt(_ calls: [PlannedCall], _ doubts: inout Doubts) async throws -> [CallResult] {
        let request = MutationRequest(board: self.board, mutations: calls.map(\.mutation))
        let answer = try await self.exchangeAtGate(calls, request: request)
        doubts.note(answer.calls, of: calls)
        guard answer.isRefusedWhole, calls.count > 1, !self.stop.isRequested else { return answer.calls }
        let half = calls.count / 2
        let first = try await self.attempt(Array(calls[..<half]), &doubts)
        let rest = Array(calls[half...])
        var second = rest.map(doubts.result)
        let open = rest.indices.filter { second[$0] == nil }
        if !open.isEmpty {
            for (position, result) in zip(open, try await self.attempt(open.map { rest[$0] }, &doubts)) {
                second[position] = result
            }
        }
        return first + second.map { $0 ?? .stopped }
    }

    /// The exchange, while no other request brings a label that this one may create.
    private func exchangeAtGate(_ calls: [PlannedCall], request: MutationRequest) async throws -> RequestResult {
        let labels = calls.reduce(into: Set<Label>()) { $0.formUnion($1.labels) }
        let fresh = await self.counters.pulse.waiting(now: self.time.now) { await self.gate.enter(labels) }
        var end = LabelGate.End.refused
        defer { self.gate.leave(fresh, end) }
        // While it waited the answer may have been lost by which another request was to bring them.
        if let held = self.held(labels) {
            return RequestResult(calls: calls.map { _ in .refused(held) }, isRefusedWhole: false)
        }
        return try await self.exchange(calls, request: request, &end)
    }

    /// That a request with these labels must wait, since Monday.com may be creating one of them behind a lost answer.
    private func held(_ labels: Set<Label>) -> Failure? {
        let now = self.time.now()
        guard let until = self.gate.doubt(of: labels, now: now) else { return nil }
        return Failure(
            .throttled,
            code: "LABEL_IN_DOUBT",
            message: "a label may be being created behind a lost answer",
            retryAfterMilliseconds: until - now
        )
    }

    /// Waits for leave to send; nil when the service is stopping, or has lost the board's lock.
    private func permit(_ calls: [PlannedCall]) async -> Pacer.Permit? {
        let call = Call(calls.map(\.mutation), board: self.board)
        let permit = try? await self.counters.pulse.waiting(now: self.time.now) {
            try await self.stop.interrupting { [pacer] in try await pacer.admit(call) }
        }
        guard let permit else { return nil }
        if !self.stop.isRequested, await self.lease.confirm() { return permit }
        await self.pacer.release(permit)
        return nil
    }

    /// One request; `end` is what it means for the labels that it brings, also when the journal fails to write the outcome down.
    private func exchange(
        _ calls: [PlannedCall],
        request: MutationRequest,
        _ end: inout LabelGate.End
    ) async throws -> RequestResult {
        // The board's lock is proven last, as the proof holds good for a short time; without it the orders go back to the queue.
        guard let permit = await self.permit(calls) else {
            return RequestResult(calls: calls.map { _ in .stopped }, isRefusedWhole: false)
        }
        let key = UUID().uuidString.lowercased()
        let sentAt = self.time.now()
        // The intent is on disk before the first byte leaves: whatever happens from here on, it is known.
        let effect: Int64
        do {
            effect = try await self.journal.begin(
                EffectIntent(
                    idempotencyKey: key,
                    kind: calls[0].target.kind,
                    board: self.board,
                    body: request.body,
                    targets: zip(calls, request.aliases).map { $0.target.named($1) }
                ),
                now: sentAt
            )
        } catch {
            await self.pacer.release(permit)
            throw error
        }
        self.inFlight.begin(effect)
        defer { self.inFlight.end(effect) }
        let exchange = await self.client.mutate(request, idempotencyKey: key)
        end = LabelGate.End(exchange, until: self.timing.lookUpTime(sentAt: sentAt))
        await self.pacer.finish(permit, exchange: exchange)
        self.counters.called(failed: exchange.failure != nil)
        try await self.journal.record(
            exchange,
            of: effect,
            aliases: request.aliases,
            log: self.log,
            now: self.time.now()
        )
        self.counters.pulse.beat(now: self.time.now())
        let results = exchange.outcomes.map { outcome -> CallResult in
            switch outcome {
            case .done(let id): .done(id)
            case .refused(let failure): .refused(failure)
            case .unknown(let failure): .inDoubt(until: self.timing.lookUpTime(sentAt: sentAt), failure)
            }
        }
        return RequestResult(calls: results, isRefusedWhole: exchange.failure?.class == .permanent)
    }

    /// What became of one request.
    private struct RequestResult: Sendable {
        let calls: [CallResult]
        /// Whether Monday.com refused the request as a whole, for good.
        let isRefusedWhole: Bool
    }
}

extension Journal {
    /// Writes what an answer said of each alias, the ledger and the jobs' progress, in one transaction.
    func record(_ exchange: Exchange, of effect: Int64, aliases: [String], log: Logger, now: Int64) throws {
        var outcomes: [String: EffectOutcome] = [:]
        for (alias, outcome) in zip(aliases, exchange.outcomes) { outcomes[alias] = EffectOutcome(outcome) }
        let alarms = try self.settle(
            effect: effect,
            outcomes: outcomes,
            answer: exchange.failure?.description ?? exchange.requestID.map { "request \($0)" },
            now: now
        )
        for alarm in alarms { alarm.raise(log) }
    }
}

extension Alarm {
    /// Says what a person must look at.
    func raise(_ log: Logger) {
        log.error(
            "the board holds a second one: ours is the known id, look at the other, then ordersync-replay acknowledge",
            metadata: [
                "alarm.id": "\(self.id)",
                "alarm.kind": "\(self.kind.rawValue)",
                "order.key": "\(self.orderKey.map(String.init(describing:)) ?? "")",
                "order.size": "\(self.size ?? "")",
                "known.id": "\(self.knownID)",
                "other.id": "\(self.otherID)",
            ]
        )
    }
}
