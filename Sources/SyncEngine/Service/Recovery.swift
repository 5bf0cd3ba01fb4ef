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

    /// What a round came to.
    struct Round: Sendable {
        /// When the next effect is due, in UTC milliseconds; nil when none is left.
        var next: Int64?
        /// Effects whose outcome the board told.
        var settled = 0
        /// Jobs that died, since nobody but a person can tell what became of their request.
        var died = 0
    }

    /// Takes over which labels Monday.com may be making behind what an earlier process sent, and which sizes there are.
    func takeOverLabels() async throws {
        let timing = self.engine.settings.timing
        for effect in try await self.engine.journal.unsettledEffects() {
            self.engine.gate.doubt(effect.labels, until: timing.lookUpTime(sentAt: effect.sentAt))
        }
        // The board tells of its own columns' labels, but not of those of its subitems: a size that an order has waits for nothing.
        let column = self.engine.fieldMap.subitem.sizeColumn
        self.engine.gate.learn(try await self.engine.journal.sizesOnBoard().map { Label(column: column, text: $0) })
    }

    /// Settles the effects whose time has come.
    func run() async throws -> Round {
        var round = Round()
        for effect in try await self.engine.journal.unsettledEffects() {
            if self.engine.stop.isRequested { return round }
            if self.engine.inFlight.contains(effect.id) { continue }
            let due = self.engine.settings.timing.lookUpTime(sentAt: effect.sentAt)
            guard due <= self.engine.time.now() else {
                round.next = min(round.next ?? due, due)
                continue
            }
            do {
                let lost = effect.itemsWithoutKey(in: self.engine.settings.keyColumn)
                if lost.isEmpty {
                    if try await self.settle(effect) {
                        round.settled += 1
                    } else {
                        let again = self.engine.settings.timing.lookUpTime(sentAt: self.engine.time.now())
                        round.next = min(round.next ?? again, again)
                    }
                } else {
                    round.died += try await self.leaveToPerson(lost, of: effect)
                }
            } catch let error as JournalError where error.code == .unsettled || error.code == .notFound {
                // A person has settled it meanwhile, or a part of it.
                self.engine.log.info("an effect was settled by somebody else", metadata: ["effect.id": "\(effect.id)"])
            }
        }
        return round
    }

    /// Leaves to a person whether items were made, as only the key column would tell: their jobs die and say where to look.
    ///
    /// What else the request held is looked up.
    private func leaveToPerson(_ items: [EffectTarget], of effect: UnsettledEffect) async throws -> Int {
        let others = effect.open.filter { !items.contains($0) }
        if !others.isEmpty {
            let findings = try await BoardLookUp(engine: self.engine).findings(of: others, body: effect.body)
            try await self.record(findings, of: others, effect)
        }
        var deaths: [(job: Int64, failure: Failure)] = []
        for target in items {
            guard let job = target.job?.id else { continue }
            let detail = try await self.engine.journal.show(job)
            let order = detail?.snapshot.flatMap { try? Order(snapshot: $0, fieldMap: self.engine.fieldMap) }
            deaths.append((job, Failure.leftToPerson(job: job, order: order)))
        }
        let died = try await self.engine.journal.buryDoubts(deaths, now: self.engine.time.now())
        if died > 0 {
            self.engine.log.error(
                "the answer to a create_item is lost and there is no key column: look on the board, then ordersync-replay settle",
                metadata: ["effect.id": "\(effect.id)", "jobs.died": "\(died)"]
            )
        }
        return died
    }

    /// Looks an effect up, and sends again what is not there; answers whether its outcome is known now.
    private func settle(_ effect: UnsettledEffect) async throws -> Bool {
        let lookedUpAt = self.engine.time.now()
        let findings = try await BoardLookUp(engine: self.engine).findings(of: effect.open, body: effect.body)
        if findings.allSatisfy(\.isAbsent), effect.settledTargets == 0, effect.sends <= Self.mostResends,
            self.engine.settings.timing.mayResend(firstSentAt: effect.firstSentAt, now: lookedUpAt)
        {
            return try await self.resend(effect, lookedUpAt: lookedUpAt)
        }
        try await self.record(findings, of: effect.open, effect)
        self.engine.groups.invalidate()
        self.engine.log.notice(
            "settled an effect in doubt",
            metadata: [
                "effect.id": "\(effect.id)",
                "effect.adopted": "\(findings.count(where: \.isAdopted))",
                "effect.absent": "\(findings.count(where: \.isAbsent))",
            ]
        )
        return true
    }

    /// Writes down what was found of the targets; whatever is there beside the first is an alarm.
    private func record(
        _ findings: [BoardLookUp.Finding],
        of targets: [EffectTarget],
        _ effect: UnsettledEffect
    ) async throws {
        var outcomes: [String: EffectOutcome] = [:]
        for (target, finding) in zip(targets, findings) { outcomes[target.alias] = finding.outcome }
        try await self.record(outcomes, effect)
        for (target, finding) in zip(targets, findings) {
            for other in finding.others { try await self.record([target.alias: other], effect) }
        }
    }

    private func record(_ outcomes: [String: EffectOutcome], _ effect: UnsettledEffect) async throws {
        let alarms = try await self.engine.journal.settle(
            effect: effect.id,
            outcomes: outcomes,
            answer: "looked up on the board",
            now: self.engine.time.now()
        )
        for alarm in alarms { alarm.raise(self.engine.log) }
    }

    /// After so many sends of the same bytes without an answer the jobs are charged, and go on in smaller requests.
    private static let mostResends = 1

    /// How long a look-up is believed, in milliseconds: the wait for leave to send may be long.
    private static let longestBelief: Int64 = 60_000

    /// Sends the same bytes under the same key: Monday.com answers from its cache when it did execute them.
    ///
    /// Answers whether the outcome is known now: this answer may be lost as well, and without leave nothing is sent.
    private func resend(_ effect: UnsettledEffect, lookedUpAt: Int64) async throws -> Bool {
        // As with what is sent for the first time: one group is made at a time, and one request brings a new label.
        guard effect.kind != .createGroup else {
            let isKnown = try await self.engine.groups.whileNoneIsMade {
                var end = LabelGate.End.refused
                return try await self.send(effect, lookedUpAt: lookedUpAt, &end)
            }
            return isKnown ?? false
        }
        let fresh = await self.engine.gate.enter(effect.labels)
        var end = LabelGate.End.refused
        defer { self.engine.gate.leave(fresh, end) }
        // Another request may have brought one of them since, and be lost.
        guard self.engine.gate.doubt(of: effect.labels, now: self.engine.time.now()) == nil else { return false }
        return try await self.send(effect, lookedUpAt: lookedUpAt, &end)
    }

    /// Sends it when there is leave to, and the look-up is still to be believed; answers whether the outcome is known now.
    ///
    /// `end` is what it means for the labels that it brings, also when the journal fails to write the outcome down.
    private func send(
        _ effect: UnsettledEffect,
        lookedUpAt: Int64,
        _ end: inout LabelGate.End
    ) async throws -> Bool {
        let counts = effect.open.reduce(into: [:]) { $0[$1.kind.mutation, default: 0] += 1 }
        let call = Call(counts: counts, board: effect.board)
        guard let permit = try await self.permit(call, until: lookedUpAt + Self.longestBelief) else { return false }
        let isHeld = await self.engine.lease.confirm()
        let now = self.engine.time.now()
        guard isHeld, !self.engine.stop.isRequested, now <= lookedUpAt + Self.longestBelief,
            self.engine.settings.timing.mayResend(firstSentAt: effect.firstSentAt, now: now)
        else {
            await self.engine.pacer.release(permit)
            return false
        }
        do {
            try await self.engine.journal.resent(effect: effect.id, now: now)
        } catch {
            await self.engine.pacer.release(permit)
            throw error
        }
        let request = MutationRequest(body: effect.body, aliases: effect.open.map(\.alias))
        let exchange = await self.engine.client.mutate(request, idempotencyKey: effect.idempotencyKey)
        end = LabelGate.End(exchange, until: self.engine.settings.timing.lookUpTime(sentAt: now))
        await self.engine.pacer.finish(permit, exchange: exchange)
        try await self.engine.journal.record(
            exchange,
            of: effect.id,
            aliases: request.aliases,
            log: self.engine.log,
            now: self.engine.time.now()
        )
        return !exchange.outcomes.contains { if case .unknown = $0 { true } else { false } }
    }

    /// Leave to send; nil when it does not come by that time (UTC milliseconds), after which it would be of no use.
    private func permit(_ call: Call, until latest: Int64) async throws -> Pacer.Permit? {
        let rest = latest - self.engine.time.now()
        guard rest > 0 else { return nil }
        return try await self.engine.stop.interrupting { [pacer = self.engine.pacer, time = self.engine.time] in
            try await withThrowingTaskGroup(of: Pacer.Permit?.self) { tasks in
                tasks.addTask { try await pacer.admit(call) }
                tasks.addTask {
                    try await time.sleep(rest)
                    return nil
                }
                let permit = try await tasks.next() ?? nil
                tasks.cancelAll()
                // It may have come in the same moment.
                if permit == nil, let late = try? await tasks.next(), let late { await pacer.release(late) }
                return permit
            }
        }
    }
}

