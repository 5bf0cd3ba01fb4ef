internal import CrashPoints
package import FoundationEssentials
internal import ODBC
package import Orders

extension Warehouse {
    /// Stages orders and their sizes, then marks the batch as loaded; an order that the warehouse refuses doesn't hold the others.
    ///
    /// An order that the production table couldn't take is refused as well, before anything of it is on the board.
    ///
    /// All go in one transaction. When that fails by what a row holds, it is rolled back and the halves are tried by themselves, until
    /// the bad orders are alone.
    ///
    /// - Returns: The refused orders with the reason of each; all others are staged.
    package func stage(
        batch: UUID,
        customerBatch: String,
        orders: [StagedOrder]
    ) throws(Failure) -> [OrderKey: Failure] {
        var refused = try self.unpromotable(orders)
        try self.stage(orders.filter { refused[$0.orderKey] == nil }[...], batch, customerBatch, &refused)
        // Otherwise it is marked with the rows.
        if orders.isEmpty || !refused.isEmpty { try self.markLoaded(batch) }
        return refused
    }

    private func unpromotable(_ orders: [StagedOrder]) throws(Failure) -> [OrderKey: Failure] {
        guard !orders.isEmpty else { return [:] }
        return try self.session.read { connection, dialect in
            guard dialect == .sqlServer else { return [:] }
            let production = try ProductionTable(connection, dialect, timeout: self.session.timeout)
            var refused: [OrderKey: Failure] = [:]
            for staged in orders {
                refused[staged.orderKey] = production.refusal(of: staged.order, self.fieldMap)
            }
            return refused
        }
    }

    private func stage(
        _ orders: ArraySlice<StagedOrder>,
        _ batch: UUID,
        _ customerBatch: String,
        _ refused: inout [OrderKey: Failure]
    ) throws(Failure) {
        guard let first = orders.first else { return }
        do {
            try self.session.write(.stage) { connection, dialect in
                let writer = StagingWriter(
                    bulk: self.session.bulk(connection, dialect),
                    fieldMap: self.fieldMap,
                    batch: batch,
                    customerBatch: customerBatch,
                    now: self.now()
                )
                try writer.write(orders)
                try self.markLoaded(batch, connection, dialect)
            }
        } catch {
            guard error.mayBeOneRow else { throw error }
            guard orders.count > 1 else {
                refused[first.orderKey] = error
                return
            }
            let middle = orders.startIndex + orders.count / 2
            try self.stage(orders[..<middle], batch, customerBatch, &refused)
            try self.stage(orders[middle...], batch, customerBatch, &refused)
        }
    }

    /// Writes to the staging rows what the calls came to.
    ///
    /// An order may be named as an item and as failed: then it has failed.
    package func recordResults(
        batch: UUID,
        items: [ItemResult],
        subitems: [SubitemResult],
        failed: [FailedOrder]
    ) throws(Failure) {
        guard !(items.isEmpty && subitems.isEmpty && failed.isEmpty) else { return }
        try self.session.write(.stagingResults) { connection, dialect in
            let writer = ResultWriter(
                bulk: self.session.bulk(connection, dialect),
                batch: batch,
                now: self.now()
            )
            let itemIDs = Dictionary(items.map { ($0.orderKey, $0.itemID) }) { _, last in last }
            try writer.write(items: items)
            try writer.write(subitems: subitems, items: itemIDs)
            try writer.write(failed: failed)
        }
    }
}
