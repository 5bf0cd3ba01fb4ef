import Monday
import Orders
import Synchronization

/// A label of a status or dropdown column.
struct Label: Hashable, Sendable {
    let column: String
    let text: String
}

/// Keeps two requests from creating the same label at the same time.
///
/// Monday.com creates a missing label for each request that brings it: two at once can make it twice. So a request
/// that brings an unknown label waits while another one that brings the same label is under way, and as long as
/// Monday.com may be at work behind a lost answer.
final class LabelGate: Sendable {
    /// What became of a request with new labels.
    enum End {
        /// They exist now.
        case created
        case refused
        /// They may exist, or come to until that time (UTC milliseconds).
        case inDoubt(until: Int64)
    }

    private struct Waiter {
        let labels: Set<Label>
        let continuation: CheckedContinuation<Set<Label>, Never>
    }

    private struct State {
        var known: Set<Label> = []
        var underWay: Set<Label> = []
        var inDoubt: [Label: Int64] = [:]
        var waiters: [Waiter] = []

        /// Takes the unknown ones of the labels, unless another request is creating one of them.
        mutating func enter(_ labels: Set<Label>) -> Set<Label>? {
            let unknown = labels.subtracting(self.known)
            guard unknown.isDisjoint(with: self.underWay) else { return nil }
            self.underWay.formUnion(unknown)
            return unknown
        }

        mutating func doubt(_ labels: Set<Label>, until: Int64) {
            for label in labels { self.inDoubt[label] = max(until, self.inDoubt[label] ?? until) }
        }
    }

    private let state = Mutex(State())

    /// Takes note of labels that are on the board.
    func learn(_ labels: some Sequence<Label>) {
        self.state.withLock { $0.known.formUnion(labels) }
    }

    /// Takes note of labels that an earlier process brought, and that may come to be until that time (UTC milliseconds).
    func doubt(_ labels: Set<Label>, until: Int64) {
        self.state.withLock { $0.doubt(labels, until: until) }
    }

    /// Until when (UTC milliseconds) one of the labels is in doubt; nil when none is.
    func doubt(of labels: Set<Label>, now: Int64) -> Int64? {
        self.state.withLock { state in
            state.inDoubt = state.inDoubt.filter { $0.value > now && !state.known.contains($0.key) }
            return labels.compactMap { state.inDoubt[$0] }.max()
        }
    }

    /// Waits until no other request is creating one of the labels.
    ///
    /// - Parameter labels: Every label of the request.
    /// - Returns: Those that may be new, to be handed back by ``leave(_:_:)``.
    func enter(_ labels: Set<Label>) async -> Set<Label> {
        await withCheckedContinuation { continuation in
            let entered = self.state.withLock { state -> Set<Label>? in
                if let entered = state.enter(labels) { return entered }
                state.waiters.append(Waiter(labels: labels, continuation: continuation))
                return nil
            }
            if let entered { continuation.resume(returning: entered) }
        }
    }

    /// Hands back what ``enter(_:)`` gave.
    func leave(_ labels: Set<Label>, _ end: End) {
        self.change { state in
            state.underWay.subtract(labels)
            switch end {
            case .created: state.known.formUnion(labels)
            case .refused: break
            case .inDoubt(let until): state.doubt(labels, until: until)
            }
        }
    }

    /// Changes the state, and lets in who may go then.
    private func change(_ body: (inout State) -> Void) {
        let released = self.state.withLock { state -> [(CheckedContinuation<Set<Label>, Never>, Set<Label>)] in
            body(&state)
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

extension LabelGate.End {
    /// What an exchange means for the labels that its request brought; `until` is when it can be looked up, if it is in doubt.
    init(_ exchange: Exchange, until: Int64) {
        if exchange.outcomes.allSatisfy({ if case .done = $0 { true } else { false } }) {
            self = .created
        } else if exchange.outcomes.contains(where: \.mayGoOn) {
            self = .inDoubt(until: until)
        } else {
            self = .refused
        }
    }
}

extension AliasOutcome {
    /// Whether Monday.com may be at work on it still: it is not when it said itself that it failed.
    fileprivate var mayGoOn: Bool {
        guard case .unknown(let failure) = self else { return false }
        return failure.httpStatus != 200 && failure.httpStatus != 500 || failure.code == "REQUEST_TIMEOUT"
    }
}
