internal import CODBC

extension Connection {
    /// Whether statements are committed one by one, which is how a connection begins.
    ///
    /// - Throws: also when a transaction is open: commit it or roll it back first.
    package func setAutocommit(_ on: Bool, timeout: Int = 0) throws(ODBCError) {
        let value = SQLULEN(on ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF)
        try self.link.call("SQLSetConnectAttr", timeout: timeout) {
            unsafe codbc_set_connection_number($0.raw, SQL_ATTR_AUTOCOMMIT, value)
        }
        self.link.isTransactional = !on
    }

    package func commit(timeout: Int = 0) throws(ODBCError) { try self.end(SQL_COMMIT, timeout: timeout) }

    package func rollback(timeout: Int = 0) throws(ODBCError) { try self.end(SQL_ROLLBACK, timeout: timeout) }

    /// Does work in a transaction: commits it when `body` returns, rolls it back when it throws.
    ///
    /// On SQLite it takes the write lock at once, by `BEGIN IMMEDIATE`: the driver's own transactions begin as readers, and of two that
    /// have read, none may wait for the other to write.
    ///
    /// - Parameters:
    ///   - timeout: seconds to wait for the write lock on SQLite
    ///   - body: the work
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and what the driver says of the transaction's begin and commit.
    @discardableResult
    package func transaction<Result>(timeout: Int, _ body: () throws -> Result) throws -> Result {
        try self.begin(timeout: timeout)
        do {
            let result = try body()
            try self.finish(SQL_COMMIT, timeout: timeout)
            return result
        } catch {
            // The first error is the one that tells. A connection that can't roll back must not be used any more: what it did next
            // would be a part of the old transaction.
            self.cursor?.close()
            do { try self.finish(SQL_ROLLBACK, timeout: timeout) } catch { self.isBroken = true }
            throw error
        }
    }

    private func begin(timeout: Int) throws(ODBCError) {
        guard self.link.driver.isSQLite else { return try self.setAutocommit(false, timeout: timeout) }
        try self.perform("BEGIN IMMEDIATE", timeout: timeout)
        self.isInExplicitTransaction = true
    }

    private func finish(_ kind: Int32, timeout: Int) throws(ODBCError) {
        guard self.isInExplicitTransaction else {
            try self.end(kind, timeout: timeout)
            return try self.setAutocommit(true, timeout: timeout)
        }
        try self.perform(kind == SQL_COMMIT ? "COMMIT" : "ROLLBACK", timeout: timeout)
        self.isInExplicitTransaction = false
    }

    private func end(_ kind: Int32, timeout: Int) throws(ODBCError) {
        try self.link.call("SQLEndTran", timeout: timeout) {
            unsafe SQLEndTran(SQLSMALLINT(SQL_HANDLE_DBC), $0.raw, SQLSMALLINT(kind))
        }
    }
}
