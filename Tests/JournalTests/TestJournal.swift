import CrashPoints
import FoundationEssentials
import Orders
import SQLite
import TestSupport

@testable import Journal

/// A journal in a folder of its own, opened as the daemon, with short words for what tests do all the time.
final class TestJournal: Sendable {
    let folder: TemporaryFolder
    let journal: Journal
    var path: String { self.journal.path }

    /// `folder` is where its own is made, if it is there; else, and by default, where temporary files go.
    init(in folder: URL? = nil) async throws {
        self.folder = try TemporaryFolder(in: folder)
        self.journal = Journal(path: self.folder.file("journal.sqlite"), role: .daemon)
        try await self.journal.open(now: 0)
        _ = try await self.journal.beginEpoch(now: 0, pid: 1, host: "test")
    }

    /// Another connection to the same file, as another process would have it.
    func open(_ role: Journal.Role) async throws -> Journal {
        let other = Journal(path: self.path, role: role)
        try await other.open(now: 0)
        return other
    }

    @discardableResult
    func enqueue(_ orders: EnqueuedOrder..., now: Int64 = 1000) async throws -> [Disposition] {
        try await self.journal.enqueue(orders, now: now)
    }

    func claim(_ limit: Int = 50, now: Int64 = 2000) async throws -> [ClaimedJob] {
        try await self.journal.claim(limit: limit, leaseUntil: now + 60_000, now: now).claim?.jobs ?? []
    }

    /// Claims the one job that is due.
    func claimOne(now: Int64 = 2000) async throws -> ClaimedJob {
        let jobs = try await self.claim(1, now: now)
        guard let job = jobs.first else { throw NothingDue() }
        return job
    }

    func settle(_ job: ClaimedJob, _ result: Settlement.Result, now: Int64 = 3000) async throws {
        let stale = try await self.journal.settle([Settlement(job: job.reference, result: result)], now: now)
        guard stale.isEmpty else { throw Stale() }
    }

    /// A person's verdict on what a job sent.
    @discardableResult
    func settle(_ job: Int64, _ verdict: Verdict, patience: Int64 = 0, now: Int64 = 4000) async throws -> VerdictOutcome
    {
        try await self.journal.settle(
            job: job,
            verdict: verdict,
            patience: patience,
            who: "me",
            why: "saw it",
            now: now
        )
    }

    /// Writes down the creation of the order's item.
    func send(_ job: ClaimedJob, key: String = UUID().uuidString, now: Int64 = 2500) async throws -> Int64 {
        try await self.journal.begin(.item(job, key: key), now: now)
    }

    /// What state the order's jobs are in, oldest first.
    func states(_ order: Int) async throws -> [JobState] {
        var filter = JobFilter()
        filter.orderKey = .test(order)
        return try await self.journal.list(filter).map(\.state)
    }

    func jobs(_ order: Int) async throws -> [JobSummary] {
        var filter = JobFilter()
        filter.orderKey = .test(order)
        return try await self.journal.list(filter)
    }

    struct NothingDue: Error {}
    struct Stale: Error {}
}

extension Journal {
    @discardableResult
    func enqueue(_ orders: [EnqueuedOrder], now: Int64 = 1000) throws -> [Disposition] {
        try self.withEnqueueTransaction(run: .test(), now: now) { run in
            try orders.map { try run.enqueue($0) }
        }
    }

    /// The first value of a statement, to look behind the journal's own words.
    func value(_ sql: String) throws -> SQLiteValue {
        try self.read { database in try database.first(sql) { $0.value(0) } ?? .null }
    }

    func values(_ sql: String, _ values: [SQLiteValue] = []) throws -> [SQLiteValue] {
        try self.read { database in try database.query(sql, values) { $0.value(0) } }
    }

    /// Changes the file as nothing in the module does.
    func writeUnnamed(_ sql: String) throws { try self.opened().execute(sql) }

    func tamper(_ sql: String) throws {
        try self.write(.command) { database in try database.execute(sql) }
    }
}

