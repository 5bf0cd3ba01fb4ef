internal import ODBC

/// The keywords that the SQLite ODBC driver needs for what the warehouse promises, and that a person may have left out.
///
/// See the driver's README. Of its keywords these matter: `Timeout` (milliseconds to wait for another writer, 100,000 by default,
/// which would end before the statement's deadline), `StepAPI` (rows are read as they are fetched: without it the driver holds a whole
/// result in memory), `FKSupport` (foreign keys are enforced), `BigInt` (columns declared INT are described as 64-bit) and `NoCreat`
/// (a misspelt path is an error, not a new empty database).
struct SQLiteKeywords {
    /// Waits for a lock go on a little longer than the deadline, so that it is the deadline that ends them.
    private static let margin = 5

    /// Whether a connection string names the driver.
    static func applies(to connectionString: String) -> Bool {
        ConnectionString(connectionString)["driver"]?.lowercased().contains("sqlite") ?? false
    }

    /// Adds the missing keywords.
    ///
    /// - Parameters:
    ///   - connectionString: as the configuration has it
    ///   - timeout: seconds, the deadline of statements
    ///   - mayCreate: whether a database that isn't there is made
    /// - Returns: The connection string with them.
    static func complete(_ connectionString: String, timeout: Int, mayCreate: Bool) -> String {
        let given = ConnectionString(connectionString)
        var added = ""
        for (keyword, value) in [
            ("Timeout", "\((timeout + self.margin) * 1000)"), ("StepAPI", "1"), ("FKSupport", "1"), ("BigInt", "1"),
            ("NoCreat", mayCreate ? "0" : "1"),
        ] where given[keyword] == nil {
            added += "\(keyword)=\(value);"
        }
        let separator = connectionString.hasSuffix(";") ? "" : ";"
        return added.isEmpty ? connectionString : connectionString + separator + added
    }
}
