/// How many rows go to the server at once.
package enum BulkMethod: String, Hashable, Sendable, CaseIterable {
    /// Parameter arrays: one parameter a column, bound for a set of rows.
    case arrays
    /// One JSON text for a set of rows, which the server takes apart with OPENJSON; SQL Server 2016 and later only.
    case json

    /// The one that serves every driver of a dialect well (`make bench` with `ORDERSYNC_TEST_SQLSERVER` measures both).
    ///
    /// FreeTDS sends an array as one call a row, at a quarter of the rate of JSON. With Microsoft's driver arrays went at three quarters of
    /// that rate on one machine and at nine eighths on another (93 columns, the server on the same machine).
    static func fastest(_ dialect: Dialect) -> BulkMethod {
        switch dialect {
        case .sqlite: .arrays
        case .sqlServer: .json
        }
    }
}
