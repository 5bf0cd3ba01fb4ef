import Orders
import Warehouse

/// What the lease asks of a board's lock.
protocol BoardLocking: Sendable {
    /// Takes the lock when nobody has it, and says whether it is held.
    func take() async throws(Failure) -> Bool
    /// Whether it is held still.
    func prove() async throws(Failure) -> Bool
    func release() async
}

extension BoardLock: BoardLocking {}
