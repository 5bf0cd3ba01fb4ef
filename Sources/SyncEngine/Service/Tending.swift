import Orders

/// What came of the work beside the batches: settling what is in doubt, and housekeeping.
struct Tending: Sendable {
    /// When the next effect in doubt may be looked up.
    struct NextRecovery: Sendable {
        /// UTC milliseconds; nil when none is left.
        let time: Int64?
    }

    /// Nil when nothing was looked at.
    var nextRecovery: NextRecovery?
    /// Effects in doubt whose outcome the board told.
    var settled = 0
    /// Jobs that died of a doubt nobody but a person can settle.
    var died = 0
    /// A failure that every job would meet.
    var failure: Failure?
    /// What keeps the journal from being used.
    var error: (any Error)?

    /// Does what is due; what needs Monday.com or the warehouse is left alone while the lane is paused.
    static func run(_ engine: EngineContext, _ keeper: Housekeeping, _ pause: LanePause) async -> Tending {
        var tending = Tending()
        // On standby the board's tables are another one's.
        guard engine.lease.mayBegin else { return tending }
        do {
            if !pause.isActive(now: engine.time.now()) {
                do {
                    // Nothing is settled, and nothing sent again, before it is known that the journal is the board's.
                    try await Takeover(engine: engine).verify()
                    try await engine.lease.announce(engine.boardGuard)
                    let recovery = try await Recovery(engine: engine).run()
                    tending.nextRecovery = NextRecovery(time: recovery.next)
                    tending.settled = recovery.settled
                    tending.died = recovery.died
                    try await LateLook(engine: engine).run()
                } catch let failure as Failure {
                    tending.failure = failure
                }
            }
            try await keeper.run(lane: pause)
        } catch is CancellationError {
            // The service is stopping.
        } catch {
            tending.error = error
        }
        return tending
    }
}
