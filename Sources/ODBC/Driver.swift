internal import CODBC

/// What is known of a driver beyond the standard.
struct Driver: Hashable, Sendable {
    /// The driver's own name, such as `libsqlite3odbc.so` or `libmsodbcsql-18.6.so.1.1`.
    let name: String
    /// The SQLite ODBC driver.
    ///
    /// - It takes the query time-out and ignores it.
    /// - Its `SQLCancel` closes the statement's result under the hands of the thread that works on it.
    /// - Its `SQLRowCount` is 0 for what ``prepared(_:)`` disguises.
    /// - Its transactions begin as readers, so two that read before they write refuse each other at once, whatever the busy time-out.
    let isSQLite: Bool
    /// Microsoft's driver.
    let isMicrosoft: Bool

    init(name: String) {
        self.name = name
        self.isSQLite = name.lowercased().contains("sqlite")
        self.isMicrosoft = name.lowercased().contains("msodbcsql")
    }

    /// Whether an error says that a cancel ended the call, whichever call the cancel was meant for.
    func isInterruption(_ error: ODBCError) -> Bool {
        self.isSQLite && error.native == 9  // SQLITE_INTERRUPT
    }

    /// How text without bound is described: Microsoft's driver takes a size of 0 as NVARCHAR(MAX), and would send SQL_WLONGVARCHAR as
    /// the retired NTEXT, which can't be compared; the others know SQL_WLONGVARCHAR only.
    func unboundedText(longest: Int) -> (type: Int16, size: SQLULEN, digits: Int16) {
        self.isMicrosoft ? (Int16(SQL_WVARCHAR), 0, 0) : (Int16(SQL_WLONGVARCHAR), SQLULEN(max(longest, 1)), 0)
    }

    /// The text to prepare for a statement that is executed many times.
    ///
    /// SQLite's driver keeps the compiled form of what it takes for a query alone, and compiles anything else anew for each row of
    /// a set, which costs five times the insert itself at 93 columns. It takes any text for a query that begins with WITH.
    func prepared(_ sql: String) -> String {
        guard self.isSQLite, let keyword = sql.split(whereSeparator: \.isWhitespace).first,
            ["insert", "update", "delete", "replace"].contains(keyword.lowercased())
        else { return sql }
        return "WITH kept AS (SELECT 1) " + sql
    }
}
