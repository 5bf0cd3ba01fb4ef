/// A step of which a process may see only the beginning: each commit, and each exchange with Monday.com.
///
/// Nothing durable happens without one: the journal refuses a commit that names none, the warehouse a write outside of a
/// transaction, and a transaction takes one. Tests make a program die at each, see ``pass(_:)``.
package enum CrashPoint: String, CaseIterable, Hashable, Sendable {
    // MARK: The journal

    /// The switch to write-ahead logging, with which the file begins.
    case journalMode = "journal.mode"
    case journalSchema = "journal.schema"
    case enqueue = "journal.enqueue"
    case epochBegin = "journal.epoch_begin"
    case epochEnd = "journal.epoch_end"
    case reclaim = "journal.reclaim"
    case claim = "journal.claim"
    case heartbeat = "journal.heartbeat"
    case settle = "journal.settle"
    case promoted = "journal.promoted"
    /// What is about to be sent.
    case intent = "journal.intent"
    /// What came of what was sent.
    case outcome = "journal.outcome"
    case resend = "journal.resend"
    case adopt = "journal.adopt"
    case lookedUp = "journal.looked_up"
    /// What reading items told of them: gone, back, or with other subitems.
    case itemsSeen = "journal.items_seen"
    case lookedUpAgain = "journal.looked_up_again"
    case errorsWritten = "journal.errors_written"
    case batchesReported = "journal.batches_reported"
    case alarmsSeen = "journal.alarms_seen"
    case command = "journal.command"
    case verdict = "journal.verdict"
    /// What only a person can settle.
    case doubtDead = "journal.doubt_dead"
    case pause = "journal.pause"
    case groups = "journal.groups"
    /// That the column of the order keys is about to be made, and that it is.
    case columnIntent = "journal.column_intent"
    /// What board and warehouse tell takes the place of a lost ledger.
    case restoreLedger = "journal.restore_ledger"
    case prune = "journal.prune"
    case checkpoint = "journal.checkpoint"
    case backupCopy = "journal.backup_copy"
    case backupName = "journal.backup_name"

    // MARK: The warehouse

    case warehouseSchema = "warehouse.schema"
    /// The board becomes the journal's.
    case guardClaim = "warehouse.guard_claim"
    case batchOpen = "warehouse.batch_open"
    case batchStep = "warehouse.batch_step"
    case batchClose = "warehouse.batch_close"
    case stage = "warehouse.stage"
    case stagingResults = "warehouse.staging_results"
    case promote = "warehouse.promote"
    /// What became of orders that are gone.
    case retire = "warehouse.retire"
    case errorRows = "warehouse.error_rows"
    case errorResolution = "warehouse.error_resolution"
    case cleanup = "warehouse.cleanup"

    // MARK: Monday.com

    /// Before: not one byte has left. After: the answer is here, and nobody knows yet.
    case mutation = "monday.mutation"
    case read = "monday.read"

    /// On which side of the step the process is.
    package enum Side: String, CaseIterable, Hashable, Sendable {
        /// All is ready, and nothing of it has happened.
        case before
        /// It has happened, and nothing that follows from it has.
        case after
    }

    /// Goes past the point; in a build for tests the process dies here when ``CrashOrder`` says so.
    package func pass(_ side: Side) {
        #if CRASH_POINTS
        CrashRecorder.shared.pass(self, side)
        #endif
    }
}
