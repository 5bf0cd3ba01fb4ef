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
        if unsure.contains(where: { works[$0].isSync && !works[$0].job.ledger.isComplete }) {
            try await self.engine.newcomers.check(self.engine)
        }
        let found = try await self.engine.items(
            withKeys: unsure.map { works[$0].job.orderKey },
            keyColumn: keyColumn
        )
        var items: [Int: BoardItem] = [:]
        var others: [(OrderKey, BoardItem)] = []
        for index in unsure {
            let candidates = found.filter { $0.key == works[index].job.orderKey }.sorted { $0.id < $1.id }
            items[index] = candidates.first
            others += candidates.dropFirst().map { (works[index].job.orderKey, $0) }
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
        // After ours, so that each of them is an alarm.
        adopted += others.map { key, item in
            AdoptedItem(
                orderKey: key,
                itemID: item.id,
                board: self.engine.settings.board,
                groupID: item.group,
                subitems: []
            )
        }
        if !adopted.isEmpty {
            let alarms = try await self.engine.journal.adopt(adopted, now: self.engine.time.now())
            for alarm in alarms { alarm.raise(self.engine.log) }
            self.engine.log.notice(
                "took over items that were on the board already",
                metadata: ["batch.id": "\(self.claim.batchID)", "items": "\(items.count)"]
            )
        }
        try await self.engine.journal.lookedUp(unsure.map { works[$0].job.orderKey })
    }
}

extension BatchRunner {
    /// Looks for the subitems of items that an earlier batch has made, before a size is created under them.
    ///
    /// The ledger should know them, but for a backup that was taken in the middle of a batch and put back, and for what people made
    /// by hand. It costs a read for two dozen orders that were made in part, or got new sizes.
    func adoptSubitems(_ works: inout [OrderWork]) async throws {
        let unsure = works.indices.filter { index in
            let work = works[index]
            return work.isOpenSync && work.itemID != nil && work.itemID == work.job.ledger.itemID
                && work.order.sizes.contains { work.subitems[$0.label] == nil }
        }
        guard !unsure.isEmpty else { return }
        let found = try await self.engine.subitems(of: unsure.compactMap { works[$0].itemID }.sorted())
        var adopted: [AdoptedItem] = []
        for index in unsure {
            guard let item = works[index].itemID else { continue }
            let wanted = Set(works[index].order.sizes.map(\.label))
            let unknown = LedgerSubitem.known(found[item] ?? []).filter {
                wanted.contains($0.size) && works[index].subitems[$0.size] == nil
            }
            guard !unknown.isEmpty else { continue }
            for subitem in unknown { works[index].subitems[subitem.size] = subitem }
            adopted.append(
                AdoptedItem(
                    orderKey: works[index].job.orderKey,
                    itemID: item,
                    board: self.engine.settings.board,
                    groupID: works[index].placedIn,
                    subitems: unknown
                )
            )
        }
        guard !adopted.isEmpty else { return }
        for alarm in try await self.engine.journal.adopt(adopted, now: self.engine.time.now()) {
            alarm.raise(self.engine.log)
        }
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
