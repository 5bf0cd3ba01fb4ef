import ArgumentParser
import Foundation
import Journal
import Orders
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Which jobs a command is about.
struct JobOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Job numbers; - reads them from standard input.", valueName: "job"))
    var jobs: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only jobs of this customer, exactly.", valueName: "name"))
    var customer: String?

    @Option(name: .long, help: ArgumentHelp("Only jobs of this purchase order, exactly.", valueName: "number"))
    var po: String?

    @Option(name: .long, help: ArgumentHelp("Only jobs of orders with this number, exactly.", valueName: "number"))
    var order: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only jobs whose last error has this class or code.",
            discussion: "Classes: transient, throttled, in_doubt, permanent, systemic. Codes as `list` shows them.",
            valueName: "word"
        )
    )
    var errorType: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only jobs in this state, or any. Repeatable; without it those the command is for.",
            valueName: "state"
        )
    )
    var state: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Only jobs that last changed so long ago, such as 2h.", valueName: "duration")
    )
    var olderThan: String?

    @Option(name: .long, help: ArgumentHelp("Only jobs of this batch.", valueName: "uuid"))
    var batch: String?

    mutating func validate() throws {
        _ = try self.filter(now: 0, numbers: [])
        try Numbers.check(self.jobs, of: "job")
    }

    /// Whether nothing narrows the choice but the state.
    var isOpen: Bool {
        self.jobs.isEmpty && self.customer == nil && self.po == nil && self.order == nil && self.errorType == nil
            && self.olderThan == nil && self.batch == nil
    }

    /// The numbers that were given, from the command line and from standard input.
    func numbers() throws -> [Int64] { try Numbers.read(self.jobs, of: "job") }

    /// The filter, for the time that ages are counted to.
    func filter(now: Int64, numbers: [Int64], default states: [JobState] = [.dead]) throws -> JobFilter {
        var filter = JobFilter()
        filter.ids = numbers.isEmpty ? nil : numbers
        filter.customer = self.customer
        filter.poNumber = self.po
        filter.orderNumber = self.order
        if let errorType {
            filter.failureClass = FailureClass(rawValue: errorType)
            if filter.failureClass == nil { filter.code = errorType }
        }
        filter.states = try self.states(states)
        if let olderThan {
            guard let age = Duration(spelled: olderThan) else {
                throw ValidationError("--older-than must be a whole number with ms, s, m, h or d, such as 2h")
            }
            filter.changedBefore = now - age.milliseconds
        }
        if let batch {
            guard let uuid = UUID(uuidString: batch) else { throw ValidationError("--batch must be a batch's UUID") }
            filter.batch = uuid
        }
        return filter
    }

    /// Jobs named by number count in every state.
    private func states(_ states: [JobState]) throws -> [JobState] {
        if self.state.isEmpty { return self.jobs.isEmpty ? states : [] }
        if self.state == ["any"] { return JobState.allCases }
        return try self.state.map { word in
            guard let state = JobState(rawValue: word) else {
                let all = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--state must be any, or of: \(all)")
            }
            return state
        }
    }
}