extension UnsettledEffect {
    /// The labels that its bytes bring.
    fileprivate var labels: Set<Label> {
        Set(MutationRequest(body: self.body, aliases: []).labels.map { Label(column: $0.column, text: $0.text) })
    }

    /// The items it was to make that can't be found by their order key, since the request wrote none in that column.
    ///
    /// The column may have been configured, or changed, after the request was sent: a look-up would find nothing and be wrong.
    func itemsWithoutKey(in column: String?) -> [EffectTarget] {
        let items = self.open.filter { $0.kind == .createItem }
        guard !items.isEmpty, let column else { return items }
        let body = String(decoding: self.body, as: UTF8.self)
        guard body.contains(column) else { return items }
        return items.filter { $0.orderKey.map { !body.contains($0.description) } ?? true }
    }
}

extension Failure {
    /// The death of a job whose request nobody but a person can find the outcome of.
    static func leftToPerson(job: Int64, order: Order?) -> Failure {
        let item = order.map { "\"\($0.title)\" in group \"\($0.group)\"" } ?? "its item"
        return Failure(
            .inDoubt,
            code: Journal.doubtCode,
            message:
                "the answer to create_item was lost, and the board has no key column to find the item by: look for "
                + "\(item); if it is there, ordersync-replay settle \(job) --item ID --reason ..., "
                + "else ordersync-replay settle \(job) --absent --reason ..."
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
