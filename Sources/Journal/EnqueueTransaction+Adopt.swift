package import Orders
internal import SQLite

extension EnqueueTransaction {
    private static let verify = """
        UPDATE job SET verify = 1
        WHERE order_seq = (SELECT seq FROM ledger WHERE order_key = ?1) AND finished_ms IS NULL AND waits = 0
        """

    /// Writes an order down together with the item that stood on the board for it before, to be compared with the board.
    ///
    /// - Parameters:
    ///   - order: The order, as the source has it.
    ///   - known: Its key, when it was enqueued before; else one is minted.
    ///   - fieldMap: By which the order was read.
    ///   - item: Its item.
    ///   - board: The board of the item.
    ///   - group: The group that the item stands in.
    ///   - subitems: The item's subitems.
    /// - Throws: ``JournalError/Code/stale`` when the order has another item; nothing of the run is written then.
    package func adopt(
        _ order: Order,
        as known: (key: OrderKey, occurrence: Int)?,
        fieldMap: FieldMap,
        item: Int64,
        board: Int64,
        group: String?,
        subitems: [LedgerSubitem]
    ) throws(JournalError) {
        let digest = order.businessKey.digest
        let (key, occurrence) = if let known { known } else { try self.mint(from: digest) }
        let snapshot = order.snapshot(fieldMap)
        _ = try self.enqueue(
            EnqueuedOrder(
                orderKey: key,
                snapshot: snapshot,
                snapshotDigest: Digest.sha256(snapshot),
                fingerprint: order.fingerprint(fieldMap),
                identity: OrderIdentity(
                    recordUUID: order.recordUUID,
                    keyDigest: digest,
                    occurrence: occurrence,
                    orderNumber: order.businessKey.orderNumber,
                    sourceCustomer: order.businessKey.customer,
                    customer: order.customer,
                    style: order.businessKey.style,
                    colour: order.businessKey.colour,
                    poNumber: order.poNumber,
                    aagSeason: order.aagSeason,
                    customerSeason: order.customerSeason
                )
            )
        )
        try self.step { database in
            let ledger = LedgerWriter(database: database, now: self.now)
            guard try ledger.addItem(key, board: board, id: item, group: group, effect: nil) == nil else {
                throw JournalError(.stale, "the ledger has another item for order \(key) than \(item)")
            }
            for subitem in subitems { _ = try ledger.addSubitem(subitem, of: key, effect: nil) }
            try database.run(Self.verify, [.key(key)])
        }
    }
}
