import FoundationEssentials
package import Journal
package import Logging
package import Monday
package import Orders
package import Warehouse

/// Drains the journal: claims the due jobs, customer by customer, and brings them to the board.
package final class SyncService: Sendable {
    /// How long the service works.
    package enum Mode: Hashable, Sendable {
        /// Until it is told to stop.
        case run
        /// Until no job is left that could go on by itself, at most so long (milliseconds).
        case drain(longest: Int64)
    }

    /// What a run came to.
    package struct Outcome: Hashable, Sendable {
        package var done = 0
        package var died = 0
        /// Jobs that are left and could still go on.
        package var left = 0
        /// Jobs whose last request has no known outcome.
        package var inDoubt = 0
        /// Why the work ended early.
        package var failure: Failure?
    }

    /// What the working loop waits for.
    private enum Event: Sendable {
        case finished(BatchResult)
        case tended(Tending)
        case lease(Result<BoardLease.Change, Failure>)
        case wake
        case tick
    }

    private let engine: EngineContext
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    private let report: @Sendable (ServiceStatus) -> Void
    private let longestNap: Int64

    /// How often an idle service looks by itself, should a wake-up be lost.
    private static let usualNap: Int64 = 5_000
    /// How long a drain puts up with a failure that every job would meet, before it gives up.
    private static let drainPatience: Int64 = 20_000

    /// Makes a service over parts that are ready to be used; the journal is open and locked.
    ///
    /// `lock` is the board's; nil where the journal's lock file keeps others out. `longestNap` is how often `report` is heard from at least; nil for the usual.
    package init(
        journal: Journal,
        warehouse: Warehouse,
        lock: BoardLock?,
        client: MondayClient,
        pacer: Pacer,
        fieldMap: FieldMap,
        settings: SyncSettings,
        time: TimeSource = .system,
        stop: StopSignal,
        log: Logger,
        longestNap: Duration? = nil,
        report: @escaping @Sendable (ServiceStatus) -> Void = { _ in }
    ) {
        let gate = LabelGate()
        let inFlight = InFlight()
        let boardGuard = BoardGuard(journal: journal, warehouse: warehouse, board: settings.board)
        let lease = BoardLease(lock: lock, timing: settings.timing, isForeign: boardGuard.isForeign)
        let boardState = BoardState(
            client: client,
            boardID: settings.board,
            subitemBoard: settings.subitemBoard,
            fieldMap: fieldMap,
            keyColumn: settings.keyColumn,
            gate: gate,
            stop: stop
        )
        let groups = GroupDirectory(boardState: boardState, journal: journal, timing: settings.timing) { counters in
            EffectSender(
                journal: journal,
                client: client,
                pacer: pacer,
                board: settings.board,
                timing: settings.timing,
                time: time,
                stop: stop,
                gate: gate,
                lease: lease,
                counters: counters,
                inFlight: inFlight,
                log: log
            )
        }
        self.engine = EngineContext(
            journal: journal,
            warehouse: warehouse,
            client: client,
            pacer: pacer,
            fieldMap: fieldMap,
            settings: settings,
            boardState: boardState,
            groups: groups,
            boardGuard: boardGuard,
            lease: lease,
            gate: gate,
            inFlight: inFlight,
            newcomers: NewcomerCheck(),
            time: time,
            stop: stop,
            log: log
        )
        self.report = report
        self.longestNap = min(Self.usualNap, longestNap.map { max(10, Int64($0 / .milliseconds(1))) } ?? .max)
        (self.events, self.post) = AsyncStream.makeStream()
    }

    /// Says that there may be new work.
    package func wake() {
        self.post.yield(.wake)
    }

    /// Begins no more work; ``run(_:)`` returns when what is in flight is over.
    package func requestStop() {
        self.engine.stop.request()
        self.engine.warehouse.hurry()
        self.post.yield(.wake)
    }

    /// Works until told to stop, or, as a drain, until nothing is left.
    package func run(_ mode: Mode) async throws -> Outcome {
        let keeper = Housekeeping(engine: self.engine)
        let start = try await self.engine.journal.beginEpoch(
            now: self.engine.time.now(),
            pid: ProcessInfo.processInfo.processIdentifier,
            host: ProcessInfo.processInfo.hostName
        )
        if start.reclaimed + start.inDoubt > 0 {
            self.engine.log.notice(
                "took over what the last process left",
                metadata: ["jobs.reclaimed": "\(start.reclaimed)", "jobs.in_doubt": "\(start.inDoubt)"]
            )
        }
        try await Recovery(engine: self.engine).takeOverLabels()
        let leasing = Task { [lease = self.engine.lease, time = self.engine.time, post = self.post] in
            await lease.keep(time) { post.yield(.lease($0)) }
        }
        defer { leasing.cancel() }
        return try await withThrowingDiscardingTaskGroup { batches in
            var lane = WorkingLane(mode: mode, started: self.engine.time.now())
            var iterator = self.events.makeAsyncIterator()
            while true {
                do { try await self.work(&lane, in: &batches) } catch { try lane.outlast(error, self.engine) }
                // A batch may wait for the budget for minutes, or be long: what is in flight comes to an end, and the rest is left.
                if lane.isTimeUp(now: self.engine.time.now()), !self.engine.stop.isRequested { self.requestStop() }
                self.tend(&lane, keeper, in: &batches)
                if try await self.isOver(&lane) { break }
                let timer = Task { [nap = try await self.nap(lane), time = self.engine.time, post = self.post] in
                    try await time.sleep(nap)
                    post.yield(.tick)
                }
                defer { timer.cancel() }
                switch await iterator.next() {
                case .finished(let result): lane.take(result, self.engine)
                case .tended(let tending): try lane.take(tending, self.engine)
                case .lease(let look): self.take(look, &lane)
                case .wake, .tick, nil: lane.isTendingDue = true
                }
                try await self.tell(&lane)
            }
            // A task that hangs must not keep the process.
            batches.cancelAll()
            try await keeper.finish()
            try await self.engine.journal.endEpoch(now: self.engine.time.now())
            leasing.cancel()
            await self.engine.lease.release()
            return lane.outcome
        }
    }

    /// Takes note of what became of the board's lock.
    private func take(_ look: Result<BoardLease.Change, Failure>, _ lane: inout WorkingLane) {
        lane.isTendingDue = true
        switch look {
        case .success(.gained):
            self.engine.log.notice("holds the board", metadata: ["board": "\(self.engine.settings.board)"])
        case .success(.lost):
            self.engine.log.error("lost the board's lock: nothing is sent until it is held again")
            // Another one may have written meanwhile.
            self.engine.boardGuard.forget()
        case .success(.standby): self.engine.log.notice("stands by: another ordersyncd holds the board")
        case .success(.none): break
        case .failure(let failure): lane.note(failure, self.engine)
        }
    }

    /// Settles what is over, and starts as many batches as may run.
    private func work(
        _ lane: inout WorkingLane,
        in batches: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws {
        var now = self.engine.time.now()
        try await self.keepLeases(&lane)
        while !self.engine.stop.isRequested, self.engine.lease.mayBegin, self.engine.boardGuard.isVerified,
            !lane.pause.isActive(now: now),
            !lane.isTimeUp(now: now), lane.batches.count < self.engine.settings.batchesInFlight
        {
            now = self.engine.time.now()
            let result = try await self.engine.journal.claim(
                limit: self.engine.settings.batchOrders,
                leaseUntil: now + self.engine.settings.lease,
                now: now,
                excluding: Set(lane.batches.keys),
                settling: lane.settlements,
                closing: lane.closing
            )
            lane.settlements = []
            lane.closing = []
            guard let claim = result.claim else { break }
            let runner = BatchRunner(engine: self.engine, claim: claim)
            runner.counters.pulse.beat(now: now)
            lane.batches[claim.customer] = RunningBatch(claim, pulse: runner.counters.pulse)
            batches.addTask { [post = self.post] in post.yield(.finished(await runner.run())) }
        }
        if !lane.settlements.isEmpty || !lane.closing.isEmpty {
            _ = try await self.engine.journal.settle(
                lane.settlements,
                closing: lane.closing,
                now: self.engine.time.now()
            )
            lane.settlements = []
            lane.closing = []
        }
    }

    /// Tells in the journal why nothing is begun, for `ordersync-replay why`.
    private func tell(_ lane: inout WorkingLane) async throws {
        let pause = lane.pause.standing
        // A journal without room can't be told that it has none.
        guard pause != lane.toldPause, lane.pause.failure?.code != Failure.journalFull else { return }
        try await self.engine.journal.tell(pause: pause)
        lane.toldPause = pause
    }

    /// Prolongs the leases of batches that get on, and takes the jobs back of those that stand still.
    ///
    /// A restart needs no lease, since a new daemon takes everything back by its epoch: leases are for a task that hangs in a
    /// process that lives. What that task still wants to send or settle is refused, as its jobs have another generation.
    private func keepLeases(_ lane: inout WorkingLane) async throws {
        let now = self.engine.time.now()
        let lease = self.engine.settings.lease
        guard lane.areLeasesDue(now: now, lease: lease) else { return }
        for batch in lane.batches.values {
            let until = batch.pulse.last(now: now) + lease
            if until > now { _ = try await self.engine.journal.heartbeat(batch.jobs, leaseUntil: until) }
        }
        let taken = Set(try await self.engine.journal.reclaimExpired(now: now))
        guard !taken.isEmpty else { return }
        for batch in lane.batches.values where batch.jobs.contains(where: taken.contains) {
            lane.batches[batch.customer] = nil
            lane.closing.append(BatchClose(hanging: batch))
            self.engine.log.error(
                "a batch hangs: its jobs are taken back and go on in another",
                metadata: ["batch.id": "\(batch.id)", "jobs.taken": "\(taken.intersection(batch.jobs).count)"]
            )
        }
    }

    /// Starts what is to be done beside the batches, unless it is under way.
    ///
    /// It waits for Monday.com and the warehouse, and the working loop must not: it feeds the watchdog and hears of a stop.
    private func tend(
        _ lane: inout WorkingLane,
        _ keeper: Housekeeping,
        in tasks: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        guard lane.isTendingDue, !lane.isTending, !self.engine.stop.isRequested else { return }
        lane.isTendingDue = false
        lane.isTending = true
        tasks.addTask { [engine = self.engine, post = self.post, pause = lane.pause] in
            post.yield(.tended(await Tending.run(engine, keeper, pause)))
        }
    }

    /// Whether the work is over; tells the status on the way.
    private func isOver(_ lane: inout WorkingLane) async throws -> Bool {
        let now = self.engine.time.now()
        let summary = try await self.engine.journal.depth(now: now)
        var status = ServiceStatus()
        status.running = summary.running
        status.ready = summary.ready
        status.retrying = summary.retry
        status.inDoubt = summary.inDoubt
        status.dead = summary.dead
        status.isStandby = self.engine.lease.standby != nil
        status.takeover = self.engine.lease.wait.map { $0 / 1000 + 1 }
        status.pause = lane.pause.isActive(now: now) ? lane.pause.failure : nil
        self.report(status)

        // What is in doubt and can't be looked up waits for a person: no drain outlasts that.
        let left = summary.ready + summary.retry + summary.running
        lane.outcome.left = left
        lane.outcome.inDoubt = summary.inDoubt
        guard lane.batches.isEmpty, !lane.isTending else { return false }
        if lane.isTimeUp(now: now), left + summary.inDoubt > 0 { lane.outcome.failure = lane.pause.failure }
        if self.engine.stop.isRequested { return true }
        guard case .drain = lane.mode else { return false }
        if let failure = lane.pause.failure, failure.isJournalRefusal {
            lane.outcome.failure = failure
            return true
        }
        if let standby = self.engine.lease.standby, standby >= Self.drainPatience {
            lane.outcome.failure = BoardLock.standby
            return true
        }
        if self.engine.lease.mayBegin, left == 0, lane.isDoubtOver(summary) { return true }
        if let failure = lane.pause.failure,
            Self.isHopeless(failure) || now - lane.pause.since >= Self.drainPatience
                || (failure.retryAfterMilliseconds ?? 0) > Self.drainPatience
        {
            lane.outcome.failure = failure
            return true
        }
        return false
    }

    /// Whether only a person can help: nothing is gained by waiting.
    private static func isHopeless(_ failure: Failure) -> Bool {
        [ErrorCode.notAuthenticated, ErrorCode.boardNotFound, BoardState.misfit, UnexplainedItems.code].contains(
            failure.code
        )
    }

    /// How long there is nothing to do, in milliseconds, unless an event comes.
    private func nap(_ lane: WorkingLane) async throws -> Int64 {
        let now = self.engine.time.now()
        var until = min(now + self.longestNap, lane.deadline ?? .max)
        if lane.pause.isActive(now: now) {
            // What is due meanwhile waits for the end of the pause.
            until = min(until, lane.pause.until)
        } else {
            if !lane.isTending, let next = lane.nextRecovery { until = min(until, next) }
            if let next = try await self.engine.journal.depth(now: now).nextRetry { until = min(until, next) }
        }
        if let wait = self.engine.lease.wait { until = min(until, now + wait) }
        // Batches in flight may be what is waited for: a due job of theirs must not make the loop spin.
        return max(lane.batches.isEmpty ? 10 : 200, until - now)
    }
}
