import FoundationEssentials
import Journal
import Orders

extension Detection {
    /// What a run writes, within one transaction of the journal.
    struct Outcome: Sendable {
        let orders: [Enqueued]
        let reloaded: [(OrderKey, UUID?)]
        let missing: [OrderKey]
        let found: [OrderKey]
        /// What was rejected, the order it claims, and where its row lies in the spool.
        let rejects: [(Reject, OrderKey?, place: UInt64)]
        let counts: RunRecord.Counts
        let isComplete: Bool
        let spool: Spool.Reader

        /// Writes everything.
        func write(to transaction: EnqueueTransaction, scope: LedgerScope) throws {
            for (key, uuid) in self.reloaded { try transaction.reidentify(key, recordUUID: uuid) }
            for entry in self.orders { try self.enqueue(entry, in: transaction) }
            for (reject, order, place) in self.rejects {
                let row = try self.spool.bytes(at: place)
                for record in RejectRecord.records(of: reject, order: order, row: row) {
                    try transaction.record(record)
                }
            }
            if self.isComplete { _ = try transaction.resolveRejects(notSeenIn: scope) }
            try transaction.found(self.found)
            for key in self.missing { _ = try transaction.missing(key) }
            try transaction.finish(self.counts)
        }

        private func enqueue(_ entry: Enqueued, in transaction: EnqueueTransaction) throws {
            let order = try self.spool.order(at: entry.place)
            var occurrence = entry.occurrence
            var orderKey = entry.orderKey
            if orderKey == nil {
                occurrence = try transaction.occurrence(after: order.keyDigest)
                orderKey = OrderKey.mint(businessKey: order.keyDigest, occurrence: occurrence)
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
                    )
                )
            )
        }
    }
}

extension RejectRecord {
    /// One record a broken cell; a row without a whole business key is named by what it has.
    static func records(of reject: Reject, order: OrderKey?, row: [UInt8]) -> [RejectRecord] {
        let name =
            reject.businessKey?.digest
            ?? Digest.sha256(
                Array(
                    [reject.recordUUID?.uuidString ?? "", reject.orderNumber ?? "", reject.customer ?? ""]
                        .joined(separator: "\u{1F}").utf8
                )
            )
        return reject.reasons.map { reason in
            RejectRecord(
                keyDigest: name,
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
                row: row
            )
        }
    }
}
