internal import CrashPoints
package import FoundationEssentials
internal import ODBC
package import Orders

extension Warehouse {
    /// Writes the batch's row; one that is there already is left as it is.
    ///
    /// With a claim the board is the journal's for the batch, or nothing is written: what a batch makes on the board, it makes after.
    package func openBatch(_ opening: BatchOpening, claim: GuardClaim? = nil) throws(Failure) {
        try self.session.write(.batchOpen) { connection, dialect in
            if let claim { try self.guardWriter(connection, dialect).set(claim) }
            let columns = [
                "batch_id", "customer_name", "batch_type", "status", "start_time", "total_records",
                "successful_records",
                "failed_records", "started_by", "config_snapshot",
            ]
            let id = ODBCValue.guid(opening.id.uuidString.lowercased())
            let values: [ODBCValue] = [
                id, .textOrNull(ColumnWidth.cut(opening.customerName, Table.batches, "customer_name")),
                .textOrNull(ColumnWidth.cut(opening.type, Table.batches, "batch_type")), .text("STARTED"),
                .timestamp(SQLTime.text(opening.startTime)), .integer(Int64(opening.totalRecords)), .integer(0),
                .integer(0), .textOrNull(ColumnWidth.cut(opening.startedBy, Table.batches, "started_by")),
                .textOrNull(opening.configSnapshot),
            ]
            let table = dialect.table(Table.batches)
            let sql = """
                INSERT INTO \(table) (\(dialect.list(columns))) SELECT \(columns.map { _ in "?" }.joined(separator: ", "))
                WHERE NOT EXISTS (SELECT 1 FROM \(table) WHERE \(dialect.quoted("batch_id")) = ?)
                """
            try connection.execute(sql, values + [id], timeout: self.session.timeout)
        }
    }

    func markLoaded(_ batch: UUID) throws(Failure) {
        try self.session.write(.batchStep) { try self.markLoaded(batch, $0, $1) }
    }

    func markLoaded(_ batch: UUID, _ connection: Connection, _ dialect: Dialect) throws {
        try self.mark(batch, "STAGING_LOADED", "staging_load_completed", connection, dialect)
    }

    /// Says in the batch's row that a step is over.
    package func progress(batch: UUID, _ step: BatchStep) throws(Failure) {
        let (status, column) =
            switch step {
            case .itemsCreated: ("ITEMS_CREATED", "items_creation_completed")
            case .subitemsCreated: ("SUBITEMS_CREATED", "subitems_creation_completed")
            case .promoted: ("PROMOTED", "promotion_completed")
            }
        try self.session.write(.batchStep) { try self.mark(batch, status, column, $0, $1) }
    }

    /// A batch that has ended keeps its final status.
    private func mark(
        _ batch: UUID,
        _ status: String,
        _ column: String,
        _ connection: Connection,
        _ dialect: Dialect
    ) throws {
        let sql = """
            UPDATE \(dialect.table(Table.batches)) SET \(dialect.quoted("status")) = ?, \(dialect.quoted(column)) = ?
            WHERE \(dialect.quoted("batch_id")) = ? AND \(dialect.quoted("end_time")) IS NULL
            """
        let values: [ODBCValue] = [
            .text(status), .timestamp(SQLTime.text(self.now())), .guid(batch.uuidString.lowercased()),
        ]
        try connection.execute(sql, values, timeout: self.session.timeout)
    }

    /// Writes how the batch ended.
    ///
    /// Times that the closing doesn't know stay as they are; in a batch that did all it had to, a step
    /// without a time of its own ended with the batch.
    ///
    /// - Returns: Whether the batch has a row.
    @discardableResult
    package func closeBatch(_ closing: BatchClosing) throws(Failure) -> Bool {
        let end = SQLTime.text(closing.endTime)
        let isWhole = closing.status == .completed || closing.status == .noRecords
        let successful = max(0, min(closing.successful, closing.totalRecords))
        var values: [(column: String, value: ODBCValue)] = [
            ("status", .text(closing.status.rawValue)), ("end_time", .timestamp(end)),
            ("total_records", .integer(Int64(closing.totalRecords))),
            ("successful_records", .integer(Int64(successful))),
            ("failed_records", .integer(Int64(closing.failed))),
            ("orders_processed", .integer(Int64(successful + closing.failed))),
            ("subitems_processed", .integer(Int64(closing.subitemsProcessed))),
            ("api_calls_made", .integer(Int64(closing.apiCallsMade))),
            ("api_failures", .integer(Int64(closing.apiFailures))),
            ("retries_attempted", .integer(Int64(closing.retriesAttempted))),
            ("error_summary", .textOrNull(closing.errorSummary)),
            ("processing_notes", .textOrNull(closing.processingNotes)),
            ("completed_by", .textOrNull(ColumnWidth.cut(closing.completedBy, Table.batches, "completed_by"))),
        ]
        var kept: [String] = []
        for (column, time) in [
            ("staging_load_completed", closing.stagingLoadCompleted),
            ("items_creation_completed", closing.itemsCreationCompleted),
            ("subitems_creation_completed", closing.subitemsCreationCompleted),
            ("promotion_completed", closing.promotionCompleted), ("cleanup_completed", closing.cleanupCompleted),
        ] {
            if let time {
                values.append((column, .timestamp(SQLTime.text(time))))
            } else if isWhole {
                kept.append(column)
            }
        }
        return try self.session.write(.batchClose) { connection, dialect in
            let sets =
                values.map { "\(dialect.quoted($0.column)) = ?" }
                + kept.map { "\(dialect.quoted($0)) = COALESCE(\(dialect.quoted($0)), ?)" }
            let sql = """
                UPDATE \(dialect.table(Table.batches)) SET \(sets.joined(separator: ", "))
                WHERE \(dialect.quoted("batch_id")) = ?
                """
            let parameters =
                values.map(\.value) + kept.map { _ in .timestamp(end) } + [.guid(closing.id.uuidString.lowercased())]
            return try connection.execute(sql, parameters, timeout: self.session.timeout) != 0
        }
    }
}
