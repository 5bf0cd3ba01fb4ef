internal import CODBC

extension Connection {
    /// Whether statements are committed one by one, which is how a connection begins.
    ///
    /// - Throws: also when a transaction is open: commit it or roll it back first.
    package func setAutocommit(_ on: Bool) throws(ODBCError) {
        let value = SQLULEN(on ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF)
        try self.link.connection.check(
            unsafe codbc_set_connection_number(self.link.connection.raw, SQL_ATTR_AUTOCOMMIT, value),
            "SQLSetConnectAttr"
        )
        self.link.isTransactional = !on
    }

    package func commit() throws(ODBCError) { try self.end(SQL_COMMIT) }

    package func rollback() throws(ODBCError) { try self.end(SQL_ROLLBACK) }

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
        guard self.link.driver.isSQLite else { return try self.setAutocommit(false) }
        try self.perform("BEGIN IMMEDIATE", timeout: timeout)
        self.isInExplicitTransaction = true
    }

    private func finish(_ kind: Int32, timeout: Int) throws(ODBCError) {
        guard self.isInExplicitTransaction else {
            try self.end(kind)
            return try self.setAutocommit(true)
        }
        try self.perform(kind == SQL_COMMIT ? "COMMIT" : "ROLLBACK", timeout: timeout)
        self.isInExplicitTransaction = false
    }

    private func end(_ kind: Int32) throws(ODBCError) {
        let code = unsafe SQLEndTran(SQLSMALLINT(SQL_HANDLE_DBC), self.link.connection.raw, SQLSMALLINT(kind))
        try self.link.connection.check(code, "SQLEndTran")
    }
}
