package import Orders

/// One run of enqueue: who asked for what, and what came of it.
package struct RunRecord: Hashable, Sendable {
    /// How many source rows came out how.
    package struct Counts: Hashable, Sendable {
        package var read = 0
        package var new = 0
        package var changed = 0
        package var unchanged = 0
        package var gone = 0
        package var rejected = 0

        package init() {}
    }

    /// Nil before the journal has given it a number.
    package var id: Int64?
    /// When the run began to read, in milliseconds.
    package let startedAt: Int64
    /// Nil before the commit.
    package var committedAt: Int64?
    package let who: String
    package let host: String
    /// What the warehouse's batch rows show as customer and as type.
    package let batchName: String
    package let batchType: String
    /// The filter in words, for people.
    package let scope: String
    package let fieldMapDigest: Digest
    /// Whether every row in scope was read.
    package let isComplete: Bool
    package var counts: Counts

    package init(
        startedAt: Int64,
        who: String,
        host: String,
        batchName: String,
        batchType: String,
        scope: String,
        fieldMapDigest: Digest,
        isComplete: Bool
    ) {
        self.id = nil
        self.startedAt = startedAt
        self.committedAt = nil
        self.who = who
        self.host = host
        self.batchName = batchName
        self.batchType = batchType
        self.scope = scope
        self.fieldMapDigest = fieldMapDigest
        self.isComplete = isComplete
        self.counts = Counts()
    }
}
