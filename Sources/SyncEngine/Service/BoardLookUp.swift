import Journal
import Logging
import Monday
import Orders

/// Finds out on the board what became of a request whose answer is missing.
///
/// Each call is looked up in the way of its own kind: one request may make an item and change another.
struct BoardLookUp: Sendable {
    let engine: EngineContext

    /// What was found of one call.
    struct Finding: Sendable {
        let outcome: EffectOutcome
        /// What else is there in the same name: a person copied it, or it was made twice after all.
        var others: [EffectOutcome] = []

        static let absent = Finding(outcome: .absent)

        var isAbsent: Bool { if case .absent = self.outcome { true } else { false } }
        var isAdopted: Bool { if case .adopted = self.outcome { true } else { false } }
    }

    /// What became of each call without an outcome, in their order.
    func findings(of targets: [EffectTarget], body: [UInt8]) async throws -> [Finding] {
        var findings = [Finding](repeating: .absent, count: targets.count)
        let changes = targets.indices.filter { targets[$0].kind.makesNothing }
        let seen = try await ChangeLookUp(engine: self.engine, body: body).outcomes(of: changes.map { targets[$0] })
        for (position, outcome) in zip(changes, seen) { findings[position] = Finding(outcome: outcome) }
        for (kind, lookUp) in [
            (EffectKind.createGroup, self.groups), (.createItem, self.items), (.createSubitem, self.subitems),
        ] {
            let positions = targets.indices.filter { targets[$0].kind == kind }
            guard !positions.isEmpty else { continue }
            for (position, finding) in zip(positions, try await lookUp(positions.map { targets[$0] })) {
                findings[position] = finding
            }
        }
        return findings
    }

    private func groups(_ targets: [EffectTarget]) async throws -> [Finding] {
        let board = try await self.engine.boardState.reload()
        return targets.map { target in
            let ids = board.groups.filter { $0.title == target.groupTitle && !$0.archived && !$0.deleted }.map(\.id)
            return Finding(ids.map { .adopted(text: $0) })
        }
    }

    private func items(_ targets: [EffectTarget]) async throws -> [Finding] {
        guard let keyColumn = self.engine.settings.keyColumn else { return [] }
        let found = try await self.engine.items(withKeys: targets.compactMap(\.orderKey), keyColumn: keyColumn)
        let byKey = Dictionary(grouping: found) { $0.key }
        return targets.map { target in
            Finding((byKey[target.orderKey] ?? []).map(\.id).sorted().map { .adopted(remoteID: $0) })
        }
    }

    private func subitems(_ targets: [EffectTarget]) async throws -> [Finding] {
        let found = try await self.engine.subitems(of: Array(Set(targets.compactMap(\.itemID))).sorted())
        return targets.map { target in
            let ids = (found[target.itemID ?? 0] ?? []).filter { $0.isActive && $0.size == target.size }.map(\.id)
            return Finding(ids.sorted().map { .adopted(remoteID: $0) })
        }
    }
}

extension BoardLookUp.Finding {
    /// What is there, the one with the lowest id first: that is ours, unless the ledger holds another.
    fileprivate init(_ found: [EffectOutcome]) {
        self.init(outcome: found.first ?? .absent, others: Array(found.dropFirst()))
    }
}
