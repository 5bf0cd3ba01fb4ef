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
            // A connection that is lost is made anew by us: one that the driver makes without a word has lost the board's lock.
            wanted += [("Encrypt", "yes"), ("ConnectRetryCount", "0"), ("APP", "ordersync")]
        case .freeTDS:
            // Without a charset it takes Latin-1.
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
    /// others; and no text may be cut on its way: the configuration that comes with FreeTDS does so at 64,512 bytes. A login may have
    /// another language: what errors quote of values is taken out by the words around it.
    static let session = """
        SET LANGUAGE us_english;
        SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; SET ARITHABORT ON;
        SET CONCAT_NULL_YIELDS_NULL ON; SET QUOTED_IDENTIFIER ON; SET NUMERIC_ROUNDABORT OFF;
        SET TEXTSIZE 2147483647;
        """

    /// What a person should know of the trust in a connection; nil when there is nothing to say, or it can't be known.
    static func trustWarning(_ connectionString: String) -> String? {
        let complete = ConnectionString(self.complete(connectionString, readsOnly: false))
        func isGiven(_ keyword: String, _ values: String...) -> Bool {
            complete[keyword].map { values.contains($0.lowercased()) } ?? false
        }
        switch self.driver(complete) {
        case .microsoft:
            if isGiven("encrypt", "no", "optional", "false", "0") { return "the connection is not encrypted" }
            guard isGiven("trustservercertificate", "yes", "true", "1") else { return nil }
            return "the server's certificate is not verified (TrustServerCertificate)"
        case .freeTDS:
            if isGiven("encryption", "off") { return "the connection is not encrypted" }
            // Only an entry of freetds.conf can name a `ca file`.
            guard complete["server"] != nil else { return nil }
            return "FreeTDS does not verify the server's certificate of Server=…: name the server in freetds.conf, "
                + "with “ca file” and “check certificate hostname = yes”, and use Servername=…"
        case .other: return nil
        }
    }

    private static func driver(_ given: ConnectionString) -> Driver {
        guard let name = given["driver"]?.lowercased() else { return .other }
        if name.contains("freetds") || name.contains("tdsodbc") { return .freeTDS }
        return name.contains("sql server") || name.contains("msodbcsql") ? .microsoft : .other
    }
}
