/// How many rows go to the server at once.
package enum BulkMethod: String, Hashable, Sendable, CaseIterable {
    /// Parameter arrays: one parameter a column, bound for a set of rows.
    case arrays
    /// One JSON text for a set of rows, which the server takes apart with OPENJSON; SQL Server 2016 and later only.
    case json

    /// The faster one for a driver, by its file name, as measured (`make bench` with `ORDERSYNC_TEST_SQLSERVER`).
    ///
    /// FreeTDS sends an array as one call a row. Microsoft's driver has arrays of its own, but the server then runs the INSERT
    /// once a row all the same.
    static func fastest(_ dialect: Dialect) -> BulkMethod {
        switch dialect {
        case .sqlite: .arrays
        case .sqlServer: .json
        }
    }
}
