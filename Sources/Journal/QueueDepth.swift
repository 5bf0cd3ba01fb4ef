/// How many jobs stand where, and when the next one is due.
package struct QueueDepth: Hashable, Sendable {
    package var waiting = 0
    package var ready = 0
    package var running = 0
    package var retry = 0
    package var inDoubt = 0
    package var dead = 0
    package var held = 0
    /// When the oldest ready job's order began to wait, in milliseconds.
    package var oldestReady: Int64?
    /// The time of the next retry, in milliseconds; nil when there is none.
    package var nextRetry: Int64?
    /// Requests without a known outcome.
    package var unsettledEffects = 0
    /// Error rows and batch rows the warehouse still lacks.
    package var backlog = 0

    /// Whether there is something to claim now.
    package func isDue(at now: Int64) -> Bool {
        self.ready > 0 || self.nextRetry.map { $0 <= now } ?? false
    }
}

/// What a start of the daemon found and set right.
package struct EpochStart: Hashable, Sendable {
    package let epoch: Int64
    /// Jobs in flight at the death of the last daemon that may be claimed again.
    package let reclaimed: Int
    /// Jobs in flight whose request has no known outcome.
    package let inDoubt: Int
    /// Jobs that died of being alone in flight at too many deaths.
    package let poisoned: [Int64]
    /// Deaths in a row without progress before this start.
    package let deaths: Int
    /// Batches that were open and are now closed as abandoned.
    package let abandonedBatches: Int
}

/// The numbers that tell a lost, restored or copied journal from this one.
package struct GuardNumbers: Hashable, Sendable {
    package let journalID: String
    /// The newest start of the daemon.
    package let epoch: Int64
    /// The highest number of an effect.
    package let lastEffect: Int64
    /// Whether the ledger holds no order at all.
    package let isLedgerEmpty: Bool
    /// What each start of the daemon got by chance, by its number: copies of a journal that go on for themselves differ in it.
    package let tokens: [Int64: String]

    package init(
        journalID: String,
        epoch: Int64,
        lastEffect: Int64,
        isLedgerEmpty: Bool,
        tokens: [Int64: String]
    ) {
        self.journalID = journalID
        self.epoch = epoch
        self.lastEffect = lastEffect
        self.isLedgerEmpty = isLedgerEmpty
        self.tokens = tokens
    }
}

/// What a checkpoint did.
package struct CheckpointResult: Hashable, Sendable {
    /// A reader or writer was in the way: the log could not be emptied.
    package let isBusy: Bool
    /// Pages in the log before, and how many of them reached the database.
    package let pages: Int
    package let checkpointed: Int
}
