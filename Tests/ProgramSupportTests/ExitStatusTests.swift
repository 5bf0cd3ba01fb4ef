import Journal
import Orders
import OrdersyncConfiguration
import SyncEngine
import Testing

@testable import ProgramSupport

@Suite struct ExitStatusTests {
    @Test(
        "each kind of failure ends a program with the number that sysexits.h has for it",
        arguments: [
            (ConfigurationError(.unreadable, mistakes: []), 66),
            (ConfigurationError(mistakes: []), 78),
            (JournalError(.heldByAnotherDaemon, ""), 75),
            (JournalError(.heldByAnotherRun, ""), 75),
            (JournalError(.folderMissing, ""), 73),
            (JournalError(.notWritable, ""), 77),
            (JournalError(.full, ""), 74),
            (JournalError(.newerSchema, ""), 65),
            (JournalError(.damaged, ""), 65),
            (JournalError(.notFound, ""), 66),
            (EnqueueError.nothingMatches([]), 66),
            (EnqueueError.repeatedIdentity(""), 65),
            (EnqueueError.anotherRun, 75),
            (Failure(.systemic, code: "08001", message: ""), 69),
            (Failure(.systemic, code: "NOT_AUTHENTICATED", message: "", httpStatus: 401), 77),
            (Failure(.throttled, code: "429", message: "", httpStatus: 429), 75),
            (Failure(.permanent, code: "x", message: ""), 65),
            (CancellationError(), 75),
            (UnforeseenError(), 70),
        ] as [(any Error, Int32)]
    )
    func status(error: any Error, status: Int32) {
        #expect(ExitStatus(error).rawValue == status)
    }

    private struct UnforeseenError: Error {}
}
