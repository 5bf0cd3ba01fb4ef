import Journal
import Monday
import Orders

extension BatchRunner {
    /// Reads the items of which the ledger does not tell enough to decide what to write.
    ///
    /// These are those that we archived and whose orders are back, those of repairs, and those with a column that people
    /// may have made their own. All others are changed without a look.
    func lookAtItems(_ works: inout [OrderWork]) async throws {
        let chosen = works.indices.filter { self.mustBeRead(works[$0]) }
        guard !chosen.isEmpty else { return }
        let columns = self.engine.fieldMap.fields.compactMap(\.mondayColumn)
        let found = Dictionary(
            try await self.engine.items(chosen.compactMap { works[$0].itemID }, columns: columns)
                .filter(\.isActive).map { ($0.id, $0) }
        ) { first, _ in first }
        var lost: [OrderKey: Int64] = [:]
        var restored: [OrderKey] = []
        for index in chosen {
            guard let id = works[index].itemID else { continue }
            let job = works[index].job
            if let item = found[id] {
                if job.ledger.isArchived, works[index].isSync { restored.append(job.orderKey) }
                works[index].cells = item.texts
                works[index].isSeen = true
                guard job.isRepair else { continue }
                works[index].known = .shown(name: item.name)
                works[index].hasKey = item.key == job.orderKey
                works[index].placedIn = item.group
            } else if job.ledger.isArchived || job.isRepair {
                lost[job.orderKey] = id
                works[index].loseItem()
            } else {
                // Reads are answered with 200, or not at all.
                try await self.loseItem(&works[index], request: self.rewriting(of: id, works[index].order), status: 200)
            }
        }
        if !restored.isEmpty { try await self.engine.journal.noteRestored(restored) }
        if !lost.isEmpty { try await self.engine.journal.forgetItems(lost) }
        try await self.lookAtSubitems(chosen.filter { works[$0].job.isRepair && works[$0].itemID != nil }, &works)
    }

    /// The request that would write the whole order on its item.
    func rewriting(of item: Int64, _ order: Order) -> String {
        self.excerpt(
            .changeColumns(
                board: self.engine.settings.board,
                item: item,
                columns: order.columnValues(self.engine.fieldMap),
                name: order.title,
                key: nil
            )
        )
    }

    private func mustBeRead(_ work: OrderWork) -> Bool {
        guard work.isOpen, work.itemID != nil else { return false }
        if work.job.isRepair { return work.job.kind != .archive }
        guard work.isSync else { return false }
        return work.job.ledger.isArchived
            || ItemChange.needsCells(to: work.order, known: work.known, fieldMap: self.engine.fieldMap)
    }

    /// Takes over the subitems as they stand on the board.
    private func lookAtSubitems(_ chosen: [Int], _ works: inout [OrderWork]) async throws {
        guard !chosen.isEmpty else { return }
        let found = try await self.engine.subitems(of: chosen.compactMap { works[$0].itemID })
        var seen: [OrderKey: [LedgerSubitem]] = [:]
        for index in chosen {
            guard let item = works[index].itemID else { continue }
            // Sizes of which neither the order nor the ledger knows are a person's own.
            let ours = Set(works[index].order.sizes.map(\.label)).union(works[index].subitems.keys)
            let subitems = LedgerSubitem.known(found[item] ?? []).filter { ours.contains($0.size) }
            seen[works[index].job.orderKey] = subitems
            works[index].subitems = Dictionary(subitems.map { ($0.size, $0) }) { first, _ in first }
        }
        try await self.engine.journal.replaceSubitems(seen)
    }
}
