/// How many requests may be in flight against one board.
package enum BoardConcurrency: Hashable, Sendable {
    /// Adapts to the board's answers, between 1 and the account's limit.
    case automatic
    case fixed(Int)
}

/// The SQL a database speaks; decided by the driver when it is not configured.
package enum DialectName: String, Hashable, Sendable, CaseIterable {
    case sqlserver
    case sqlite
}

/// How many rows go to the warehouse at once.
package enum BulkName: String, Hashable, Sendable, CaseIterable {
    /// What was measured to be the fastest for the database.
    case auto
    /// Parameter arrays.
    case arrays
    /// One JSON text for many rows; SQL Server 2016 and later.
    case json
}

/// What becomes of an order that left the source.
package enum GonePolicy: String, Hashable, Sendable, CaseIterable {
    /// It is named in the summary, and the board keeps it.
    case report
    /// Its item is archived.
    case archive
    /// Its sizes are set to zero.
    case zero
}

/// What follows when a person took an item or subitem off the board that an order still needs.
package enum RemovedItemsPolicy: String, Hashable, Sendable, CaseIterable {
    /// The order's job is dead, and a person decides.
    case dead
    /// It is made anew.
    case recreate
}

/// What becomes of the subitem of a size that an order no longer has.
package enum RemovedSizesPolicy: String, Hashable, Sendable, CaseIterable {
    /// It stays, with a quantity of zero.
    case zero
    /// It is deleted.
    case delete
}

/// The least important log line that is written; the levels of swift-log.
package enum LogLevel: String, Hashable, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}

/// The form of log lines.
package enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// `text` on a terminal, else `journal`.
    case auto
    /// For people.
    case text
    /// One JSON object a line, with the priority prefix that journald understands.
    case journal
}

/// The program that reads the configuration: what is mandatory depends on it.
package enum ProgramRole: String, Hashable, Sendable, CaseIterable {
    case daemon
    case enqueue
    /// Enqueues rows that it is handed, and reads no source.
    case enqueueRows
    case replay
    case migrate
}
