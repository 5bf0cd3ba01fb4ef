import Journal
import Monday
import Orders

/// Looks once more at what was in doubt, a while after it was settled.
///
/// Monday.com may work on behind a lost answer for longer than it says: what it makes then is found here, and a second
/// item of one order raises an alarm.
struct LateLook: Sendable {
    let engine: EngineContext

    private static let portion = 100

    /// Looks at what is due, a portion at a time.
    func run() async throws {
        let now = self.engine.time.now()
        let due = try await self.engine.journal.rechecks(
            settledBefore: now - self.engine.settings.timing.recheck,
            limit: Self.portion
        )
        guard !due.isEmpty else { return }
        try await self.groups(due.filter { $0.target.kind == .createGroup })
        try await self.items(due.filter { $0.target.kind == .createItem })
        try await self.subitems(due.filter { $0.target.kind == .createSubitem })
        try await self.engine.journal.rechecked(due)
    }

    private func groups(_ rechecks: [Recheck]) async throws {
        guard !rechecks.isEmpty else { return }
        let board = try await self.engine.boardState.reload()
        for recheck in rechecks {
            for group in board.groups
            where group.title == recheck.target.groupTitle && !group.archived && !group.deleted {
                try await self.record(.adopted(text: group.id), recheck)
            }
        }
    }

    private func items(_ rechecks: [Recheck]) async throws {
        guard !rechecks.isEmpty, let keyColumn = self.engine.settings.keyColumn else { return }
        let keys = rechecks.compactMap(\.target.orderKey)
        let found = try await self.engine.items(withKeys: keys, keyColumn: keyColumn)
        for recheck in rechecks {
            for item in found where item.key == recheck.target.orderKey { try await self.record(item.id, recheck) }
        }
    }

    private func subitems(_ rechecks: [Recheck]) async throws {
        guard !rechecks.isEmpty else { return }
        let parents = Array(Set(rechecks.compactMap(\.target.itemID))).sorted()
        let found = try await self.engine.subitems(of: parents)
        for recheck in rechecks {
            for subitem in found[recheck.target.itemID ?? 0] ?? []
            where subitem.isActive && subitem.size == recheck.target.size {
                try await self.record(subitem.id, recheck)
            }
        }
    }

    private func record(_ id: Int64, _ recheck: Recheck) async throws {
        guard id != recheck.remoteID else { return }
        try await self.record(.adopted(remoteID: id), recheck)
    }

    /// Tells the journal what is there; what it knows already is no news, and another id is an alarm.
    private func record(_ outcome: EffectOutcome, _ recheck: Recheck) async throws {
        let alarms = try await self.engine.journal.settle(
            effect: recheck.effectID,
            outcomes: [recheck.target.alias: outcome],
            now: self.engine.time.now()
        )
        for alarm in alarms { alarm.raise(self.engine.log) }
    }
}
