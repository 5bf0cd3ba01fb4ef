import Journal
import Orders

/// What a batch came to: to be written to the journal in one transaction, with the next claim.
struct BatchResult: Sendable {
    /// The batch's customer.
    var customer: String
    var settlements: [Settlement]
    var close: BatchClose
    /// A failure that every job would meet, for the service to pause on.
    var systemic: Failure?
    var died: Int
    var done: Int
}
