internal import ODBC

/// What a connection string for SQL Server gets when a person has left it out.
///
/// A data source's name (`DSN=…`) stands for what its file says: only the intent to read is added to it.
struct SQLServerKeywords {
    private enum Driver { case microsoft, freeTDS, other }

    /// Adds the missing keywords.
    ///
    /// - Parameters:
    ///   - connectionString: as the configuration has it
    ///   - readsOnly: whether nothing is written, so that a readable secondary may serve it
    /// - Returns: The connection string with them.
    static func complete(_ connectionString: String, readsOnly: Bool) -> String {
        let given = ConnectionString(connectionString)
        var wanted: [(keyword: String, value: String)] = []
        switch self.driver(given) {
        case .microsoft:
            // Driver 18 would encrypt by itself, 17 would not; neither trusts a certificate unless told to.
            wanted += [("Encrypt", "yes"), ("APP", "ordersync")]
        case .freeTDS:
            // It verifies the certificate when freetds.conf names a `ca file`. Without a charset it takes Latin-1.
            // Microsoft's word for the encryption is understood as well.
            let isPlain = ["no", "optional", "false", "0"].contains(given["encrypt"]?.lowercased() ?? "")
            wanted += [
                ("Encryption", isPlain ? "off" : "require"), ("TDS_Version", "7.4"), ("ClientCharset", "UTF-8"),
                ("APP", "ordersync"),
            ]
        case .other: break
        }
        if readsOnly { wanted.append(("ApplicationIntent", "ReadOnly")) }
        let added = wanted.filter { given[$0.keyword] == nil }.map { "\($0.keyword)=\($0.value);" }.joined()
        let separator = connectionString.hasSuffix(";") ? "" : ";"
        return added.isEmpty ? connectionString : connectionString + separator + added
    }

    /// What every session begins with.
    ///
    /// The options are those without which a table with a filtered index can't be written, should a driver or the server have
    /// others; and no text may be cut on its way: the configuration that comes with FreeTDS does so at 64,512 bytes.
    static let session = """
        SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; SET ARITHABORT ON;
        SET CONCAT_NULL_YIELDS_NULL ON; SET QUOTED_IDENTIFIER ON; SET NUMERIC_ROUNDABORT OFF;
        SET TEXTSIZE 2147483647;
        """

    private static func driver(_ given: ConnectionString) -> Driver {
        guard let name = given["driver"]?.lowercased() else { return .other }
        if name.contains("freetds") || name.contains("tdsodbc") { return .freeTDS }
        return name.contains("sql server") || name.contains("msodbcsql") ? .microsoft : .other
    }
}
