import Journal
import Monday
import Orders

extension BatchRunner {
    /// Brings the subitems of the items to their orders' sizes.
    func makeSubitems(_ works: inout [OrderWork]) async throws {
        try await self.adoptSubitems(&works)
        if works.contains(where: { !$0.subitems.isEmpty }) { try await self.engine.boardState.learnSubitemBoard() }
        try await self.carryOut(&works, limit: RequestPlan.Size.subitems) { work in
            try self.subitemCalls(work)
        } settle: { result, call, work in
            if case .done(let id) = result {
                work.take(call.target, made: id.number)
                if call.target.kind == .deleteSubitem { work.isOnlyTakenFrom = true } else { work.isSeen = true }
            }
            work.decide(result, request: self.excerpt(call), size: call.target.size ?? "")
        }
        try await self.lookForItems(&works)
        // The first subitem of a board brings its subitem board into being.
        if works.contains(where: { !$0.subitems.isEmpty }) { try await self.engine.boardState.learnSubitemBoard() }
    }

    /// The calls that bring the subitems of an item to its order's sizes: none when they are there.
    private func subitemCalls(_ work: OrderWork) throws -> [PlannedCall] {
        guard let item = work.itemID, work.job.kind != .archive else { return [] }
        let wanted = work.isSync ? work.order.sizes : []
        let labels = Set(wanted.map(\.label))
        let gone = work.subitems.values.filter { !labels.contains($0.size) }.sorted { $0.size < $1.size }
        var calls: [PlannedCall] = []
        for size in wanted {
            guard let existing = work.subitems[size.label] else {
                calls.append(self.creation(of: size, under: item, work))
                continue
            }
            guard existing.quantity != Int64(size.quantity) else { continue }
            calls.append(try self.change(of: existing, to: size.quantity, work))
        }
        for subitem in gone {
            if work.isSync, self.engine.settings.removedSizes == .delete {
                calls.append(self.deletion(of: subitem, work))
            } else if subitem.quantity != 0 {
                // A size that is gone keeps its subitem, with nothing left to make.
                calls.append(try self.change(of: subitem, to: 0, work))
            }
        }
        return calls
    }

    private func creation(of size: SizeQuantity, under item: Int64, _ work: OrderWork) -> PlannedCall {
        let map = self.engine.fieldMap.subitem
        let label = ColumnValue(columnID: map.sizeColumn, type: map.sizeType, value: .text(size.label))
        return PlannedCall(
            mutation: .createSubitem(
                parent: item,
                name: map.namePrefix + size.label,
                columns: [label, self.quantity(size.quantity)]
            ),
            target: .subitem(.createSubitem, size.label, Int64(size.quantity), item: item, work.job),
            labels: Self.labels([label]),
            errors: work.job.errors
        )
    }

    private func change(of subitem: LedgerSubitem, to quantity: Int32, _ work: OrderWork) throws -> PlannedCall {
        PlannedCall(
            mutation: .changeColumns(
                board: try self.engine.boardState.requireSubitemBoard(),
                item: subitem.id,
                columns: [self.quantity(quantity)],
                name: nil,
                key: nil
            ),
            target: .subitem(.changeColumns, subitem.size, Int64(quantity), item: subitem.id, work.job),
            errors: work.job.errors
        )
    }

    private func deletion(of subitem: LedgerSubitem, _ work: OrderWork) -> PlannedCall {
        PlannedCall(
            mutation: .deleteItem(item: subitem.id),
            target: .subitem(.deleteSubitem, subitem.size, nil, item: subitem.id, work.job),
            errors: work.job.errors
        )
    }

    private func quantity(_ quantity: Int32) -> ColumnValue {
        let map = self.engine.fieldMap.subitem
        let text = String(quantity)
        return ColumnValue(
            columnID: map.quantityColumn,
            type: map.quantityType,
            value: map.quantityType == .numbers ? .number(text) : .text(text)
        )
    }
}

extension PlannedCall.Target {
    /// A call for one size of an order.
    fileprivate static func subitem(
        _ kind: EffectKind,
        _ size: String,
        _ quantity: Int64?,
        item: Int64,
        _ job: ClaimedJob
    ) -> PlannedCall.Target {
        var target = PlannedCall.Target(kind, job: job)
        target.size = size
        target.quantity = quantity
        target.itemID = item
        return target
    }
}

extension OrderWork {
    /// Takes over what a call did to a subitem.
    fileprivate mutating func take(_ target: PlannedCall.Target, made id: Int64?) {
        guard let size = target.size else { return }
        switch target.kind {
        case .createSubitem:
            if let id { self.subitems[size] = LedgerSubitem(size: size, id: id, quantity: target.quantity ?? 0) }
        case .changeColumns:
            if let id = target.itemID {
                self.subitems[size] = LedgerSubitem(size: size, id: id, quantity: target.quantity ?? 0)
            }
        case .deleteSubitem: self.subitems[size] = nil
        case .createGroup, .createItem, .moveItem, .archiveItem: break
        }
    }
}
