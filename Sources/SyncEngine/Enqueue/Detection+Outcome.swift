import FoundationEssentials
import Journal
import Orders

extension Detection {
    /// What a run writes, within one transaction of the journal.
    struct Outcome: Sendable {
        let orders: [Enqueued]
        /// Unchanged orders whose rows have other uuids, or were read by another field map.
        let seen: [SeenRow]
        let missing: [OrderKey]
        let found: [OrderKey]
        let gone: [(OrderKey, JobKind)]
        /// The places of rejects in the spool, and the orders their rows are.
        let rejects: [(Int, OrderKey?)]
        let counts: RunRecord.Counts
        let isComplete: Bool
        let fieldMap: FieldMap
        let spool: Spool.Reader

        /// Writes everything.
        func write(to transaction: EnqueueTransaction, scope: LedgerScope) throws {
            try transaction.seen(self.seen)
            for entry in self.orders { try self.enqueue(entry, in: transaction) }
            for (place, order) in self.rejects {
                let reject = try self.spool.reject(at: place).reject
                for record in RejectRecord.records(of: reject, order: order) { try transaction.record(record) }
            }
            if self.isComplete { _ = try transaction.resolveRejects(notSeenIn: scope) }
            try transaction.found(self.found)
            try transaction.missing(self.missing)
            for (key, kind) in self.gone { _ = try transaction.retire(key, by: kind, fieldMap: self.fieldMap) }
            try transaction.finish(self.counts)
        }

        private func enqueue(_ entry: Enqueued, in transaction: EnqueueTransaction) throws {
            let order = try self.spool.order(at: entry.place)
            var occurrence = entry.occurrence
            var orderKey = entry.orderKey
            if orderKey == nil {
                (orderKey, occurrence) = try transaction.mint(from: order.keyDigest)
            }
            guard let orderKey else { return }
            _ = try transaction.enqueue(
                EnqueuedOrder(
                    orderKey: orderKey,
                    snapshot: order.snapshot,
                    snapshotDigest: Digest.sha256(order.snapshot),
                    fingerprint: order.fingerprint,
                    identity: OrderIdentity(
                        recordUUID: order.recordUUID,
                        keyDigest: order.keyDigest,
                        occurrence: occurrence,
                        orderNumber: order.orderNumber,
                        sourceCustomer: order.customer,
                        customer: order.canonicalCustomer,
                        style: order.style,
                        colour: order.colour,
                        poNumber: order.purchaseOrder,
                        aagSeason: order.aagSeason,
                        customerSeason: order.customerSeason
                    ),
                    hasNewKey: entry.hasNewKey,
                    rowDigest: order.rowDigest
                )
            )
        }
    }
}

extension RejectRecord {
    /// One record a broken cell.
    static func records(of reject: Reject, order: OrderKey?) -> [RejectRecord] {
        reject.reasons.map { reason in
            RejectRecord(
                keyDigest: reject.name,
                column: reason.column,
                valueDigest: reason.valueDigest,
                value: reason.value,
                reason: reason.reason,
                recordUUID: reject.recordUUID,
                orderKey: order,
                orderNumber: reject.orderNumber,
                sourceCustomer: reject.customer,
                poNumber: reject.poNumber,
                aagSeason: reject.aagSeason,
                customerSeason: reject.customerSeason,
                row: reject.source
            )
        }
    }
}
