import Foundation
import ODBC

/// A database of its own on the T-SQL server, dropped with this.
final class ServerDatabase: Sendable {
    let connectionString: String
    private let name: String
    private let server: String

    init(on server: String) throws {
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

    private static func quoted(_ value: String) -> String {
        value.contains { ";{} ".contains($0) } ? ConnectionString.quoted(value) : value
    }
}
