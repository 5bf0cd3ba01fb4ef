import FoundationEssentials
import Journal
import Logging
import Monday
import Orders

/// Settles effects that never got a definite answer, before anything else is sent for their orders.
///
/// What exists on the board is adopted; what does not is sent again: the same bytes under the same key when none of it
/// exists and Monday.com still remembers the key, otherwise by a new effect of the next claim. Nothing is guessed.
struct Recovery: Sendable {
    let engine: EngineContext

    /// Settles the effects whose time has come.
    ///
    /// - Returns: When the next one is due, in UTC milliseconds; nil when none is left.
    func run() async throws -> Int64? {
        var next: Int64?
        for effect in try await self.engine.journal.unsettledEffects() {
            if self.engine.stop.isRequested { return next }
            if self.engine.inFlight.contains(effect.id) { continue }
            // Without a key on the board nobody but a person can tell.
            if self.engine.settings.keyColumn == nil, effect.open.contains(where: { $0.kind == .createItem }) {
                continue
            }
            let due = self.engine.settings.timing.lookUpTime(sentAt: effect.sentAt)
            guard due <= self.engine.time.now() else {
                next = min(next ?? due, due)
                continue
            }
            try await self.settle(effect)
        }
        return next
    }

    private func settle(_ effect: UnsettledEffect) async throws {
        let outcomes = try await BoardLookUp(engine: self.engine).outcomes(of: effect.open, body: effect.body)
        let now = self.engine.time.now()
        let noneExists = outcomes.allSatisfy { if case .absent = $0 { true } else { false } }
        if noneExists, effect.settledTargets == 0, effect.sends <= Self.mostResends,
            self.engine.settings.timing.mayResend(firstSentAt: effect.firstSentAt, now: now)
        {
            return try await self.resend(effect)
        }
        let alarms = try await self.engine.journal.settle(
            effect: effect.id,
            outcomes: Dictionary(zip(effect.open.map(\.alias), outcomes)) { first, _ in first },
            answer: "looked up on the board",
            now: now
        )
        for alarm in alarms { alarm.raise(self.engine.log) }
        self.engine.groups.invalidate()
        self.engine.log.notice(
            "settled an effect in doubt",
            metadata: [
                "effect.id": "\(effect.id)",
                "effect.adopted": "\(outcomes.count { if case .adopted = $0 { true } else { false } })",
                "effect.absent": "\(outcomes.count { if case .absent = $0 { true } else { false } })",
            ]
        )
    }

    /// After so many sends of the same bytes without an answer the jobs are charged, and go on in smaller requests.
    private static let mostResends = 1

    /// Sends the same bytes under the same key: Monday.com answers from its cache when it did execute them.
    private func resend(_ effect: UnsettledEffect) async throws {
        let counts = effect.open.reduce(into: [:]) { $0[$1.kind.mutation, default: 0] += 1 }
        let call = Call(counts: counts, board: effect.board)
        let permit = try await self.engine.stop.interrupting { [pacer = self.engine.pacer] in
            try await pacer.admit(call)
        }
        try await self.engine.journal.resent(effect: effect.id, now: self.engine.time.now())
        let request = MutationRequest(body: effect.body, aliases: effect.open.map(\.alias))
        let exchange = await self.engine.client.mutate(request, idempotencyKey: effect.idempotencyKey)
        await self.engine.pacer.finish(permit, exchange: exchange)
        try await self.engine.journal.record(
            exchange,
            of: effect.id,
            aliases: request.aliases,
            log: self.engine.log,
            now: self.engine.time.now()
        )
    }
}

extension EffectKind {
    /// What a call of this kind costs like.
    var mutation: Mutation.Kind {
        switch self {
        case .createGroup: .createGroup
        case .createItem: .createItem
        case .createSubitem: .createSubitem
        case .changeColumns: .changeColumns
        case .moveItem: .moveItem
        case .archiveItem: .archiveItem
        case .deleteSubitem: .deleteItem
        }
    }
}
