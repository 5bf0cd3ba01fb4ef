internal import ODBC
package import Orders

extension Warehouse {
    /// What keeps the programs from working with tables that are all there: rights that the login lacks, and what the server can't do.
    package func shortcomings() throws(Failure) -> [String] {
        try self.session.read { connection, dialect in
            guard dialect == .sqlServer else { return [] }
            var lacking: [(table: String, rights: [String])] = []
            try connection.query(Self.rightsSQL, timeout: self.session.timeout) { row in
                guard let table = try row.text(0), let right = try row.text(1) else { return }
                if lacking.last?.table == table {
                    lacking[lacking.count - 1].rights.append(right)
                } else {
                    lacking.append((table, [right]))
                }
            }
            let rights = lacking.map { "the login may not \($0.rights.joined(separator: ", ")) in \($0.table)" }
            return rights + [try self.lackOfJSON(connection, dialect)].compactMap(\.self)
        }
    }

    /// Rows can't be sent as JSON to a server before 2016, nor to a database whose compatibility level is of one.
    private func lackOfJSON(_ connection: Connection, _ dialect: Dialect) throws -> String? {
        guard self.session.bulk(connection, dialect).method == .json else { return nil }
        do {
            try connection.query("SELECT COUNT(*) FROM OPENJSON(N'[[1]]')", timeout: self.session.timeout) { _ in }
            return nil
        } catch let error as ODBCError {
            let failure = Failure(error, dialect)
            guard failure.isMissingTable else { throw error }
            return "the database knows no OPENJSON: give it compatibility level 130, or set warehouse.bulk to arrays"
        }
    }

    /// Nothing is ever deleted of the orders in production, nor of the guard.
    static let rightsSQL: String = {
        let needed = Table.required.flatMap { table in
            ["SELECT", "INSERT", "UPDATE", "DELETE"]
                .filter { $0 != "DELETE" || ![Table.orders, Table.guardRows].contains(table) }
                .map { "(N'\(table)', N'\($0)')" }
        }
        return """
            SELECT [t].[name], [t].[kind] FROM (VALUES \(needed.joined(separator: ", "))) AS [t]([name], [kind])
            WHERE HAS_PERMS_BY_NAME(N'[dbo].[' + [t].[name] + N']', N'OBJECT', [t].[kind]) = 0
            ORDER BY [t].[name], [t].[kind]
            """
    }()
}
