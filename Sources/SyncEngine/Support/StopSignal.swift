import Synchronization

/// Says that no new work is to be begun; what is in flight at Monday.com is finished, all other waiting ends.
package final class StopSignal: Sendable {
    private struct State {
        var isRequested = false
        var cancellers: [Int: @Sendable () -> Void] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { self.state.withLock { $0.isRequested } }

    package func request() {
        let cancellers = self.state.withLock { state in
            state.isRequested = true
            defer { state.cancellers = [:] }
            return Array(state.cancellers.values)
        }
        for cancel in cancellers { cancel() }
    }

    /// Runs a wait that ends with a `CancellationError` as soon as the stop is requested.
    func interrupting<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let task = Task { try await body() }
        let ticket = self.state.withLock { state -> Int? in
            guard !state.isRequested else { return nil }
            state.last += 1
            state.cancellers[state.last] = { task.cancel() }
            return state.last
        }
        if ticket == nil { task.cancel() }
        defer {
            if let ticket { self.state.withLock { _ = $0.cancellers.removeValue(forKey: ticket) } }
        }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
