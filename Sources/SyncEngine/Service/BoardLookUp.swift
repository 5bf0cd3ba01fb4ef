import Journal
import Logging
import Monday
import Orders

/// Finds out on the board what became of a request whose answer is missing.
///
/// Each call is looked up in the way of its own kind: one request may make an item and change another.
struct BoardLookUp: Sendable {
    let engine: EngineContext

    /// What became of each call without an outcome, in their order.
    func outcomes(of targets: [EffectTarget], body: [UInt8]) async throws -> [EffectOutcome] {
        var outcomes = [EffectOutcome](repeating: .absent, count: targets.count)
        for (kind, lookUp) in [
            (EffectKind.createGroup, self.groups), (.createItem, self.items), (.createSubitem, self.subitems),
        ] {
            let positions = targets.indices.filter { targets[$0].kind == kind }
            guard !positions.isEmpty else { continue }
            for (position, outcome) in zip(positions, try await lookUp(positions.map { targets[$0] })) {
                outcomes[position] = outcome
            }
        }
        let changes = targets.indices.filter { targets[$0].kind.makesNothing }
        let seen = try await ChangeLookUp(engine: self.engine, body: body).outcomes(of: changes.map { targets[$0] })
        for (position, outcome) in zip(changes, seen) { outcomes[position] = outcome }
        return outcomes
    }

    private func groups(_ targets: [EffectTarget]) async throws -> [EffectOutcome] {
        let board = try await self.engine.boardState.reload()
        return targets.map { target in
            let group = board.groups.first { $0.title == target.groupTitle && !$0.archived && !$0.deleted }
            return group.map { .adopted(text: $0.id) } ?? .absent
        }
    }

    private func items(_ targets: [EffectTarget]) async throws -> [EffectOutcome] {
        guard let keyColumn = self.engine.settings.keyColumn else { return [] }
        let found = try await self.engine.items(withKeys: targets.compactMap(\.orderKey), keyColumn: keyColumn)
        let byKey = Dictionary(grouping: found) { $0.key }
        return targets.map { target in
            let items = byKey[target.orderKey]?.map(\.id) ?? []
            if items.count > 1 {
                self.engine.log.error(
                    "more than one item carries the key of an order; the lowest id is taken",
                    metadata: [
                        "order.key": "\(target.orderKey.map(String.init(describing:)) ?? "")", "items": "\(items)",
                    ]
                )
            }
            return items.min().map { .adopted(remoteID: $0) } ?? .absent
        }
    }

    private func subitems(_ targets: [EffectTarget]) async throws -> [EffectOutcome] {
        let found = try await self.engine.subitems(of: Array(Set(targets.compactMap(\.itemID))).sorted())
        return targets.map { target in
            let match = found[target.itemID ?? 0]?.filter { $0.isActive && $0.size == target.size }.min {
                $0.id < $1.id
            }
            return match.map { .adopted(remoteID: $0.id) } ?? .absent
        }
    }
}
