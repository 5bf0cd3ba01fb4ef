import Orders
import Synchronization
import Testing

@testable import SyncEngine

@Suite struct BoardLeaseTests {
    /// A lock that answers as it is told.
    private final class ToldLock: BoardLocking {
        struct State: Sendable {
            var isFree = true
            var isHeld = false
            var failure: Failure?
        }

        let state = Mutex(State())

        func take() throws(Failure) -> Bool {
            try self.state.withLock { state throws(Failure) in
                if let failure = state.failure { throw failure }
                if state.isFree { state.isHeld = true }
                return state.isHeld
            }
        }

        func prove() throws(Failure) -> Bool {
            try self.state.withLock { state throws(Failure) in
                if let failure = state.failure { throw failure }
                return state.isHeld
            }
        }

        func release() { self.state.withLock { $0.isHeld = false } }

        func set(_ change: (inout State) -> Void) { self.state.withLock { change(&$0) } }
    }

    private final class Clock: Sendable {
        private let value = Mutex<Int64>(1_000_000)
        @Sendable func now() -> Int64 { self.value.withLock { $0 } }
        func advance(seconds: Int64) { self.value.withLock { $0 += seconds * 1000 } }
    }

    private let lock = ToldLock()
    private let clock = Clock()
    private let failure = Failure(.systemic, code: "warehouse_unreachable", message: "gone")

    private func lease(isForeign: Bool = false) -> BoardLease {
        BoardLease(lock: self.lock, timing: EffectTiming(), now: self.clock.now) { () throws(Failure) in isForeign }
    }

    @Test("where there is no lock to take, work may always begin")
    func embedded() async throws {
        let lease = BoardLease(lock: nil, timing: EffectTiming()) { () throws(Failure) in true }
        #expect(lease.mayBegin)
        #expect(await lease.confirm())
        #expect(try await lease.look() == .none)
        #expect(lease.standby == nil)
    }

    @Test("a program that finds its own board free begins at once, and not before it has looked")
    func own() async throws {
        let lease = self.lease()
        #expect(!lease.mayBegin)
        #expect(await lease.confirm() == false)
        #expect(try await lease.look() == .gained)
        #expect(lease.mayBegin)
        #expect(!lease.tookOver)
    }

    @Test("a proof holds good for ten seconds, and is asked for anew after that")
    func proof() async throws {
        let lease = self.lease()
        _ = try await lease.look()
        self.clock.advance(seconds: 10)
        #expect(lease.mayBegin)
        self.clock.advance(seconds: 1)
        #expect(!lease.mayBegin)
        #expect(await lease.confirm(), "a new proof")
        self.lock.set { $0.failure = self.failure }
        self.clock.advance(seconds: 9)
        #expect(await lease.confirm(), "the server can't be asked, but the last proof is fresh")
        self.clock.advance(seconds: 2)
        #expect(await lease.confirm() == false)
    }

    @Test("a lock that is lost stops everything at the next look, and is heard of once")
    func lost() async throws {
        let lease = self.lease()
        _ = try await lease.look()
        self.lock.set { $0 = .init(isFree: false, isHeld: false) }
        self.clock.advance(seconds: 3)
        #expect(try await lease.look() == .lost)
        #expect(!lease.mayBegin)
        #expect(await lease.confirm() == false)
        #expect(try await lease.look() == .none)
        #expect(lease.standby == 0)
    }

    @Test("a standby that gets the board waits until nothing of the former holder can be under way")
    func takeover() async throws {
        self.lock.set { $0.isFree = false }
        let lease = self.lease(isForeign: true)
        #expect(try await lease.look() == .standby)
        self.clock.advance(seconds: 600)
        #expect(lease.standby == 600_000)
        self.lock.set { $0.isFree = true }
        #expect(try await lease.look() == .gained)
        #expect(lease.tookOver)
        // 60 s that Monday.com may work, 30 s of search lag, 10 s of the last proof.
        #expect(lease.wait == 100_000)
        self.clock.advance(seconds: 99)
        #expect(await lease.confirm() == false)
        self.clock.advance(seconds: 1)
        #expect(await lease.confirm())
        #expect(lease.wait == nil)
    }

    @Test("a program that finds the board free, but another's, waits as well, and has not taken over")
    func foreign() async throws {
        let lease = self.lease(isForeign: true)
        #expect(try await lease.look() == .gained)
        #expect(lease.wait == 100_000)
        #expect(!lease.tookOver)
    }
}
