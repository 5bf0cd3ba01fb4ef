import Journal
import Logging
import Monday
import Orders
import Warehouse

/// Brings the orders of one claim to the board and into the production tables.
///
/// stage → groups → items → subitems → promote. Every step is repeatable, and what it did is in the journal before the
/// next begins; so a batch may end anywhere, and its jobs go on in a later one.
struct BatchRunner: Sendable {
    let engine: EngineContext
    let claim: Claim
    let counters = CallCounters()

    var batchName: String { self.claim.batchName }

    func run() async -> BatchResult {
        var works: [OrderWork] = []
        var refused: [Settlement] = []
        for job in self.claim.jobs {
            if job.errors >= self.engine.settings.retry.attempts {
                let failure = Failure(
                    .permanent,
                    code: "ATTEMPTS_EXHAUSTED",
                    message: "given up after \(job.errors) failed tries, the last of them found nothing on the board"
                )
                refused.append(Settlement(job: job.reference, result: .givenUp(failure)))
                continue
            }
            do {
                let order = try Order(snapshot: job.snapshot, fieldMap: self.engine.fieldMap)
                works.append(OrderWork(job: job, order: order, fieldMap: self.engine.fieldMap))
            } catch {
                let failure = Failure(.permanent, code: "SNAPSHOT_UNREADABLE", message: "\(error)")
                refused.append(
                    Settlement(job: job.reference, result: .dead(failure))
                )
            }
        }
        var times = BatchTimes()
        var problem: Failure?
        do {
            try await self.stage(&works, &times)
            try await self.makeItems(&works)
            times.items = self.engine.time.now()
            try await self.tell(.itemsCreated, works)
            try await self.makeSubitems(&works)
            times.subitems = self.engine.time.now()
            try await self.tell(.subitemsCreated, works)
            // Not begun when the service is stopping: the next start promotes what is complete.
            if !self.engine.stop.isRequested {
                try await self.recordResults(works)
                try await self.promote(&works)
                try await self.retire(&works)
                times.promotion = self.engine.time.now()
                try await self.tell(.promoted, works)
            }
        } catch let failure as Failure {
            problem = failure
        } catch {
            problem = Failure(fullJournal: error) ?? Failure(.systemic, code: "internal", message: "\(error)")
        }
        if let cause = problem {
            // What fails the batch as a whole is the fault of no order, so it kills none and costs none an attempt.
            let shared = cause.class == .throttled ? cause : cause.asSystemic
            problem = shared
            let verdict: OrderWork.Verdict =
                self.engine.stop.isRequested ? .released : .failed(shared, request: nil, size: nil)
            for index in works.indices { works[index].decide(verdict) }
        }
        return await self.conclude(works, refused: refused, times: times, problem: problem)
    }

    /// Says in the batch's row how far it is, for who looks on; not of a batch of which nothing has come so far.
    private func tell(_ step: BatchStep, _ works: [OrderWork]) async throws {
        self.counters.pulse.beat(now: self.engine.time.now())
        let isAlive = works.contains { work in
            if case .done = work.verdict { true } else { work.isOpen }
        }
        guard isAlive, !self.engine.stop.isRequested else { return }
        try await self.engine.warehouse.progress(batch: self.claim.batchID, step)
    }

    // MARK: Staging

    private func stage(_ works: inout [OrderWork], _ times: inout BatchTimes) async throws {
        let batch = self.claim.batchID
        try await self.engine.warehouse.openBatch(
            BatchOpening(
                id: batch,
                customerName: self.claim.batchName,
                type: self.claim.batchType,
                startTime: self.engine.time.now(),
                totalRecords: self.claim.jobs.count,
                startedBy: self.engine.settings.actor,
                configSnapshot: self.engine.settings.configurationSnapshot
            ),
            claim: try await self.engine.boardGuard.claim()
        )
        // An order that is gone is staged no more: its rows in production only say what became of it.
        let staged = works.filter(\.isSync).map { work in
            StagedOrder(
                orderKey: work.job.orderKey,
                order: work.order,
                // An order whose first promotion failed is as new as before, though its item is on the board.
                changeType: work.job.ledger.isComplete ? "CHANGED" : "NEW",
                sourceHash: work.job.fingerprint.hexadecimal,
                itemID: work.itemID
            )
        }
        let poison = try await self.engine.warehouse.stage(
            batch: batch,
            customerBatch: self.claim.batchName,
            orders: staged
        )
        for index in works.indices {
            if let failure = poison[works[index].job.orderKey] {
                works[index].decide(.failed(failure, request: nil, size: nil))
            }
        }
        times.staging = self.engine.time.now()
        self.counters.pulse.beat(now: self.engine.time.now())
    }
}
