import Journal
import Orders
import OrdersyncConfiguration
import RowInput
import SyncEngine

/// What a program's exit says to cron, systemd and Kestra: the numbers of `sysexits.h`, and 1 for work that was done but not all well.
package enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    case success = 0
    /// Orders died, or were rejected where that was forbidden.
    case workFailed = 1
    case usage = 64
    case dataError = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case noPermission = 77
    case configuration = 78

    /// The status that an error ends a program with.
    package init(_ error: any Error) {
        switch error {
        case let error as ConfigurationError: self = error.code == .unreadable ? .noInput : .configuration
        case is FieldMapError: self = .configuration
        case let error as JournalError: self.init(error.code)
        case let error as EnqueueError: self.init(error)
        case is JournalRefusal: self = .dataError
        case let error as InputError: self = error.isMissing ? .noInput : .dataError
        case let error as Failure: self.init(error)
        case is CancellationError: self = .tryAgain
        default: self = .software
        }
    }

    private init(_ code: JournalError.Code) {
        switch code {
        case .heldByAnotherDaemon, .heldByAnotherRun, .busy, .logTooLarge: self = .tryAgain
        case .folderMissing, .exists, .target: self = .cannotCreate
        case .missing, .notFound: self = .noInput
        case .notWritable: self = .noPermission
        case .damaged, .notAJournal, .newerSchema, .olderSchema: self = .dataError
        case .full, .failed: self = .inputOutput
        case .query, .verdict: self = .usage
        case .stale, .tooEarly: self = .tryAgain
        case .unguarded, .role, .closed, .unsettled: self = .software
        }
    }

    private init(_ error: EnqueueError) {
        switch error {
        case .nothingMatches: self = .noInput
        case .repeatedIdentity, .fieldMapChanged, .tooManyGone: self = .dataError
        case .anotherRun, .sourceLoaded: self = .tryAgain
        }
    }

    private init(_ failure: Failure) {
        if failure.isJournalRefusal || failure.code == UnexplainedItems.code {
            self = .dataError
            return
        }
        if failure.httpStatus == 401 || failure.httpStatus == 403 {
            self = .noPermission
            return
        }
        switch failure.class {
        case .systemic: self = .unavailable
        case .transient, .throttled, .inDoubt: self = .tryAgain
        case .permanent: self = .dataError
        }
    }
}
