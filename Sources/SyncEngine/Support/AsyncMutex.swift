import Synchronization

/// Lets one task in at a time, in the order of arrival; unlike a lock it may be held over an `await`.
final class AsyncMutex: Sendable {
    private struct State {
        var isHeld = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs the body while no other body of this mutex runs.
    func withLock<T: Sendable>(_ body: () async throws -> T) async rethrows -> T {
        await self.lock()
        defer { self.unlock() }
        return try await body()
    }

    /// Runs the body, unless another one runs: then it answers nil at once.
    func withLockIfFree<T: Sendable>(_ body: () async throws -> T) async rethrows -> T? {
        let isOurs = self.state.withLock { state in
            defer { state.isHeld = true }
            return !state.isHeld
        }
        guard isOurs else { return nil }
        defer { self.unlock() }
        return try await body()
    }

    private func lock() async {
        await withCheckedContinuation { continuation in
            let isOurs = self.state.withLock { state in
                if state.isHeld {
                    state.waiters.append(continuation)
                    return false
                }
                state.isHeld = true
                return true
            }
            if isOurs { continuation.resume() }
        }
    }

    private func unlock() {
        let next = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiters.isEmpty else {
                state.isHeld = false
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.resume()
    }
}
