import Journal
import Monday
import Orders

/// Finds out by reading items whether changes in doubt were made: whether the board shows what was to be written.
///
/// An item that shows it was changed, or needs no change any more; any other is changed once more by the next claim.
struct ChangeLookUp: Sendable {
    let engine: EngineContext
    /// The request's bytes, in which the values stand.
    let body: [UInt8]

    /// What became of changes, moves, archivings and deletions, in their order.
    func outcomes(of targets: [EffectTarget]) async throws -> [EffectOutcome] {
        guard !targets.isEmpty else { return [] }
        let changes = targets.map { target in
            target.kind == .changeColumns ? WrittenChange(request: self.body, alias: target.alias) : nil
        }
        let columns = Set(changes.flatMap { $0?.columns ?? [] }).sorted()
        let found = Dictionary(
            try await self.engine.items(Set(targets.compactMap(\.itemID)).sorted(), columns: columns).map {
                ($0.id, $0)
            }
        ) { first, _ in first }
        return zip(targets, changes).map { target, change in
            let item = target.itemID.flatMap { found[$0] }.flatMap { $0.isActive ? $0 : nil }
            return Self.isDone(target, change, item) ? .adopted(remoteID: target.itemID) : .absent
        }
    }

    private static func isDone(_ target: EffectTarget, _ change: WrittenChange?, _ item: BoardItem?) -> Bool {
        switch target.kind {
        case .archiveItem, .deleteSubitem: return item == nil
        case .moveItem: return item != nil && item?.group == target.groupID
        case .changeColumns:
            guard let item, let change else { return false }
            return change.isSeen(in: item)
        case .createGroup, .createItem, .createSubitem: return false
        }
    }
}
