internal import ODBC
package import Orders

extension Warehouse {
    /// What production and staging tell of the orders of a board, for a ledger that has to be restored.
    package func knownOrders(board: Int64) throws(Failure) -> KnownOrders {
        try self.session.read { connection, dialect in
            let reader = self.knownOrderReader(connection, dialect)
            var known = KnownOrders()
            known.promoted = try reader.promoted(board: board)
            known.staged = try reader.staged()
            return known
        }
    }

    /// What production tells of the subitems of some orders.
    package func knownSubitems(of orders: Set<OrderKey>) throws(Failure) -> [OrderKey: [KnownSubitem]] {
        guard !orders.isEmpty else { return [:] }
        return try self.session.read { connection, dialect in
            try self.knownOrderReader(connection, dialect).subitems(of: orders)
        }
    }

    private func knownOrderReader(_ connection: Connection, _ dialect: Dialect) -> KnownOrderReader {
        KnownOrderReader(
            connection: connection,
            dialect: dialect,
            timeout: self.session.timeout,
            fieldMap: self.fieldMap
        )
    }
}