extension OrderKey {
    static func test(_ number: Int) -> OrderKey {
        OrderKey("00000000-0000-4000-8000-\(100_000_000_000 + number)") ?? OrderKey(uuid: UUID())
    }
}

extension UUID {
    static func test(_ number: Int) -> UUID {
        UUID(uuidString: "10000000-0000-4000-8000-\(100_000_000_000 + number)") ?? UUID()
    }
}

extension Digest {
    /// A digest that no other number has.
    static func test(_ number: Int) -> Digest {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> ($0 * 8) : $0) }
        return Digest(bytes: bytes) ?? .zero
    }

    private static var zero: Digest { .test(0) }
}

extension EnqueuedOrder {
    /// Order `number` in its n-th version.
    static func test(
        _ number: Int,
        version: Int = 1,
        customer: String = "GREYSON",
        po: String = "4755",
        bytes: Int = 0,
        key: OrderKey? = nil,
        keyDigest: Digest? = nil,
        occurrence: Int = 1,
        hasNewKey: Bool = false
    ) -> EnqueuedOrder {
        EnqueuedOrder(
            orderKey: key ?? .test(number),
            snapshot: Array("{\"order\":\(number),\"version\":\(version)}".utf8) + Array(repeating: 32, count: bytes),
            snapshotDigest: .test(number * 1000 + version),
            fingerprint: .test(number * 1000 + version),
            identity: OrderIdentity(
                recordUUID: .test(number),
                keyDigest: keyDigest ?? .test(number),
                occurrence: occurrence,
                orderNumber: "JOO-\(number)",
                sourceCustomer: "\(customer) CLOTHIERS",
                customer: customer,
                style: "style \(number)",
                colour: nil,
                poNumber: po,
                aagSeason: "2025 FALL",
                customerSeason: nil
            ),
            hasNewKey: hasNewKey
        )
    }
}

extension RunRecord {
    static func test(
        name: String = "GREYSON 4755",
        fieldMap: Digest = .test(7),
        isComplete: Bool = true
    ) -> RunRecord {
        RunRecord(
            startedAt: 900,
            who: "tester",
            host: "here",
            batchName: name,
            batchType: "ORDERS",
            scope: "PO 4755",
            fieldMapDigest: fieldMap,
            isComplete: isComplete
        )
    }
}

extension EffectIntent {
    static let board: Int64 = 77

    /// The creation of one order's item.
    static func item(_ job: ClaimedJob, key: String) -> EffectIntent {
        .items([job], key: key)
    }

    static func items(_ jobs: [ClaimedJob], key: String) -> EffectIntent {
        EffectIntent(
            idempotencyKey: key,
            kind: .createItem,
            board: Self.board,
            body: Array("create \(key)".utf8),
            targets: jobs.enumerated().map { index, job in
                EffectTarget(
                    alias: "m\(index)",
                    kind: .createItem,
                    job: job.reference,
                    orderKey: job.orderKey,
                    groupTitle: "GREYSON 2025 FALL",
                    groupID: "group_1"
                )
            }
        )
    }

    static func subitem(_ job: ClaimedJob, size: String, quantity: Int64, parent: Int64, key: String) -> EffectIntent {
        EffectIntent(
            idempotencyKey: key,
            kind: .createSubitem,
            board: Self.board,
            body: Array("subitem \(key)".utf8),
            targets: [
                EffectTarget(
                    alias: "m0",
                    kind: .createSubitem,
                    job: job.reference,
                    orderKey: job.orderKey,
                    size: size,
                    quantity: quantity,
                    itemID: parent
                )
            ]
        )
    }
}

extension Failure {
    static let lost = Failure(.inDoubt, code: "timeout", message: "no answer in 60 s")
    static let label = Failure(.permanent, code: "missing_label", message: "no such label", httpStatus: 200)
    static let reset = Failure(.transient, code: "connect", message: "connection refused")
}
