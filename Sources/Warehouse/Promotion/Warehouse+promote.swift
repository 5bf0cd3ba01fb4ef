internal import CrashPoints
package import FoundationEssentials
internal import ODBC
package import Orders

extension Warehouse {
    /// Writes complete orders to the production tables, and the guard row with them, in one transaction.
    ///
    /// - Parameters:
    ///   - batch: the batch that staged them
    ///   - orders: orders whose item and all subitems are on the board
    ///   - claim: which journal writes, and to which board
    /// - Throws: Also when another journal has claimed the board, and when one of the orders isn't staged in the batch; then nothing
    ///   is promoted.
    package func promote(batch: UUID, orders: [PromotedOrder], claim: GuardClaim) throws(Failure) {
        try self.session.write(.promote) { connection, dialect in
            try self.guardWriter(connection, dialect).set(claim)
            let promoter = Promoter(
                bulk: self.session.bulk(connection, dialect),
                fieldMap: self.fieldMap,
                production: try ProductionTable(connection, dialect, timeout: self.session.timeout),
                batch: batch,
                now: self.now()
            )
            try promoter.promote(orders, board: claim.board)
        }
    }
}
