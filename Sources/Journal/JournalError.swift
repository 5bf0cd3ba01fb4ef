package import SQLite

/// Why the journal refused or failed, and what to do about it.
package struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// Another daemon holds the journal.
        case heldByAnotherDaemon
        /// Another enqueue run did not end before the deadline.
        case heldByAnotherRun
        /// The folder of the journal is not there.
        case folderMissing
        /// There is no journal at that path.
        case missing
        /// The journal or its folder can't be written.
        case notWritable
        /// The file is damaged, or is no SQLite database.
        case damaged
        /// The file is an SQLite database of something else.
        case notAJournal
        /// The journal was written by a newer program.
        case newerSchema
        /// The journal was written by an older program, and this role may not upgrade it.
        case olderSchema
        /// The disk is full.
        case full
        /// The write-ahead log is too large: the daemon has not run for long.
        case logTooLarge
        /// Another process kept the journal locked for longer than the deadline.
        case busy
        /// A pragma that guards committed work did not take.
        case unguarded
        /// The role this journal was opened in may not do that.
        case role
        /// The journal is not open.
        case closed
        /// A job is no longer claimed by the caller: whatever the caller wanted to send must not be sent.
        case stale
        /// The same thing is already in flight or in doubt, so that a second request could make it twice.
        case unsettled
        /// No such job, order, batch or effect.
        case notFound
        /// The file to be written is there already.
        case exists
        /// A person's verdict on something that is not in doubt, or that can't be true.
        case verdict
        /// It can't be said yet that something is absent: it may yet appear.
        case tooEarly
        /// A person's query that can't be asked.
        case query
        /// The target of a backup can't be written there.
        case target
        /// Any other failure of SQLite.
        case failed
    }

    package let code: Code
    /// What happened and what to do, in one or two sentences; never the content of an order.
    package let message: String
    /// What SQLite said, where it did.
    package let underlying: SQLiteError?

    package init(_ code: Code, _ message: String, underlying: SQLiteError? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    package var description: String { self.message }

    /// The code alone, for metrics.
    package var shortDescription: String { self.code.rawValue }
}
