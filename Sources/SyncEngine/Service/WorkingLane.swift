import Journal
import Logging
import Orders

/// What the working loop knows: a value, changed by what it hears.
struct WorkingLane {
    let mode: SyncService.Mode
    let started: Int64
    private(set) var pause = LanePause()
    /// What the journal says of the pause.
    var toldPause: DaemonStanding.Pause?
    /// The batches under way: a customer has one at most.
    var batches: [String: RunningBatch] = [:]
    /// When the leases of the batches were looked at last.
    private var leasesKept: Int64
    var settlements: [Settlement] = []
    var closing: [BatchClose] = []
    /// When the next effect in doubt may be looked up.
    private(set) var nextRecovery: Int64?
    /// Whether effects in doubt were looked for since the last batch ended: while the lane is paused they are not.
    private var isDoubtKnown = false
    /// Whether the work beside the batches is under way, and whether it is to be begun again.
    var isTending = false
    var isTendingDue = true
    var outcome = SyncService.Outcome()

    init(mode: SyncService.Mode, started: Int64) {
        self.mode = mode
        self.started = started
        self.leasesKept = started
    }

    /// When a drain ends though work is left; nil where there is no limit.
    var deadline: Int64? {
        guard case .drain(let longest) = self.mode else { return nil }
        let (deadline, overflow) = self.started.addingReportingOverflow(longest)
        return overflow ? nil : deadline
    }

    /// Whether nothing more may be begun, for want of time.
    func isTimeUp(now: Int64) -> Bool { self.deadline.map { now >= $0 } ?? false }

    /// Whether the leases are to be looked at now, which is five times as often as they run out.
    mutating func areLeasesDue(now: Int64, lease: Int64) -> Bool {
        guard !self.batches.isEmpty, now - self.leasesKept >= lease / 5 else { return false }
        self.leasesKept = now
        return true
    }

    /// Whether what is in doubt is left to a person: a drain need not wait for it.
    func isDoubtOver(_ depth: QueueDepth) -> Bool {
        self.nextRecovery == nil && !self.isTendingDue && (self.isDoubtKnown || depth.unsettledEffects == 0)
    }

    /// Takes note of when the next effect in doubt may be looked up, if it was looked at.
    mutating func hear(_ recovery: Tending.NextRecovery?) {
        guard let recovery else { return }
        self.nextRecovery = recovery.time
        // A look from before a batch ended says nothing of what that one left.
        self.isDoubtKnown = !self.isTendingDue
    }

    /// Takes note that a batch ended, which may have left effects in doubt.
    mutating func hearOfEnd() {
        self.isTendingDue = true
        self.isDoubtKnown = false
    }

    mutating func take(_ result: BatchResult, _ engine: EngineContext) {
        self.hearOfEnd()
        // Another batch of the customer may run by now, if this one had stood still.
        if self.batches[result.customer]?.id == result.close.batchID { self.batches[result.customer] = nil }
        self.settlements += result.settlements
        self.closing.append(result.close)
        self.outcome.done += result.done
        self.outcome.died += result.died
        if let failure = result.systemic {
            self.strike(failure, engine)
        } else if result.done > 0 {
            self.pause.clear()
        }
    }

    /// Takes over what came of the work beside the batches.
    ///
    /// - Throws: What keeps the journal from being used.
    mutating func take(_ tending: Tending, _ engine: EngineContext) throws {
        self.isTending = false
        self.hear(tending.nextRecovery)
        self.outcome.died += tending.died
        self.pause.hear(tending, now: engine.time.now())
        if let failure = tending.failure { self.strike(failure, engine) }
        if let error = tending.error { try self.outlast(error, engine) }
    }

    /// Pauses a service whose journal has no room, and throws every other error; what was to be written is kept meanwhile.
    ///
    /// A drain ends instead: whoever called it is to hear of it.
    mutating func outlast(_ error: any Error, _ engine: EngineContext) throws {
        guard self.mode == .run, !engine.stop.isRequested, let failure = Failure(fullJournal: error) else {
            throw error
        }
        self.strike(failure, engine)
    }

    /// Takes note of why the board's lock can't be asked for, unless the lane is paused already.
    mutating func note(_ failure: Failure, _ engine: EngineContext) {
        guard !engine.lease.mayBegin, !self.pause.isActive(now: engine.time.now()) else { return }
        self.strike(failure, engine)
    }

    private mutating func strike(_ failure: Failure, _ engine: EngineContext) {
        guard !engine.stop.isRequested else { return }
        self.pause.strike(failure, now: engine.time.now())
        engine.log.error("paused", metadata: ["error.code": "\(failure.code)", "error": "\(failure.message)"])
    }
}
