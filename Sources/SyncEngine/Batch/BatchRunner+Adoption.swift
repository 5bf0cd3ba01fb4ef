import Journal
import Logging
import Monday
import Orders

extension BatchRunner {
    /// Looks for the items of orders that the ledger knows none of, before their first create.
    ///
    /// A journal that was lost, restored from a backup or copied does not know what it once made. The keys of orders are
    /// minted alike on every machine, so what was made is found by them; for a whole batch that costs one or two reads
    /// beside many creates.
    func adoptExisting(_ works: inout [OrderWork]) async throws {
        guard let keyColumn = self.engine.settings.keyColumn else { return }
        let unsure = works.indices.filter { works[$0].isOpen && works[$0].itemID == nil }
        guard !unsure.isEmpty else { return }
        let found = try await self.engine.items(
            withKeys: unsure.map { works[$0].job.orderKey },
            keyColumn: keyColumn
        )
        var items: [Int: BoardItem] = [:]
        for index in unsure {
            let ours = found.filter { $0.key == works[index].job.orderKey }.min { $0.id < $1.id }
            if let ours { items[index] = ours }
        }
        let subitems = items.isEmpty ? [:] : try await self.engine.subitems(of: items.values.map(\.id).sorted())
        var adopted: [AdoptedItem] = []
        for (index, item) in items.sorted(by: { $0.key < $1.key }) {
            let sizes = LedgerSubitem.known(subitems[item.id] ?? [])
            adopted.append(
                AdoptedItem(
                    orderKey: works[index].job.orderKey,
                    itemID: item.id,
                    board: self.engine.settings.board,
                    groupID: item.group,
                    subitems: sizes
                )
            )
            works[index].adopt(item.id, group: item.group, subitems: sizes)
        }
        if !adopted.isEmpty {
            let alarms = try await self.engine.journal.adopt(adopted, now: self.engine.time.now())
            for alarm in alarms { alarm.raise(self.engine.log) }
            self.engine.log.notice(
                "took over items that were on the board already",
                metadata: ["batch.id": "\(self.claim.batchID)", "items": "\(adopted.count)"]
            )
        }
        try await self.engine.journal.lookedUp(unsure.map { works[$0].job.orderKey })
    }
}

extension LedgerSubitem {
    /// The active subitems of an item as they stand on the board, one for each size; of two the lower id is ours.
    static func known(_ subitems: [BoardSubitem]) -> [LedgerSubitem] {
        var bySize: [String: BoardSubitem] = [:]
        for subitem in subitems where subitem.isActive {
            guard let size = subitem.size, bySize[size].map({ subitem.id < $0.id }) ?? true else { continue }
            bySize[size] = subitem
        }
        return bySize.map { LedgerSubitem(size: $0.key, id: $0.value.id, quantity: $0.value.quantity ?? 0) }
            .sorted { $0.size < $1.size }
    }
}
