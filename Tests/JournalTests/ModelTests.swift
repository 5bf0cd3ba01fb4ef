import Foundation
import Orders
import SQLite
import Testing

@testable import Journal

/// Random operations against a journal, each compared with what a small model says should come of it.
@Suite struct ModelTests {
    /// One seed again, or more of them by hand: MODEL_SEEDS=124 or 201-1000.
    static let seeds: ClosedRange<UInt64> = {
        let words = ProcessInfo.processInfo.environment["MODEL_SEEDS"] ?? "1-200"
        let bounds = words.split(separator: "-").compactMap { UInt64($0) }
        return (bounds.first ?? 1)...(bounds.last ?? 200)
    }()
    static let steps = 1000
    /// After how many steps all is compared; after each when one seed is looked into.
    static let stride = Self.seeds.count == 1 ? 1 : 40

    @Test(arguments: Self.seeds) func `the journal does what the model does`(seed: UInt64) async throws {
        try await Self.run(seed: seed, steps: Self.steps)
    }

    static func run(seed: UInt64, steps: Int) async throws {
        // In memory where there is such a file system: what is tried here is not the disk.
        let test = try await TestJournal(in: URL(filePath: "/dev/shm"))
        var actor = ModelActor(seed: seed, test: test)
        for step in 0..<steps {
            try await actor.step()
            if step % Self.stride == Self.stride - 1 { try await actor.compare(step: step) }
        }
        try await actor.drain()
        try await actor.compare(step: steps)
        #expect(try await test.journal.integrityCheck() == [], "seed \(seed)")
    }
}

/// What should be known of one order.
struct ModelOrder {
    var version = 0
    /// The snapshot the live job holds, and the one that waits.
    var live: (version: Int, state: JobState)?
    var waiting: (version: Int, isHeld: Bool)?
    var synced = 0
    /// The snapshot that the item's columns carry.
    var written = 0
    /// Whether the live job sent something of which the outcome is not known; whether the answer will be that it is there.
    var isUnsettled = false
    var hasItem = false
    var liveIsToBeHeld = false
    var errors = 0
    var hasOpenError = false
    /// When the live job is due, while it is to be tried again.
    var runAt: Int64 = 0
}

/// A claim somebody holds, perhaps no longer rightly.
struct ModelClaim {
    let job: ClaimedJob
    let order: Int
    let version: Int
    var isCurrent: Bool
    var effect: Int64?
}

struct ModelActor {
    let test: TestJournal
    let seed: UInt64
    var random: SplitMix
    var now: Int64 = 10_000
    var orders: [Int: ModelOrder] = [:]
    var claims: [ModelClaim] = []
    /// The board as it really is: item ids by order.
    var board: [Int: Int64] = [:]
    var nextItem: Int64 = 1
    /// Effects of which the daemon itself saw the answer fail.
    var lost: Set<Int64> = []
    /// The version that the creation of an item carries, by its effect.
    var sent: [Int64: Int] = [:]
    var effects = 0

    static let count = 12

    init(seed: UInt64, test: TestJournal) {
        self.seed = seed
        self.test = test
        self.random = SplitMix(state: seed)
    }

    var journal: Journal { self.test.journal }

    mutating func step() async throws {
        self.now += Int64(self.random.below(2000))
        switch self.random.below(20) {
        case 0...4: try await self.enqueue()
        case 5...8: try await self.claim()
        case 9...10: try await self.send()
        case 11...14: try await self.settle()
        case 15: try await self.random.below(3) == 0 ? self.decide() : self.resolve()
        case 16: try await self.restart()
        case 17: try await self.reclaim()
        case 18: try await self.command()
        default: try await self.lateAnswer()
        }
    }

    // MARK: Operations

    private mutating func enqueue() async throws {
        let number = self.random.below(Self.count)
        var order = self.orders[number] ?? ModelOrder()
        order.version += 1
        let expected: Disposition
        if let live = order.live {
            if live.state == .running || live.state == .inDoubt || order.isUnsettled {
                expected = order.waiting == nil ? .waiting : .replacedWaiting
                order.waiting = (order.version, order.waiting?.isHeld ?? false)
            } else {
                expected = .superseded(live.state)
                order.live = (order.version, live.state == .held ? .held : .ready)
                order.errors = 0
                if live.state == .dead || live.state == .held { order.hasOpenError = false }
            }
        } else {
            expected = .ready
            order.live = (order.version, .ready)
            order.errors = 0
        }
        self.orders[number] = order
        let got = try await self.journal.enqueue([self.snapshot(number, order.version)], now: self.now)
        #expect(got == [expected], "seed \(self.seed)")
    }

