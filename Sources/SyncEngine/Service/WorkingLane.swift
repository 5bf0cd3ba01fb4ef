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
    /// Customers that have a batch under way.
    var customers: Set<String> = []
    var settlements: [Settlement] = []
    var closing: [BatchClose] = []
    /// When the next effect in doubt may be looked up.
    private(set) var nextRecovery: Int64?
    /// Whether the work beside the batches is under way, and whether it is to be begun again.
    var isTending = false
    var isTendingDue = true
    var outcome = SyncService.Outcome()

    init(mode: SyncService.Mode, started: Int64) {
        self.mode = mode
        self.started = started
    }

    /// When a drain ends though work is left; nil where there is no limit.
    var deadline: Int64? {
        guard case .drain(let longest) = self.mode else { return nil }
        let (deadline, overflow) = self.started.addingReportingOverflow(longest)
        return overflow ? nil : deadline
    }

    /// Whether nothing more may be begun, for want of time.
    func isTimeUp(now: Int64) -> Bool { self.deadline.map { now >= $0 } ?? false }

    mutating func take(_ result: BatchResult, _ customer: String, _ engine: EngineContext) {
        self.isTendingDue = true
        self.customers.remove(customer)
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
        if let nextRecovery = tending.nextRecovery { self.nextRecovery = nextRecovery.time }
        self.outcome.died += tending.died
        if let failure = tending.failure { self.strike(failure, engine) }
        if let error = tending.error { throw error }
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
