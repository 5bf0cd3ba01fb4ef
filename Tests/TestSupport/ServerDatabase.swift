import Foundation
import ODBC

/// A database of its own on the T-SQL server, dropped with this.
package final class ServerDatabase: Sendable {
    /// A T-SQL server to test on: an ODBC connection string whose login may create databases.
    package static let given: String? = ProcessInfo.processInfo.environment["ORDERSYNC_TEST_SQLSERVER"]
        .flatMap { $0.isEmpty ? nil : $0 }

    /// The file of the CA that signed the server's certificate.
    package static let authority: String? = ProcessInfo.processInfo.environment["ORDERSYNC_TEST_SQLSERVER_CA"]
        .flatMap { $0.isEmpty ? nil : $0 }

    package let connectionString: String
    private let name: String
    private let server: String

    package init(on server: String) throws {
        self.server = server
        self.name = "ordersync_test_" + UUID().uuidString.lowercased().prefix(8)
        // The first of two equal keywords counts, so one that the connection string has must go.
        let others = ConnectionString(server).pairs.filter { $0.keyword != "database" }
        let given = others.map { "\($0.keyword)=\(Self.quoted($0.value));" }.joined()
        self.connectionString = "\(given)database=\(self.name);"
        try Connection(connectionString: server).execute("CREATE DATABASE [\(self.name)]", timeout: 60)
    }

    deinit {
        // A connection of the test may be on its way out still.
        for _ in 1...50 {
            do {
                try Connection(connectionString: self.server).execute("DROP DATABASE [\(self.name)]", timeout: 60)
                return
            } catch {
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        print("The database \(self.name) could not be dropped.")
    }

    /// The rows of a query, their cells joined by a blank.
    package func rows(_ sql: String) throws -> [String] {
        var rows: [String] = []
        try Connection(connectionString: self.connectionString).query(sql, timeout: 60) { row in
            rows.append(try row.columns.indices.map { try row.text($0) ?? "NULL" }.joined(separator: " "))
        }
        return rows
    }

    private static func quoted(_ value: String) -> String {
        value.contains { ";{} ".contains($0) } ? ConnectionString.quoted(value) : value
    }
}
