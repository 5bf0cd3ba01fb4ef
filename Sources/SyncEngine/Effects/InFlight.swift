import Synchronization

/// The effects whose answer this process is still waiting for: they are not in doubt, however long it takes.
final class InFlight: Sendable {
    private let effects = Mutex<Set<Int64>>([])

    func begin(_ effect: Int64) {
        self.effects.withLock { _ = $0.insert(effect) }
    }

    func end(_ effect: Int64) {
        self.effects.withLock { _ = $0.remove(effect) }
    }

    func contains(_ effect: Int64) -> Bool {
        self.effects.withLock { $0.contains(effect) }
    }
}
