internal import CrashPoints
package import FoundationEssentials
internal import Orders
internal import SQLite

extension Journal {
    private enum SQL {
        /// The condition must be the one of the index `error_row_pending`, word for word.
        static let pending = """
            SELECT error_row.id, error_row.error_key, error_row.source, error_row.written_ms IS NOT NULL,
                error_row.resolved_ms, error_row.resolved_by, error_row.order_key, error_row.job_id, error_row.batch_id,
                error_row.size, reject.column_name, error_row.class, error_row.code, error_row.message,
                error_row.http_status, error_row.retry_count, error_row.exhausted, error_row.request,
                error_row.occurred_ms, coalesce(reject.record_uuid, ledger.record_uuid),
                coalesce(reject.order_number, ledger.order_number),
                coalesce(reject.source_customer, ledger.source_customer), ledger.customer, ledger.item_id,
                coalesce(reject.row_json, snapshot.bytes), coalesce(batch.name, run.batch_name)
            FROM error_row
            LEFT JOIN batch ON batch.id = error_row.batch_id
            LEFT JOIN ledger ON ledger.order_key = error_row.order_key
            LEFT JOIN reject ON reject.id = error_row.reject_id
            LEFT JOIN run ON run.id = reject.last_run_id
            LEFT JOIN snapshot ON snapshot.job_id = error_row.job_id
            WHERE (error_row.written_ms IS NULL
                OR (error_row.resolved_ms IS NOT NULL AND error_row.resolution_written_ms IS NULL))
            ORDER BY error_row.id LIMIT ?1
            """
        static let written = """
            UPDATE error_row SET written_ms = coalesce(written_ms, ?2),
                resolution_written_ms = CASE WHEN ?3 THEN ?2 ELSE resolution_written_ms END
            WHERE id = ?1
            """
        static let batches = """
            SELECT id, status, succeeded, failed, left_over, subitems, api_calls, api_failures, retries, error_summary,
                customer, name, type, orders, opened_ms, closed_ms
            FROM batch WHERE closed_ms IS NOT NULL AND reported_ms IS NULL ORDER BY seq LIMIT ?1
            """
        static let reported = "UPDATE batch SET reported_ms = ?2 WHERE id = ?1 AND closed_ms IS NOT NULL"
    }

    /// Error rows the warehouse lacks, and those there that lack their resolution; oldest first.
    package func pendingErrors(limit: Int) throws(JournalError) -> [PendingError] {
        try self.read { database in
            try database.query(SQL.pending, [.integer(limit)]) { row throws(SQLiteError) in
                let resolution: PendingError.Resolution? =
                    if let at = row.integer(4) {
                        PendingError.Resolution(at: at, by: row.text(5) ?? "")
                    } else {
                        nil
                    }
                return PendingError(
                    id: try row.whole(0),
                    key: try row.string(1),
                    source: try row.word(2),
                    isWritten: row.flag(3),
                    resolution: resolution,
                    orderKey: try row.optionalKey(6),
                    jobID: row.integer(7),
                    batchID: try row.optionalUUID(8),
                    batchName: row.text(25),
                    size: row.text(9),
                    column: row.text(10),
                    failure: row.failure(11) ?? Failure(.permanent, code: "", message: ""),
                    retryCount: try row.count(15),
                    isExhausted: row.flag(16),
                    request: row.text(17),
                    occurredAt: try row.whole(18),
                    recordUUID: try row.optionalUUID(19),
                    orderNumber: row.text(20),
                    sourceCustomer: row.text(21),
                    customer: row.text(22),
                    itemID: row.integer(23),
                    data: row.blob(24)
                )
            }
        }
    }

    /// Notes that the warehouse holds these as they were handed out; what was resolved since stays pending.
    package func errorsWritten(_ errors: [PendingError], now: Int64) throws(JournalError) {
        try self.write(.errorsWritten) { database in
            for error in errors {
                let isResolved: Int64 = error.resolution == nil ? 0 : 1
                try database.run(SQL.written, [.integer(error.id), .integer(now), .integer(isResolved)])
            }
        }
    }

    /// Closed batches whose row in the warehouse lacks its end; oldest first.
    package func pendingBatches(limit: Int) throws(JournalError) -> [PendingBatch] {
        try self.read { database in
            try database.query(SQL.batches, [.integer(limit)]) { row throws(SQLiteError) in
                var close = BatchClose(batchID: try row.uuid(0), status: try row.word(1))
                close.succeeded = try row.count(2)
                close.failed = try row.count(3)
                close.leftOver = try row.count(4)
                close.subitems = try row.count(5)
                close.apiCalls = try row.count(6)
                close.apiFailures = try row.count(7)
                close.retries = try row.count(8)
                close.errorSummary = row.text(9)
                return PendingBatch(
                    close: close,
                    customer: try row.string(10),
                    name: try row.string(11),
                    type: try row.string(12),
                    orders: try row.count(13),
                    openedAt: try row.whole(14),
                    closedAt: try row.whole(15)
                )
            }
        }
    }

    /// Notes that the warehouse's rows of these batches have their end.
    package func batchesReported(_ ids: [UUID], now: Int64) throws(JournalError) {
        try self.write(.batchesReported) { database in
            for id in ids { try database.run(SQL.reported, [.uuid(id), .integer(now)]) }
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var backlogQueries: [String: [String]] {
        ["error_row_pending": [SQL.pending], "batch_unreported": [SQL.batches]]
    }
}
