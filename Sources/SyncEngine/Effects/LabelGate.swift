import Synchronization

/// A label of a status or dropdown column.
struct Label: Hashable, Sendable {
    let column: String
    let text: String
}

/// Keeps two requests from creating the same label at the same time.
///
/// Monday.com creates a missing label for each request that brings it: two at once can make it twice. So a request
/// that brings an unknown label waits while another one that brings the same label is under way.
final class LabelGate: Sendable {
    private struct Waiter {
        let labels: Set<Label>
        let continuation: CheckedContinuation<Set<Label>, Never>
    }

    private struct State {
        var known: Set<Label> = []
        var underWay: Set<Label> = []
        var waiters: [Waiter] = []

        /// Takes the unknown ones of the labels, unless another request is creating one of them.
        mutating func enter(_ labels: Set<Label>) -> Set<Label>? {
            let unknown = labels.subtracting(self.known)
            guard unknown.isDisjoint(with: self.underWay) else { return nil }
            self.underWay.formUnion(unknown)
            return unknown
        }
    }

    private let state = Mutex(State())

    /// Takes note of labels that are on the board.
    func learn(_ labels: some Sequence<Label>) {
        self.state.withLock { $0.known.formUnion(labels) }
    }

    /// Runs the body once no other request is creating one of the labels.
    ///
    /// - Parameters:
    ///   - labels: Every label of the request.
    ///   - body: Sends the request; returns whether it surely went through, so that its labels now exist.
    /// - Returns: What the body returned.
    func withLabels<T: Sendable>(_ labels: Set<Label>, _ body: () async -> (result: T, created: Bool)) async -> T {
        let unknown = await withCheckedContinuation { continuation in
            let entered = self.state.withLock { state -> Set<Label>? in
                if let entered = state.enter(labels) { return entered }
                state.waiters.append(Waiter(labels: labels, continuation: continuation))
                return nil
            }
            if let entered { continuation.resume(returning: entered) }
        }
        let outcome = await body()
        self.leave(unknown, created: outcome.created)
        return outcome.result
    }

    private func leave(_ labels: Set<Label>, created: Bool) {
        let released = self.state.withLock { state -> [(CheckedContinuation<Set<Label>, Never>, Set<Label>)] in
            state.underWay.subtract(labels)
            if created { state.known.formUnion(labels) }
            var released: [(CheckedContinuation<Set<Label>, Never>, Set<Label>)] = []
            var waiting: [Waiter] = []
            for waiter in state.waiters {
                if let entered = state.enter(waiter.labels) {
                    released.append((waiter.continuation, entered))
                } else {
                    waiting.append(waiter)
                }
            }
            state.waiters = waiting
            return released
        }
        for (continuation, entered) in released {
            continuation.resume(returning: entered)
        }
    }
}
