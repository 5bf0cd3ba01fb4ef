internal import CODBC

/// What is known of a driver beyond the standard.
struct Driver: Hashable, Sendable {
    /// The driver's own name, such as `libsqlite3odbc.so` or `libmsodbcsql-18.6.so.1.1`.
    let name: String

    /// The SQLite ODBC driver.
    ///
    /// - It takes the query time-out and ignores it.
    /// - Its `SQLCancel` closes the statement's result under the hands of the thread that works on it.
    /// - Its transactions begin as readers, so two that read before they write refuse each other at once, whatever the busy time-out.
    var isSQLite: Bool { self.name.lowercased().contains("sqlite") }

    /// Microsoft's driver.
    var isMicrosoft: Bool { self.name.lowercased().contains("msodbcsql") }

    /// How text without bound is described: Microsoft's driver takes a size of 0 as NVARCHAR(MAX), and would send SQL_WLONGVARCHAR as
    /// the retired NTEXT, which can't be compared; the others know SQL_WLONGVARCHAR only.
    func unboundedText(longest: Int) -> (type: Int16, size: SQLULEN, digits: Int16) {
        self.isMicrosoft ? (Int16(SQL_WVARCHAR), 0, 0) : (Int16(SQL_WLONGVARCHAR), SQLULEN(max(longest, 1)), 0)
    }
}
