import ArgumentParser
import Foundation
import Journal
import Orders

/// What the journal's commands have in common.
struct JournalOptions: ParsableArguments {
    @Option var snapshots: String
    @Option var fieldMap: String
    @Option var journal: String
    @Option var jobs: Int

    static let now: Int64 = 1_763_856_000_000

    /// The orders to enqueue as detection hands them over: read, matched, and with their business keys hashed.
    func drafts(_ snapshots: Snapshots, customer: (Int) -> String) -> [Draft] {
        (0..<self.jobs).map { Draft(number: $0, of: snapshots, customer: customer($0)) }
    }

    func opened(_ role: Journal.Role) async throws -> Journal {
        let journal = Journal(path: self.journal, role: role)
        try await journal.open(now: Self.now)
        return journal
    }
}

/// Enqueues jobs into a new journal.
struct EnqueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enqueue")

    @OptionGroup var options: JournalOptions
    @Option var perCommit: Int

    func run() async throws {
        let snapshots = try Snapshots(path: self.options.snapshots, fieldMap: .read(self.options.fieldMap))
        let drafts = self.options.drafts(snapshots) { _ in "GREYSON CLOTHIERS" }
        // Making the tables is no part of it.
        await (try self.options.opened(.enqueue)).close()
        let journal = try await self.options.opened(.enqueue)
        try await Bench.time { try await journal.enqueue(drafts, perCommit: self.perCommit) }
        await journal.close()
    }
}

/// Claims jobs of a new journal in batches, and settles each batch in the commit that claims the next one.
struct ClaimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "claim")

    @OptionGroup var options: JournalOptions
    @Option var perClaim: Int
    /// How many customers share the jobs evenly.
    @Option var customers: Int
    /// So many of the jobs belong to one more customer.
    @Option var large = 0
    /// How many jobs to settle; all when it is not given.
    @Option var settled: Int?

    func run() async throws {
        let snapshots = try Snapshots(path: self.options.snapshots, fieldMap: .read(self.options.fieldMap))
        let drafts = self.options.drafts(snapshots) { number in
            number < self.large ? "LARGE CUSTOMER" : "CUSTOMER \(number % self.customers)"
        }
        let queue = try await self.options.opened(.enqueue)
        try await queue.enqueue(drafts, perCommit: drafts.count)
        await queue.close()
        let journal = try await self.options.opened(.daemon)
        _ = try await journal.beginEpoch(now: JournalOptions.now, pid: 1, host: "bench")
        _ = try await journal.checkpoint()
        let wanted = self.settled ?? self.options.jobs
        try await Bench.time {
            var settled = 0
            var settlements: [Settlement] = []
            var closing: [BatchClose] = []
            var now = JournalOptions.now
            while settled < wanted {
                now += 1
                let result = try await journal.claim(
                    limit: self.perClaim,
                    leaseUntil: now + 60_000,
                    now: now,
                    settling: settlements,
                    closing: closing
                )
                guard result.stale.isEmpty else { throw BenchError(description: "a settlement was stale") }
                settled += settlements.count
                guard let claim = result.claim else {
                    if settled < wanted { throw BenchError(description: "\(settled) of \(wanted) jobs were there") }
                    break
                }
                settlements = claim.jobs.map { Settlement(job: $0.reference, result: .done) }
                var close = BatchClose(batchID: claim.batchID, status: .completed)
                close.succeeded = settlements.count
                closing = [close]
            }
        }
        await journal.close()
    }
}