    private mutating func claim() async throws {
        let limit = 1 + self.random.below(4)
        let result = try await self.journal.claim(limit: limit, leaseUntil: self.now + 20_000, now: self.now)
        self.wake()
        guard let claim = result.claim else {
            let solo = try await self.journal.value("SELECT count(*) FROM job WHERE solo = 1")
            let ready = self.orders.values.contains { $0.live?.state == .ready }
            #expect(!ready || solo != 0, "seed \(self.seed): something is ready and nothing was claimed")
            return
        }
        #expect(
            Set(claim.jobs.map { self.customer(Self.number($0.orderKey)) }) == [claim.customer],
            "seed \(self.seed)"
        )
        for job in claim.jobs {
            let number = Self.number(job.orderKey)
            let order = try #require(self.orders[number])
            let live = try #require(order.live)
            #expect(live.state == .ready, "seed \(self.seed) order \(number)")
            #expect(job.snapshot == self.snapshot(number, live.version).snapshot, "seed \(self.seed)")
            #expect((job.ledger.itemID != nil) == order.hasItem, "seed \(self.seed) order \(number)")
            #expect(job.errors == order.errors, "seed \(self.seed) order \(number)")
            #expect(
                job.ledger.syncedSnapshot == (order.written == 0 ? nil : self.snapshot(number, order.written).snapshot),
                "seed \(self.seed)"
            )
            self.orders[number]?.live?.state = .running
            self.claims.append(ModelClaim(job: job, order: number, version: live.version, isCurrent: true))
        }
    }

    /// Retries that are due join the line whenever somebody claims.
    private mutating func wake() {
        for (number, order) in self.orders where order.live?.state == .retry && order.runAt <= self.now {
            self.orders[number]?.live?.state = .ready
        }
    }

    /// Sends the creation of an item; Monday does it or not, answers or not.
    private mutating func send() async throws {
        guard let index = self.anyClaim() else { return }
        let claim = self.claims[index]
        guard self.orders[claim.order]?.hasItem == false || !claim.isCurrent, claim.effect == nil else { return }
        self.effects += 1
        let effect: Int64
        do {
            effect = try await self.journal.begin(.item(claim.job, key: "\(self.seed)-\(self.effects)"), now: self.now)
        } catch {
            #expect(!claim.isCurrent && error.code == .stale, "seed \(self.seed): \(error)")
            return
        }
        #expect(claim.isCurrent, "seed \(self.seed): a stale sender was let through")
        self.claims[index].effect = effect
        self.sent[effect] = claim.version
        self.orders[claim.order]?.isUnsettled = true
        let isDone = self.random.below(3) > 0
        if isDone { self.make(claim.order) }
        // One in three answers is lost, and it is not known yet.
        guard self.random.below(3) > 0 else { return }
        let outcome: EffectOutcome = isDone ? .done(remoteID: self.board[claim.order]) : .refused(.label)
        try await self.record(outcome, effect: effect, order: claim.order)
    }

    private mutating func settle() async throws {
        guard let index = self.anyClaim() else { return }
        let claim = self.claims.remove(at: index)
        let at = self.now + Int64(self.random.below(5000))
        let result: Settlement.Result =
            switch self.random.below(9) {
            case 0...2: .done
            case 3: .retry(at: at, .reset, costsAttempt: true)
            case 4: .retry(at: at, .reset, costsAttempt: false)
            case 5: .dead(.label)
            case 6: .wait(until: at, reason: "later")
            // A job whose requests are all settled is not in doubt, whatever its worker believes.
            case 7 where self.orders[claim.order]?.isUnsettled == true: .inDoubt(until: at, .lost)
            default: .release
            }
        let settlements = [Settlement(job: claim.job.reference, result: result)]
        // By itself, or in one commit with a claim.
        let isClaiming = self.random.below(2) == 0
        let stale =
            isClaiming
            ? try await self.journal.claim(limit: 0, leaseUntil: self.now, now: self.now, settling: settlements).stale
            : try await self.journal.settle(settlements, now: self.now)
        #expect(stale.isEmpty == claim.isCurrent, "seed \(self.seed) order \(claim.order)")
        defer { if isClaiming { self.wake() } }
        guard claim.isCurrent, var order = self.orders[claim.order] else { return }
        switch result {
        case .done:
            if order.isUnsettled {
                order.live?.state = .inDoubt
            } else {
                order.synced = claim.version
                order.written = claim.version
                order.hasOpenError = false
                order.live = nil
                order.promote()
            }
        case .dead, .givenUp:
            if case .dead = result { order.errors += 1 }
            order.putOff(.dead)
            if order.live?.state == .dead { order.hasOpenError = true }
        case .retry(_, _, let costsAttempt, _):
            order.errors += costsAttempt ? 1 : 0
            order.runAt = at
            order.putOff(order.isUnsettled ? .inDoubt : .retry)
        case .wait:
            order.runAt = at
            order.putOff(order.isUnsettled ? .inDoubt : .retry)
        case .release, .inDoubt: order.putOff(order.isUnsettled ? .inDoubt : .ready)
        }
        self.orders[claim.order] = order
    }

    /// Looks an effect in doubt up on the board, and records what is there.
    private mutating func resolve() async throws {
        let effects = try await self.journal.unsettledEffects()
        guard !effects.isEmpty else { return }
        let effect = effects[self.random.below(effects.count)]
        guard let key = effect.open.first?.orderKey else { return }
        let number = Self.number(key)
        // While its sender is at work, the answer may still come.
        if self.orders[number]?.live?.state == .running { return }
        if self.random.below(2) == 0 {
            self.lost.insert(effect.id)
            try await self.record(.unknown(.lost), effect: effect.id, order: number)
        }
        let outcome: EffectOutcome = self.board[number].map { .adopted(remoteID: $0) } ?? .absent
        try await self.record(outcome, effect: effect.id, order: number)
    }

    /// A person says what became of a request in doubt; while a worker has the job, the person is refused.
    private mutating func decide() async throws {
        let number = self.random.below(Self.count)
        guard let order = self.orders[number], let live = order.live else { return }
        guard let job = try await self.jobs(number, live.state).first else { return }
        let effect = try await self.journal.unsettledEffects().first { $0.open.first?.orderKey == .test(number) }
        let item = self.board[number]
        let place = "seed \(self.seed) order \(number)"
        do {
            let outcome = try await self.journal.settle(
                job: job.id,
                verdict: Verdict(item: item.map { .there($0) } ?? .absent),
                patience: 0,
                who: "model",
                why: "",
                now: self.now
            )
            #expect(outcome.alarms == [] && outcome.settled == 1 && outcome.left == 0, "\(place)")
            #expect(effect?.open.first?.job?.id == job.id && live.state != .running, "\(place)")
            guard let effect else { return }
            self.settled(item == nil ? .absent : .adopted(remoteID: nil), effect: effect.id, order: number)
        } catch {
            let expected: JournalError.Code = live.state == .running ? .stale : .notFound
            #expect(error.code == expected, "\(place): \(error)")
        }
    }

    /// An answer comes that is known already, or of which the sender has lost its job.
    private mutating func lateAnswer() async throws {
        guard let index = self.anyClaim(), let effect = self.claims[index].effect else { return }
        let number = self.claims[index].order
        guard let item = self.board[number] else { return }
        try await self.record(.done(remoteID: item), effect: effect, order: number)
    }

    private mutating func restart() async throws {
        guard self.random.below(3) == 0 else { return }
        await self.journal.close()
        try await self.journal.open(now: self.now)
        let start = try await self.journal.beginEpoch(now: self.now, pid: 1, host: "model")
        for index in self.claims.indices { self.claims[index].isCurrent = false }
        for number in self.orders.keys where self.orders[number]?.live?.state == .running {
            self.orders[number]?.takeBack()
            if try await self.jobs(number, .dead).contains(where: { start.poisoned.contains($0.id) }) {
                self.orders[number]?.live?.state = .dead
                self.orders[number]?.errors += 1
                self.orders[number]?.hasOpenError = true
            } else if try await self.wasPoisonedAndSuperseded(number, start) {
                self.orders[number]?.errors = 0
            }
        }
    }

    private mutating func reclaim() async throws {
        self.now += Int64(self.random.below(30_000))
        let taken = try await self.journal.reclaimExpired(now: self.now)
        for index in self.claims.indices where taken.contains(self.claims[index].job.reference) {
            #expect(self.claims[index].isCurrent, "seed \(self.seed)")
            self.claims[index].isCurrent = false
            self.orders[self.claims[index].order]?.takeBack()
        }
    }

    /// A person holds, releases, replays or discards an order's live job.
    private mutating func command() async throws {
        let number = self.random.below(Self.count)
        guard var order = self.orders[number], let live = order.live else { return }
        let filter = JobFilter.ids(try await self.jobs(number, live.state).map(\.id))
        let outcome: ReplayOutcome
        let isChanged: Bool
        switch self.random.below(4) {
        case 0:
            outcome = try await self.journal.retry(filter, who: "model", why: "", now: self.now)
            isChanged = !order.isUnsettled && [.dead, .retry].contains(live.state)
            if isChanged {
                order.live?.state = .ready
                order.errors = 0
            }
        case 1:
            outcome = try await self.journal.discard(filter, who: "model", why: "", now: self.now)
            isChanged = !order.isUnsettled && [.dead, .retry, .ready, .held].contains(live.state)
            if isChanged {
                order.live = nil
                order.hasOpenError = false
                order.promote()
            }
        case 2:
            outcome = try await self.journal.hold(filter, who: "model", why: "", now: self.now)
            isChanged = [.dead, .retry, .ready].contains(live.state) || live.state == .inDoubt && !order.liveIsToBeHeld
            if isChanged, live.state == .inDoubt {
                order.liveIsToBeHeld = true
            } else if isChanged {
                order.live?.state = .held
            }
        default:
            outcome = try await self.journal.release(filter, who: "model", why: "", now: self.now)
            isChanged = live.state == .held || order.liveIsToBeHeld
            if isChanged, live.state == .held { order.live?.state = order.isUnsettled ? .inDoubt : .ready }
            // One that had died goes on as it would by a replay.
            if isChanged, live.state == .held, order.hasOpenError, !order.isUnsettled { order.errors = 0 }
            order.liveIsToBeHeld = false
        }
        #expect(outcome.changed.isEmpty != isChanged, "seed \(self.seed) order \(number) \(live.state)")
        self.orders[number] = order
    }

    // MARK: What follows

    private mutating func record(_ outcome: EffectOutcome, effect: Int64, order number: Int) async throws {
        let alarms = try await self.journal.settle(effect: effect, outcomes: ["m0": outcome], now: self.now)
        #expect(alarms == [], "seed \(self.seed) order \(number)")
        let isUnsettled = try await !self.journal.unsettledEffects().allSatisfy {
            $0.open.first?.orderKey != .test(number)
        }
        self.settled(outcome, effect: effect, order: number, isUnsettled: isUnsettled)
    }

    /// What the order comes to once an outcome is recorded.
    private mutating func settled(
        _ outcome: EffectOutcome,
        effect: Int64,
        order number: Int,
        isUnsettled: Bool = false
    ) {
        guard var order = self.orders[number] else { return }
        let wasUnsettled = order.isUnsettled
        order.isUnsettled = isUnsettled
        switch outcome {
        case .done, .adopted:
            if !order.hasItem { order.written = self.sent[effect] ?? 0 }
            order.hasItem = true
        case .absent, .refused, .unknown: break
        }
        if wasUnsettled, !order.isUnsettled, let live = order.live, live.state != .running {
            if case .absent = outcome, live.state == .inDoubt, self.lost.contains(effect) { order.errors += 1 }
            if order.waiting != nil {
                order.liveIsToBeHeld = order.liveIsToBeHeld || live.state == .held
                order.live = nil
                order.hasOpenError = false
                order.promote()
            } else if live.state == .inDoubt {
                order.live?.state = order.liveIsToBeHeld ? .held : .ready
                order.liveIsToBeHeld = false
            }
        }
        self.orders[number] = order
    }

    private mutating func make(_ number: Int) {
        #expect(self.board[number] == nil, "seed \(self.seed): a second item for order \(number)")
        self.board[number] = self.nextItem
        self.nextItem += 1
    }

    /// Brings everything to an end, so that nothing may be left stuck.
    mutating func drain() async throws {
        self.claims = []
        await self.journal.close()
        try await self.journal.open(now: self.now)
        _ = try await self.journal.beginEpoch(now: self.now, pid: 1, host: "model")
        _ = try await self.journal.release(JobFilter(), who: "model", why: "", now: self.now)
        _ = try await self.journal.release(self.toBeHeld(), who: "model", why: "", now: self.now)
        for _ in 0..<200 {
            self.now += 10_000
            for effect in try await self.journal.unsettledEffects() {
                guard let key = effect.open.first?.orderKey else { continue }
                let outcome: EffectOutcome = self.board[Self.number(key)].map { .adopted(remoteID: $0) } ?? .absent
                _ = try await self.journal.settle(effect: effect.id, outcomes: ["m0": outcome], now: self.now)
            }
            _ = try await self.journal.retry(JobFilter(), who: "model", why: "", now: self.now)
            let claim = try await self.journal.claim(limit: 50, leaseUntil: self.now + 1, now: self.now).claim
            let done = (claim?.jobs ?? []).map { Settlement(job: $0.reference, result: .done) }
            _ = try await self.journal.settle(done, now: self.now)
        }
        let depth = try await self.journal.depth(now: self.now)
        #expect(
            depth.ready + depth.waiting + depth.retry + depth.running + depth.inDoubt + depth.dead == 0,
            "seed \(self.seed)"
        )
        for (number, order) in self.orders {
            var end = ModelOrder()
            end.version = order.version
            end.synced = order.lastKept
            end.written = order.waiting?.version ?? order.live?.version ?? order.written
            end.hasItem = self.board[number] != nil
            self.orders[number] = end
        }
    }

    // MARK: Comparing

    func compare(step: Int) async throws {
        for (number, order) in self.orders {
            let place = "seed \(self.seed) step \(step) order \(number)"
            let unfinished = try await self.states(number).filter { !$0.isFinal }
            let expected = [order.live?.state, order.waiting.map { _ in .waiting }].compactMap { $0 }
            // A retry whose time came is ready once somebody claims; both say the same.
            #expect(unfinished == expected, "\(place)")
        }
        let open = try await self.journal.value(
            "SELECT count(DISTINCT order_key) FROM error_row WHERE resolved_ms IS NULL"
        )
        #expect(open == .integer(Int64(self.orders.values.count { $0.hasOpenError })), "seed \(self.seed) step \(step)")
        let orphans = """
            SELECT count(*) FROM job waiting WHERE state = 'waiting' AND NOT EXISTS (
                SELECT 1 FROM job live WHERE live.order_key = waiting.order_key
                    AND live.finished_ms IS NULL AND live.state <> 'waiting')
            """
        #expect(try await self.journal.value(orphans) == 0, "seed \(self.seed) step \(step)")
        let asleep = """
            SELECT count(*) FROM job WHERE state = 'ready' AND NOT EXISTS (
                SELECT 1 FROM lane WHERE lane.customer = job.customer AND active = 1)
            """
        #expect(try await self.journal.value(asleep) == 0, "seed \(self.seed) step \(step)")
        let unheard = """
            SELECT count(*) FROM job WHERE state = 'in_doubt' AND NOT EXISTS (
                SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL)
            """
        #expect(try await self.journal.value(unheard) == 0, "seed \(self.seed) step \(step)")
    }

    private func states(_ number: Int) async throws -> [JobState] { try await self.test.states(number) }

    private func jobs(_ number: Int, _ state: JobState) async throws -> [JobSummary] {
        try await self.test.jobs(number).filter { $0.state == state }
    }

    private func wasPoisonedAndSuperseded(_ number: Int, _ start: EpochStart) async throws -> Bool {
        try await self.jobs(number, .superseded).contains { start.poisoned.contains($0.id) }
    }

    private func toBeHeld() -> JobFilter {
        var filter = JobFilter()
        filter.states = [.inDoubt, .waiting]
        return filter
    }

    private mutating func anyClaim() -> Int? {
        self.claims.isEmpty ? nil : self.random.below(self.claims.count)
    }

    private func customer(_ number: Int) -> String { "customer \(number % 3)" }

    private func snapshot(_ number: Int, _ version: Int) -> EnqueuedOrder {
        .test(number, version: version, customer: self.customer(number))
    }

    private static let numbers = Dictionary(uniqueKeysWithValues: (0..<Self.count).map { (OrderKey.test($0), $0) })

    private static func number(_ key: OrderKey) -> Int { Self.numbers[key] ?? -1 }
}

extension ModelOrder {
    /// The newest snapshot that no person discarded.
    var lastKept: Int { self.waiting?.version ?? self.live?.version ?? self.synced }

    mutating func promote() {
        let isHeld = self.liveIsToBeHeld
        self.liveIsToBeHeld = false
        guard let waiting = self.waiting else { return }
        self.live = (waiting.version, waiting.isHeld || isHeld ? .held : .ready)
        self.waiting = nil
        self.errors = 0
    }

    /// The live job leaves its claim: to that state, or for good when a newer snapshot waits and all is settled.
    mutating func putOff(_ state: JobState) {
        if self.waiting != nil, !self.isUnsettled {
            self.live = nil
            self.hasOpenError = false
            self.promote()
        } else {
            self.live?.state = state
        }
    }

    mutating func takeBack() {
        self.putOff(self.isUnsettled ? .inDoubt : .ready)
    }
}

/// Random numbers that are the same on every machine and in every run.
struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(limit))
    }
}
