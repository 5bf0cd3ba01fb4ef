/// Why a run enqueued nothing.
package enum EnqueueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No row and no known order has what the filter asks for.
    case nothingMatches([String])
    /// The source gave two rows of one read the same identity.
    case repeatedIdentity(String)
    /// The field map differs from the last run's, and that touches many orders.
    case fieldMapChanged(changed: Int, known: Int)
    /// Another run is under way.
    case anotherRun

    package var description: String {
        switch self {
        case .nothingMatches(let filter):
            "no order in the source has \(filter.joined(separator: " and ")): values match exactly, blanks around them "
                + "aside; look at the spelling"
        case .repeatedIdentity(let identity):
            "the source gave record_uuid \(identity) to two rows of one read: it was being loaded, or its rows are not "
                + "unique; nothing was enqueued, run again when the load is over"
        case .fieldMapChanged(let changed, let known):
            "the field map differs from the last run's, and that changes \(changed) of \(known) known orders: look at "
                + "them with --dry-run, then run with --accept-map-change; nothing was enqueued"
        case .anotherRun: "another run of ordersync-enqueue is under way on this journal: try again when it is over"
        }
    }
}
