import Orders

/// What to do about staging tables of another shape, which can't be completed by adding columns.
///
/// A predecessor's later deployment gave the subitems' table a key column of another name and columns that must be filled. Such a
/// table is renamed, with its rows, and made anew; never without a person's word.
struct StagingReplacement {
    let dialect: Dialect
    let catalogue: Catalogue

    /// What its name gets behind it.
    static let suffix = "_before_ordersync"

    /// The tables that don't fit, with the reason; the subitems' first, since they refer to the orders'.
    var misfits: [(table: String, reason: String)] {
        let orders = self.misfit(Table.stagedOrders)
        var misfits: [(table: String, reason: String)] = []
        if let reason = self.misfit(Table.stagedSubitems) {
            misfits.append((Table.stagedSubitems, reason))
        } else if orders != nil, self.catalogue.columns(of: Table.stagedSubitems) != nil {
            misfits.append((Table.stagedSubitems, "its key refers to \(Table.stagedOrders), which does not fit"))
        }
        if let orders { misfits.append((Table.stagedOrders, orders)) }
        return misfits
    }

    /// Why a table can't be used; nil when it can, or when there is none.
    private func misfit(_ table: String) -> String? {
        guard let found = self.catalogue.columns(of: table), !found.isEmpty else { return nil }
        let wanted = Self.columns(of: table, self.dialect)
        for column in wanted where column.isIdentity {
            guard let there = found[column.name.lowercased()] else { return "it lacks its key column \(column.name)" }
            guard there.isIdentity else { return "its key column \(column.name) does not number the rows by itself" }
        }
        let known = Set(wanted.map { $0.name.lowercased() })
        let foreign = found.filter { $1.isRequired && !known.contains($0) }.keys.sorted()
        return foreign.first.map { "its column \($0) must be filled, and ordersync does not know it" }
    }

    /// Renames a table out of the way.
    ///
    /// Its indexes that have the names of ours go first: on some servers such names are taken for the whole schema.
    func steps(_ table: String) -> [MigrationStep] {
        let name = self.freeName(table)
        var steps: [MigrationStep] = []
        for statement in Migration.all(self.dialect).flatMap(\.statements) {
            guard case .index(let index) = statement.change, index.table == table else { continue }
            let place = self.dialect == .sqlServer ? " ON \(self.dialect.table(table))" : ""
            steps.append(
                MigrationStep(
                    name: "index \(index.name)",
                    did: .dropped,
                    sql: "DROP INDEX IF EXISTS \(self.dialect.quoted(index.name))\(place);"
                )
            )
        }
        let sql =
            switch self.dialect {
            case .sqlServer: "EXEC sp_rename N'\(self.dialect.table(table))', N'\(name)', N'OBJECT';"
            case .sqlite: "ALTER TABLE \(self.dialect.quoted(table)) RENAME TO \(self.dialect.quoted(name));"
            }
        steps.append(MigrationStep(name: "table \(table) to \(name)", did: .renamed, sql: sql, renamedTable: table))
        return steps
    }

    /// The statement with other names for the constraints whose names are taken: those of a renamed table keep theirs.
    func withFreeConstraints(_ sql: String) -> String {
        var result = sql
        var before: (token: SQLText.Token, range: Range<String.Index>)?
        for (token, range) in SQLText.tokens(sql).reversed() {
            if case .name(let name) = before?.token, token == .word("CONSTRAINT"), let place = before?.range,
                self.catalogue.hasConstraint(name)
            {
                let free = self.free(name + "_ordersync") { self.catalogue.hasConstraint($0) }
                result.replaceSubrange(place, with: self.dialect.quoted(free))
            }
            before = (token, range)
        }
        return result
    }

    private func freeName(_ table: String) -> String {
        self.free(table + Self.suffix) { self.catalogue.columns(of: $0) != nil }
    }

    private func free(_ name: String, isTaken: (String) -> Bool) -> String {
        var free = name
        var number = 2
        while isTaken(free) {
            free = "\(name)_\(number)"
            number += 1
        }
        return free
    }

    private static func columns(of table: String, _ dialect: Dialect) -> [(name: String, isIdentity: Bool)] {
        Migration.all(dialect).flatMap(\.statements).flatMap { statement -> [MigrationStatement.Column] in
            switch statement.change {
            case .table(table, let columns): columns
            case .column(table, let column): [column]
            default: []
            }
        }.map { column in
            let definition = column.definition.uppercased()
            return (column.name, definition.contains("IDENTITY") || definition.contains("INTEGER PRIMARY KEY"))
        }
    }
}
