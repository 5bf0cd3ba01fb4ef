internal import CrashPoints
internal import ODBC
package import Orders

extension Warehouse {
    /// What the board's guard row says; nil when no journal has written one.
    package func guardRow(board: Int64) throws(Failure) -> GuardRow? {
        try self.session.read { connection, dialect in
            try self.guardWriter(connection, dialect).read(board: board)
        }
    }

    /// Claims a board in a transaction of its own.
    package func claim(_ claim: GuardClaim) throws(Failure) {
        try self.session.write(.guardClaim) { connection, dialect in
            try self.guardWriter(connection, dialect).set(claim)
        }
    }

    func guardWriter(_ connection: Connection, _ dialect: Dialect) -> GuardWriter {
        GuardWriter(connection: connection, dialect: dialect, timeout: self.session.timeout, now: self.now())
    }
}
