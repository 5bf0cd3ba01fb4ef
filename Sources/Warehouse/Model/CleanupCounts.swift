/// How many rows a cleanup took away.
package struct CleanupCounts: Hashable, Sendable {
    package var stagedSubitems = 0
    package var stagedOrders = 0
    package var errors = 0
    package var batches = 0
}
