package import Journal

/// Why a run enqueued nothing.
package enum EnqueueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No row and no known order has what the filter asks for.
    case nothingMatches([String])
    /// The source gave two rows of one read the same identity.
    case repeatedIdentity(String)
    /// The field map differs from the last run's, and that touches many orders.
    case fieldMapChanged(changed: Int, known: Int)
    /// More orders than allowed would be archived or set to zero.
    case tooManyGone(Int, known: Int, kind: JobKind)
    /// Rows that were read first had gone when the last were read.
    case sourceLoaded
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
            "the field map was edited, and that changes \(changed) of \(known) known orders: look at "
                + "them with --dry-run, then run with --accept-map-change; nothing was enqueued"
        case .tooManyGone(let count, let known, let kind):
            "\(count) of \(known) known orders are gone from the source and would be "
                + (kind == .zero ? "set to zero" : "archived")
                + ": look at them with --dry-run, then run with --accept-gone; nothing was enqueued"
        case .sourceLoaded:
            "the source was being loaded while it was read, so that rows may have been read twice; nothing was enqueued, "
                + "run again when the load is over"
        case .anotherRun: "another run of ordersync-enqueue is under way on this journal: try again when it is over"
        }
    }
}
