internal import SQLite

/// A condition made of constant text and bound values: what comes from outside is never part of the SQL.
struct Condition {
    var sql = ""
    var values: [SQLiteValue] = []

    /// Demands that a column holds one of some values; no values demand nothing.
    mutating func demand(_ column: StaticString, in values: [SQLiteValue]) {
        guard !values.isEmpty else { return }
        let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
        self.sql += " AND \(column) IN (\(marks))"
        self.values += values
    }

    /// Demands what a fragment says of one value, which it names `?`.
    mutating func demand(_ fragment: StaticString, _ value: SQLiteValue) {
        self.sql += " AND \(fragment)"
        self.values.append(value)
    }
}

extension LedgerScope {
    /// The scope as a condition on the columns that `ledger` and `reject` share.
    var condition: Condition {
        var condition = Condition()
        condition.demand("source_customer", in: self.sourceCustomers.map(SQLiteValue.text))
        condition.demand("po_number", in: self.poNumbers.map(SQLiteValue.text))
        condition.demand("aag_season", in: self.aagSeasons.map(SQLiteValue.text))
        condition.demand("customer_season", in: self.customerSeasons.map(SQLiteValue.text))
        return condition
    }
}
