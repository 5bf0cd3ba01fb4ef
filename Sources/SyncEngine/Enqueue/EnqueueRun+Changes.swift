import Journal
import Orders

extension EnqueueRun {
    /// What a run would change, order by order and column by column.
    func changes(_ detection: Detection) async throws -> [RunReport.Change] {
        var changes: [RunReport.Change] = []
        let reader = try detection.spool.reader()
        for part in Array(detection.enqueued.prefix(RunReport.changeLimit)).portions(of: Self.portion) {
            let snapshots = try await self.journal.snapshots(of: part.compactMap(\.orderKey))
            for entry in part {
                let new = try Order(snapshot: try reader.order(at: entry.place).snapshot, fieldMap: self.fieldMap)
                let old = entry.orderKey.flatMap { snapshots[$0] }
                    .flatMap { try? Order(snapshot: $0, fieldMap: self.fieldMap) }
                changes.append(
                    RunReport.Change(
                        entry.orderKey == nil ? .new : .changed,
                        entry.orderKey,
                        new,
                        new.differences(from: old ?? new.emptied, self.fieldMap)
                    )
                )
            }
        }
        for (order, kind) in detection.gone.prefix(max(0, RunReport.changeLimit - changes.count)) {
            let last = try await self.journal.snapshots(of: [order.orderKey])[order.orderKey]
                .flatMap { try? Order(snapshot: $0, fieldMap: self.fieldMap) }
            let old = last ?? Order(unknown: order)
            let differences = kind == .zero ? old.withoutSizes.differences(from: old, self.fieldMap) : []
            changes.append(RunReport.Change(kind == .zero ? .zero : .archive, order.orderKey, old, differences))
        }
        return changes
    }
}

extension RunReport.Change {
    fileprivate init(_ kind: Kind, _ orderKey: OrderKey?, _ order: Order, _ differences: [OrderDifference]) {
        self.init(
            kind: kind,
            orderKey: orderKey?.description,
            orderNumber: order.businessKey.orderNumber,
            customer: order.businessKey.customer,
            style: order.businessKey.style,
            colour: order.businessKey.colour,
            columns: differences.map { Column(column: $0.column, old: $0.old, new: $0.new) }
        )
    }
}

extension Order {
    /// An order known from the board only.
    init(unknown order: LedgerIdentity) {
        self.init(
            businessKey: BusinessKey(orderNumber: order.orderNumber, customer: order.customer, style: nil, colour: nil),
            recordUUID: order.recordUUID,
            group: "",
            title: order.orderNumber,
            customer: order.customer,
            values: [],
            sizes: []
        )
    }

    var withoutSizes: Order { self.copy(group: self.group, title: self.title, values: self.values) }

    /// What there is of an order before it is made.
    var emptied: Order { self.copy(group: nil, title: nil, values: []) }

    private func copy(group: String?, title: String?, values: [FieldValue?]) -> Order {
        Order(
            businessKey: self.businessKey,
            recordUUID: self.recordUUID,
            group: group ?? "",
            title: title ?? "",
            customer: self.customer,
            poNumber: self.poNumber,
            aagSeason: self.aagSeason,
            customerSeason: self.customerSeason,
            values: values,
            sizes: [],
            columnsDigest: self.columnsDigest
        )
    }
}
