internal import CrashPoints
internal import ODBC
package import Orders

extension Warehouse {
    /// Deletes what is older than its retention, each in milliseconds.
    ///
    /// Staging rows go by the end of their batch, whatever became of them, since the journal holds the orders, or by their own age when
    /// somebody has deleted the batch, as the procedure for cleanup does; rows of the predecessor only when they were promoted. Error rows
    /// go when they are resolved. Batches go when they have ended and nothing of them is staged any more.
    package func cleanup(staging: Int64, errors: Int64, batches: Int64, now: Int64) throws(Failure) -> CleanupCounts {
        var counts = CleanupCounts()
        let stagingBefore = [ODBCValue](repeating: .timestamp(SQLTime.text(now - staging)), count: 3)
        let errorsBefore = ODBCValue.timestamp(SQLTime.text(now - errors))
        let batchesBefore = ODBCValue.timestamp(SQLTime.text(now - batches))
        counts.stagedSubitems = try self.delete(Table.stagedSubitems, stagingBefore) { dialect in
            Self.isExpired(Table.stagedSubitems, dialect)
        }
        counts.stagedOrders = try self.delete(Table.stagedOrders, stagingBefore) { dialect in
            let orders = dialect.table(Table.stagedOrders)
            return """
                (\(Self.isExpired(Table.stagedOrders, dialect))) AND NOT EXISTS (
                    SELECT 1 FROM \(dialect.table(Table.stagedSubitems)) AS s
                    WHERE s.\(dialect.quoted("stg_parent_stg_id")) = \(orders).\(dialect.quoted("stg_id")))
                """
        }
        for table in [Table.orderErrors, Table.subitemErrors] {
            counts.errors += try self.delete(table, [errorsBefore]) { "\($0.quoted("resolved_date")) < ?" }
        }
        counts.batches = try self.delete(Table.batches, [batchesBefore]) { dialect in
            let batches = dialect.table(Table.batches)
            return """
                \(dialect.quoted("end_time")) < ? AND NOT EXISTS (
                    SELECT 1 FROM \(dialect.table(Table.stagedOrders)) AS s
                    WHERE s.\(dialect.quoted("stg_batch_id")) = \(batches).\(dialect.quoted("batch_id")))
                """
        }
        return counts
    }

    private static func isExpired(_ table: String, _ dialect: Dialect) -> String {
        let batch = dialect.quoted("stg_batch_id")
        let ended = """
            \(dialect.quoted("order_key")) IS NOT NULL AND \(batch) IN (
                SELECT b.\(dialect.quoted("batch_id")) FROM \(dialect.table(Table.batches)) AS b
                WHERE b.\(dialect.quoted("end_time")) < ?)
            """
        let orphaned = """
            \(dialect.quoted("order_key")) IS NOT NULL AND \(dialect.quoted("stg_created_date")) < ? AND NOT EXISTS (
                SELECT 1 FROM \(dialect.table(Table.batches)) AS b
                WHERE b.\(dialect.quoted("batch_id")) = \(dialect.table(table)).\(batch))
            """
        let promoted = """
            \(dialect.quoted("stg_status")) = 'PROMOTED' AND \(dialect.quoted("stg_processed_date")) < ?
            """
        return "(\(ended)) OR (\(orphaned)) OR (\(promoted))"
    }

    private func delete(
        _ table: String,
        _ values: [ODBCValue],
        _ condition: (Dialect) -> String
    ) throws(Failure) -> Int {
        try self.session.write(.cleanup) { connection, dialect in
            let sql = "DELETE FROM \(dialect.table(table)) WHERE \(condition(dialect))"
            return max(0, try connection.execute(sql, values, timeout: self.session.timeout))
        }
    }
}
