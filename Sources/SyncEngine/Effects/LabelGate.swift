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
    private enum Claim {
        case labels(Set<Label>)
        /// Whatever labels there may be: of a request that is sent again nobody reads which it brings.
        case all
    }

    private struct Waiter {
        let claim: Claim
        let continuation: CheckedContinuation<Set<Label>, Never>
    }

    private struct State {
        var known: Set<Label> = []
        var underWay: Set<Label> = []
        var isClosed = false
        var waiters: [Waiter] = []

        /// Whether somebody waits for all labels, whom no newcomer may pass.
        private var isWanted: Bool { self.waiters.contains { if case .all = $0.claim { true } else { false } } }

        /// Takes the unknown ones of the labels, unless another request is creating one of them.
        mutating func enter(_ claim: Claim) -> Set<Label>? {
            switch claim {
            case .labels(let labels):
                let unknown = labels.subtracting(self.known)
                if unknown.isEmpty { return [] }
                guard !self.isClosed, !self.isWanted, unknown.isDisjoint(with: self.underWay) else { return nil }
                self.underWay.formUnion(unknown)
                return unknown
            case .all:
                guard !self.isClosed, self.underWay.isEmpty else { return nil }
                self.isClosed = true
                return []
            }
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
        let unknown = await self.take(.labels(labels))
        let outcome = await body()
        self.leave {
            $0.underWay.subtract(unknown)
            if outcome.created { $0.known.formUnion(unknown) }
        }
        return outcome.result
    }

    /// Runs the body while no other request creates a label.
    func alone<T: Sendable>(_ body: () async throws -> T) async rethrows -> T {
        _ = await self.take(.all)
        defer { self.leave { $0.isClosed = false } }
        return try await body()
    }

    private func take(_ claim: Claim) async -> Set<Label> {
        await withCheckedContinuation { continuation in
            let entered = self.state.withLock { state -> Set<Label>? in
                if let entered = state.enter(claim) { return entered }
                state.waiters.append(Waiter(claim: claim, continuation: continuation))
                return nil
            }
            if let entered { continuation.resume(returning: entered) }
        }
    }

    private func leave(_ change: (inout State) -> Void) {
        let released = self.state.withLock { state -> [(CheckedContinuation<Set<Label>, Never>, Set<Label>)] in
            change(&state)
            var released: [(CheckedContinuation<Set<Label>, Never>, Set<Label>)] = []
            let waiters = state.waiters
            state.waiters = []
            for waiter in waiters {
                if let entered = state.enter(waiter.claim) {
                    released.append((waiter.continuation, entered))
                } else {
                    state.waiters.append(waiter)
                }
            }
            return released
        }
        for (continuation, entered) in released {
            continuation.resume(returning: entered)
        }
    }
}
