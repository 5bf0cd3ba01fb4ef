internal import CLogFile
internal import CSQLite

/// Settings of the library as a whole, which count only before its first use in the process.
enum LibrarySettings {
    /// Whether they were made in time; asking makes them.
    ///
    /// No connection is used by two threads at once, so none needs a mutex; and nobody asks how much memory SQLite holds,
    /// for which each of its allocations takes another one. SQLite's ODBC driver, whose connections have the mutex unless
    /// it is turned off here, reads a row faster by a tenth.
    static let areInForce = csqlite_configure_library() == SQLITE_OK

    /// The file system for connections, made known to the library: one that writes a transaction in few calls.
    static let fileSystem: String? = {
        // First the settings, since to ask for SQLite's own file system is a use of the library; that they came too late, behind
        // the ODBC driver's first connection, is no matter here.
        _ = areInForce
        return clogfile_register() == SQLITE_OK ? CLOGFILE_NAME : nil
    }()
}
