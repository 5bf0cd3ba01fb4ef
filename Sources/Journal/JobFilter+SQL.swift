internal import Orders
internal import SQLite

extension JobFilter {
    /// The columns of a ``JobSummary``, in its order.
    static let columns = """
        job.id, job.order_key, job.kind, job.state, job.stage, ledger.order_number, job.customer, ledger.style, ledger.colour,
        ledger.po_number, job.errors, job.replays, job.queued_ms, job.created_ms, job.updated_ms, job.run_at_ms, job.last_class,
        job.last_code, job.last_message,
        EXISTS (SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL), job.hold
        """
    static let tables = "FROM job JOIN ledger ON ledger.seq = job.order_seq"

    /// The filter as a condition made of constant fragments and bound values.
    private var condition: Condition {
        var condition = Condition()
        condition.demand("job.id", in: (self.ids ?? []).map { .integer($0) })
        condition.demand("job.state", in: self.states.map(SQLiteValue.state))
        if let customer { condition.demand("? IN (job.customer, ledger.source_customer)", .text(customer)) }
        if let poNumber { condition.demand("ledger.po_number = ?", .text(poNumber)) }
        if let orderNumber { condition.demand("ledger.order_number = ?", .text(orderNumber)) }
        if let orderKey { condition.demand("job.order_key = ?", .key(orderKey)) }
        if let failureClass { condition.demand("job.last_class = ?", .text(failureClass.rawValue)) }
        if let code { condition.demand("job.last_code = ?", .text(code)) }
        if let changedBefore { condition.demand("job.updated_ms < ?", .integer(changedBefore)) }
        if let batch {
            condition.demand("job.batch_seq = (SELECT batch.seq FROM batch WHERE batch.id = ?)", .uuid(batch))
        }
        return condition
    }

    /// The jobs that meet the filter, in order of their numbers.
    func jobs(in database: Database) throws -> [JobSummary] {
        if let ids, ids.isEmpty { return [] }
        // SQLite takes 32,766 values a statement; ids from a pipe may be more, and name a job twice.
        if let named = self.ids, named.count > 500 {
            let ids = Set(named).sorted()
            var found: [JobSummary] = []
            for start in stride(from: 0, to: ids.count, by: 500) where found.count < self.limit {
                var part = self
                part.ids = Array(ids[start..<min(start + 500, ids.count)])
                part.limit = self.limit - found.count
                found += try part.jobs(in: database)
            }
            return found
        }
        let condition = self.condition
        return try database.query(
            "SELECT \(Self.columns) \(Self.tables) WHERE job.id > ?\(condition.sql) ORDER BY job.id LIMIT ?",
            [.integer(self.after)] + condition.values + [.integer(self.limit)]
        ) { row throws(SQLiteError) in try JobSummary(row) }
    }

    /// The filter in words, for the record of what was done.
    var words: String {
        var words: [String] = []
        if let ids {
            let shown = ids.prefix(20).map(String.init).joined(separator: ",")
            words.append("ids \(shown)\(ids.count > 20 ? " and \(ids.count - 20) more" : "")")
        }
        if !self.states.isEmpty { words.append("states \(self.states.map(\.rawValue).joined(separator: ","))") }
        if let customer { words.append("customer \(customer)") }
        if let poNumber { words.append("PO \(poNumber)") }
        if let orderNumber { words.append("order \(orderNumber)") }
        if let orderKey { words.append("order key \(orderKey)") }
        if let failureClass { words.append("class \(failureClass.rawValue)") }
        if let code { words.append("code \(code)") }
        if let changedBefore { words.append("changed before \(changedBefore)") }
        if let batch { words.append("batch \(batch.lowercaseText)") }
        return words.isEmpty ? "all" : words.joined(separator: ", ")
    }
}

extension JobSummary {
    /// Reads ``JobFilter/columns``.
    init(_ row: borrowing Row) throws(SQLiteError) {
        self.init(
            id: try row.whole(0),
            orderKey: try row.orderKey(1),
            kind: try row.word(2),
            state: try row.word(3),
            stage: try row.word(4),
            orderNumber: try row.string(5),
            customer: try row.string(6),
            style: row.text(7),
            colour: row.text(8),
            poNumber: row.text(9),
            errors: try row.count(10),
            replays: try row.count(11),
            queuedAt: try row.whole(12),
            createdAt: try row.whole(13),
            updatedAt: try row.whole(14),
            runAt: row.integer(15),
            lastClass: row.text(16).flatMap(FailureClass.init),
            lastCode: row.text(17),
            lastMessage: row.text(18),
            isUnsettled: row.flag(19),
            isToBeHeld: row.flag(20)
        )
    }
}
