extension RunReport {
    /// What a dry run would change: of a new order what it is, of any other each column that differs.
    func changeLines(width: Int?) -> [String] {
        guard let changes = self.changes, !changes.isEmpty else { return [] }
        var table = TextTable([
            .init("WHAT"), .init("ORDER", isFlexible: true), .init("CUSTOMER", isFlexible: true),
            .init("COLUMN", isFlexible: true), .init("OLD", isFlexible: true), .init("NEW", isFlexible: true),
        ])
        for change in changes {
            let columns = change.kind == .new ? change.columns.filter { Self.isTold($0.column) } : change.columns
            if columns.isEmpty { table.add([change.kind.rawValue, change.orderNumber, change.customer]) }
            for (number, column) in columns.enumerated() {
                // Named once, so that one sees where the next order begins.
                let order = number == 0 ? [change.kind.rawValue, change.orderNumber, change.customer] : ["", "", ""]
                table.add(order + [column.column, column.old ?? "–", column.new ?? "–"])
            }
        }
        return ["", "What would change:"] + table.lines(width: width)
            + Self.more(shown: changes.count, of: self.enqueued)
    }

    /// Of a new order every column is new; a table tells its name, its group and its sizes, and JSON all of it.
    private static func isTold(_ column: String) -> Bool {
        column == "name" || column == "group" || column.hasPrefix("size ")
    }

    static func more(shown: Int, of total: Int) -> [String] {
        shown < total ? ["and \(HumanText.count(total - shown)) more"] : []
    }
}
