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

    /// Writes jobs as `ordersync-enqueue` does: with the hashes, the order key, and all that the ledger keeps.
    func enqueue(_ snapshots: Snapshots, perCommit: Int, customer: @Sendable (Int) -> String) async throws {
        let journal = try await self.opened(.enqueue)
        for start in stride(from: 0, to: self.jobs, by: perCommit) {
            let end = min(start + perCommit, self.jobs)
            try await journal.withEnqueueTransaction(run: Self.run, now: Self.now) { transaction in
                for number in start..<end {
                    try Self.enqueue(number, snapshots, customer: customer(number), in: transaction)
                }
            }
        }
        await journal.close()
    }

    func opened(_ role: Journal.Role) async throws -> Journal {
        let journal = Journal(path: self.journal, role: role)
        try await journal.open(now: Self.now)
        return journal
    }

    private static let run = RunRecord(
        startedAt: Self.now,
        who: "bench",
        host: "bench",
        batchName: "ALL_ORDERS",
        batchType: "FULL_BATCH",
        scope: "all orders",
        fieldMapDigest: .sha256([]),
        isComplete: true
    )

    /// As scattered as the source's are; asking the system for chance costs more than all the rest.
    private static func uuid(_ key: Digest) -> UUID {
        let b = key.bytes
        return UUID(
            uuid: (
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23], b[24], b[25], b[26], b[27], b[28], b[29], b[30],
                b[31]
            )
        )
    }

    private static func enqueue(
        _ number: Int,
        _ snapshots: Snapshots,
        customer: String,
        in transaction: EnqueueTransaction
    ) throws {
        let place = number % snapshots.orders.count
        let (order, snapshot) = (snapshots.orders[place], snapshots.bytes[place])
        let key = BusinessKey(
            orderNumber: "\(order.businessKey.orderNumber)-\(number)",
            customer: customer,
            style: order.businessKey.style,
            colour: order.businessKey.colour
        )
        let occurrence = try transaction.occurrence(after: key.digest)
        _ = try transaction.enqueue(
            EnqueuedOrder(
                orderKey: OrderKey.mint(businessKey: key.digest, occurrence: occurrence),
                snapshot: snapshot,
                snapshotDigest: .sha256(snapshot),
                fingerprint: key.digest,
                identity: OrderIdentity(
                    recordUUID: Self.uuid(key.digest),
                    keyDigest: key.digest,
                    occurrence: occurrence,
                    orderNumber: key.orderNumber,
                    sourceCustomer: customer,
                    customer: customer,
                    style: key.style,
                    colour: key.colour,
                    poNumber: order.poNumber,
                    aagSeason: order.aagSeason,
                    customerSeason: order.customerSeason
                )
            )
        )
    }
}

/// Enqueues jobs into a new journal.
struct EnqueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enqueue")

    @OptionGroup var options: JournalOptions
    @Option var perCommit: Int

    func run() async throws {
        let snapshots = try Snapshots(path: self.options.snapshots, fieldMap: .read(self.options.fieldMap))
        // Making the tables is no part of it.
        await (try self.options.opened(.enqueue)).close()
        try await Bench.time {
            try await self.options.enqueue(snapshots, perCommit: self.perCommit) { _ in "GREYSON CLOTHIERS" }
        }
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
        let (large, customers) = (self.large, self.customers)
        try await self.options.enqueue(snapshots, perCommit: self.options.jobs) { number in
            number < large ? "LARGE CUSTOMER" : "CUSTOMER \(number % customers)"
        }
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
