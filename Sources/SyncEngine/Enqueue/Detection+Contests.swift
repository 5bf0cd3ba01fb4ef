import Journal
import Orders

/// What rules 3 to 5 ask of the spool and the journal.
extension Detection {
    /// The rows that wait, by order number and customer.
    mutating func families() throws -> [OrderFamily: [RowIdentity]] {
        let rows = self.matcher.waiting
        guard !rows.isEmpty else { return [:] }
        let reader = try self.spool.reader()
        var families: [OrderFamily: [RowIdentity]] = [:]
        for row in rows {
            guard let family = try Self.family(of: row, reader) else { continue }
            families[family, default: []].append(row)
        }
        return families
    }

    private static func family(of row: RowIdentity, _ reader: Spool.Reader) throws -> OrderFamily? {
        if row.fingerprint != nil {
            let order = try reader.order(at: row.index)
            return OrderFamily(orderNumber: order.orderNumber, customer: order.customer)
        }
        let reject = try reader.reject(at: row.index).reject
        guard let number = reject.orderNumber, let customer = reject.customer else { return nil }
        return OrderFamily(orderNumber: number, customer: customer)
    }

    /// What the rows and orders of a contest look like.
    func states(of contest: Contest, snapshots: [OrderKey: [UInt8]]) throws -> ContestStates {
        var states = ContestStates()
        let reader = try self.spool.reader()
        for row in contest.rows {
            let snapshot =
                row.fingerprint == nil
                ? try reader.reject(at: row.index).snapshot : try reader.order(at: row.index).snapshot
            states.rows[row.index] = snapshot.flatMap { try? Order(snapshot: $0, fieldMap: self.fieldMap) }
        }
        for order in contest.orders {
            states.orders[order.orderKey] = snapshots[order.orderKey]
                .flatMap { try? Order(snapshot: $0, fieldMap: self.fieldMap) }
        }
        return states
    }

    /// Takes note of orders that may have been renamed.
    mutating func note(_ verdict: FamilyVerdict, in family: OrderFamily) {
        for match in verdict.matches { self.apply(match) }
        let orders = verdict.orders.filter(\.isInScope)
        guard !orders.isEmpty else { return }
        self.report.possiblyRenamed += orders.count
        guard self.report.renamed.count < RunReport.listLimit else { return }
        self.report.renamed.append(
            RunReport.Renamed(
                orderNumber: family.orderNumber,
                customer: family.customer,
                orderKeys: orders.map(\.orderKey.description),
                rows: verdict.rows.count
            )
        )
    }
}
