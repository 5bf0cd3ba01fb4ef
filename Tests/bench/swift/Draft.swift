import Foundation
import Journal
import Orders

/// An order that is about to be enqueued.
struct Draft: Sendable {
    let snapshot: [UInt8]
    let fingerprint: Digest
    let key: BusinessKey
    let recordUUID: UUID
    let order: Order

    init(number: Int, of snapshots: Snapshots, customer: String) {
        let place = number % snapshots.orders.count
        self.order = snapshots.orders[place]
        self.snapshot = snapshots.bytes[place]
        self.key = BusinessKey(
            orderNumber: "\(self.order.businessKey.orderNumber)-\(number)",
            customer: customer,
            style: self.order.businessKey.style,
            colour: self.order.businessKey.colour
        )
        self.fingerprint = self.key.digest
        // As scattered as the source's are.
        let b = self.key.digest.bytes
        self.recordUUID = UUID(
            uuid: (
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23], b[24], b[25], b[26], b[27], b[28], b[29], b[30],
                b[31]
            )
        )
    }

    /// Enqueues it as `ordersync-enqueue` does: with the order key and the hash of the snapshot made here.
    func enqueue(in transaction: EnqueueTransaction) throws {
        let (orderKey, occurrence) = try transaction.mint(from: self.key.digest)
        _ = try transaction.enqueue(
            EnqueuedOrder(
                orderKey: orderKey,
                snapshot: self.snapshot,
                snapshotDigest: .sha256(self.snapshot),
                fingerprint: self.fingerprint,
                identity: OrderIdentity(
                    recordUUID: self.recordUUID,
                    keyDigest: self.key.digest,
                    occurrence: occurrence,
                    orderNumber: self.key.orderNumber,
                    sourceCustomer: self.key.customer,
                    customer: self.key.customer,
                    style: self.key.style,
                    colour: self.key.colour,
                    poNumber: self.order.poNumber,
                    aagSeason: self.order.aagSeason,
                    customerSeason: self.order.customerSeason
                )
            )
        )
    }
}

extension Journal {
    /// Enqueues on the journal's own thread, so that a commit is measured and not the way to that thread.
    func enqueue(_ drafts: [Draft], perCommit: Int) throws {
        let run = RunRecord(
            startedAt: JournalOptions.now,
            who: "bench",
            host: "bench",
            batchName: "ALL_ORDERS",
            batchType: "FULL_BATCH",
            scope: "all orders",
            fieldMapDigest: .sha256([]),
            isComplete: true
        )
        for start in stride(from: 0, to: drafts.count, by: perCommit) {
            let part = drafts[start..<min(start + perCommit, drafts.count)]
            try self.withEnqueueTransaction(run: run, now: JournalOptions.now) { transaction in
                for draft in part { try draft.enqueue(in: transaction) }
            }
        }
    }
}
