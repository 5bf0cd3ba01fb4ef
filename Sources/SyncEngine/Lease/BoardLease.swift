import Orders
import Synchronization

/// Whether this program is the one that may write to the board.
///
/// One holds the board's lock; the others stand by and take over when it is gone. A proof of the lock holds good for
/// ``proofLasts``: nothing is sent on an older one. So when a lock changes hands, the last request of the former holder left at
/// most that long before, and the new one waits for all that Monday.com may still make of it.
final class BoardLease: Sendable {
    private struct State {
        var isHeld = false
        /// When the last proof was asked for, in milliseconds of the monotonic clock.
        var provenAt: Int64 = 0
        /// When the first mutation may be sent.
        var mayBeginAt: Int64 = 0
        /// Since when another one is known to hold it; nil when none is.
        var standbySince: Int64?
        /// Whether it was on standby before it got the lock.
        var tookOver = false
        /// Whether the warehouse says whose board it is since then.
        var isAnnounced = false
    }

    /// What a look at the lock came to.
    enum Change: Hashable, Sendable { case none, gained, lost, standby }

    /// How long a proof holds good, in milliseconds.
    static let proofLasts: Int64 = 10_000
    /// How often a holder proves its lock, and a standby asks for it, in milliseconds.
    static let interval: Int64 = 3_000

    private let state = Mutex(State())
    /// Nil where the journal's lock file serves.
    private let lock: (any BoardLocking)?
    /// Whether another journal wrote to the board last, so that requests of its may be under way still.
    private let isForeign: @Sendable () async throws(Failure) -> Bool
    /// How long what was sent on the last proof of a former holder may still show, in milliseconds.
    private let takeover: Int64
    /// The monotonic clock, in milliseconds.
    private let now: @Sendable () -> Int64

    init(
        lock: (any BoardLocking)?,
        timing: EffectTiming,
        now: @escaping @Sendable () -> Int64 = BoardLease.monotonic,
        isForeign: @escaping @Sendable () async throws(Failure) -> Bool
    ) {
        self.lock = lock
        self.takeover = timing.executionLimit + timing.searchLag + Self.proofLasts
        self.now = now
        self.isForeign = isForeign
    }

    /// Whether work may be begun.
    var mayBegin: Bool {
        guard self.lock != nil else { return true }
        let now = self.now()
        return self.state.withLock { $0.isHeld && now >= $0.mayBeginAt && now - $0.provenAt <= Self.proofLasts }
    }

    /// How long another one has been known to hold the board, in milliseconds; nil when none is.
    var standby: Int64? {
        let now = self.now()
        return self.state.withLock { $0.standbySince.map { now - $0 } }
    }

    /// Whether this program got the lock from another one, and not at its start.
    var tookOver: Bool { self.state.withLock { $0.isHeld && $0.tookOver } }

    /// How long the first mutation has to wait still, in milliseconds; nil when it need not, or the lock is not held.
    var wait: Int64? {
        let now = self.now()
        return self.state.withLock { $0.isHeld && now < $0.mayBeginAt ? $0.mayBeginAt - now : nil }
    }

    /// Whether something may be sent now: by a proof that is fresh enough, or by a new one.
    func confirm() async -> Bool {
        if self.mayBegin { return true }
        guard self.state.withLock({ $0.isHeld }) else { return false }
        _ = try? await self.look()
        return self.mayBegin
    }

    /// Proves the lock, or asks for it.
    ///
    /// - Throws: Why the warehouse can't be asked; a lock that was held counts as long as its last proof does.
    func look() async throws(Failure) -> Change {
        guard let lock = self.lock else { return .none }
        // From before the question: what is answered is true of some time after it.
        let asked = self.now()
        let wasHeld = self.state.withLock { $0.isHeld }
        let isHeld = wasHeld ? try await lock.prove() : try await lock.take()
        guard isHeld else {
            return self.state.withLock { state in
                let change: Change = wasHeld ? .lost : state.standbySince == nil ? .standby : .none
                state.isHeld = false
                state.standbySince = state.standbySince ?? asked
                return change
            }
        }
        guard !wasHeld else {
            self.state.withLock { $0.provenAt = max($0.provenAt, asked) }
            return .none
        }
        let isForeign = try await self.isForeign()
        self.state.withLock { state in
            state.tookOver = state.standbySince != nil
            state.mayBeginAt = isForeign || state.tookOver ? self.now() + self.takeover : asked
            state.provenAt = asked
            state.standbySince = nil
            state.isAnnounced = false
            state.isHeld = true
        }
        return .gained
    }

    /// Proves the lock or asks for it again and again, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - time: The engine's clock.
    ///   - tell: Hears of each change, and of each look that failed.
    func keep(_ time: TimeSource, tell: @Sendable (Result<Change, Failure>) -> Void) async {
        guard self.lock != nil else { return }
        while !Task.isCancelled {
            do throws(Failure) {
                let change = try await self.look()
                if change != .none { tell(.success(change)) }
            } catch {
                tell(.failure(error))
            }
            try? await time.sleep(Self.interval)
        }
    }

    /// Writes the board's guard row once after the lock was got, so that other hosts see whose board it is before the first batch.
    func announce(_ boardGuard: BoardGuard) async throws {
        guard self.lock != nil, !self.state.withLock({ $0.isAnnounced }) else { return }
        try await boardGuard.announce()
        self.state.withLock { $0.isAnnounced = true }
    }

    /// Gives the lock back.
    func release() async {
        self.state.withLock { $0.isHeld = false }
        await self.lock?.release()
    }

    @Sendable static func monotonic() -> Int64 {
        let elapsed = Self.start.duration(to: .now)
        return Int64(elapsed.components.seconds) * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
    }

    private static let start = ContinuousClock.now
}
