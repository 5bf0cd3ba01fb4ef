import Journal
import Logging
import Monday
import Orders
import Warehouse

/// When the steps of a batch were over, in UTC milliseconds.
struct BatchTimes {
    var staging: Int64?
    var items: Int64?
    var subitems: Int64?
    var promotion: Int64?
}

extension BatchRunner {
    /// Moves the complete orders to the production tables: those whose item and all subitems are on the board.
    func promote(_ works: inout [OrderWork]) async throws {
        try await self.promote(works.indices.filter { works[$0].isOpenSync && works[$0].itemID != nil }[...], &works)
    }

    /// Says in the production tables what became of the orders that are gone from the source.
    func retire(_ works: inout [OrderWork]) async throws {
        let part = works.indices.filter { works[$0].isOpen && !works[$0].isSync }
        guard !part.isEmpty else { return }
        try await self.engine.warehouse.retire(
            batch: self.claim.batchID,
            orders: part.map { index in
                RetiredOrder(
                    orderKey: works[index].job.orderKey,
                    how: works[index].job.kind == .zero ? .zeroed : .archived
                )
            },
            claim: try await self.engine.boardGuard.claim()
        )
        self.counters.pulse.beat(now: self.engine.time.now())
        try await self.engine.journal.promoted(part.map { works[$0].job.reference }, now: self.engine.time.now())
        for index in part { works[index].decide(.done) }
    }

    /// Promotes in one transaction; when that fails by what a row holds, in halves, until the bad orders are alone.
    private func promote(_ part: ArraySlice<Int>, _ works: inout [OrderWork]) async throws {
        guard let first = part.first else { return }
        do {
            try await self.engine.warehouse.promote(
                batch: self.claim.batchID,
                orders: part.compactMap { self.promoted(works[$0]) },
                claim: try await self.engine.boardGuard.claim()
            )
        } catch let failure as Failure where failure.mayBeOneRow {
            guard part.count > 1 else { return works[first].decide(.failed(failure, request: nil, size: nil)) }
            let middle = part.startIndex + part.count / 2
            try await self.promote(part[..<middle], &works)
            return try await self.promote(part[middle...], &works)
        }
        try await self.engine.journal.promoted(part.map { works[$0].job.reference }, now: self.engine.time.now())
        for index in part { works[index].decide(.done) }
    }

    /// The order as production gets it; nil while it has no item.
    private func promoted(_ work: OrderWork) -> PromotedOrder? {
        guard let item = work.itemID else { return nil }
        return PromotedOrder(
            orderKey: work.job.orderKey,
            itemID: item,
            subitems: work.subitems.values.sorted { $0.size < $1.size }.map {
                PromotedSubitem(
                    size: $0.size,
                    quantity: $0.quantity,
                    subitemID: $0.id,
                    boardID: self.engine.boardState.subitemBoard
                )
            }
        )
    }

    /// Writes to the staging rows what the calls came to, before the complete ones are promoted.
    func recordResults(_ works: [OrderWork]) async throws {
        try await self.engine.warehouse.recordResults(
            batch: self.claim.batchID,
            items: works.filter(\.isSync).compactMap { work in
                work.itemID.map { ItemResult(orderKey: work.job.orderKey, itemID: $0) }
            },
            subitems: works.filter(\.isSync).flatMap { work in
                work.subitems.values.map {
                    SubitemResult(
                        orderKey: work.job.orderKey,
                        size: $0.size,
                        subitemID: $0.id,
                        boardID: self.engine.boardState.subitemBoard
                    )
                }
            },
            failed: works.compactMap { work in
                guard case .failed(let failure, _, let size) = work.verdict else { return nil }
                return FailedOrder(orderKey: work.job.orderKey, failure: failure, size: size)
            }
        )
    }

    /// Turns what came of the orders into settlements, and closes the batch in the warehouse and the journal.
    func conclude(
        _ works: [OrderWork],
        refused: [Settlement],
        times: BatchTimes,
        problem: Failure?
    ) async -> BatchResult {
        let now = self.engine.time.now()
        var tally = BatchTally(total: self.claim.jobs.count, failed: refused.count)
        var settlements = refused
        var systemic: Failure?
        for work in works {
            let result: Settlement.Result
            switch work.verdict ?? .released {
            case .done:
                tally.done += 1
                result = .done
            case .released: result = .release
            case .wait(let until, let reason): result = .wait(until: until, reason: reason)
            case .inDoubt(let until):
                tally.waiting += 1
                result = .inDoubt(until: until)
            case .failed(let failure, let request, let size):
                tally.note(failure)
                if failure.pausesLane { systemic = systemic ?? failure }
                result = self.result(of: failure, work, request: request, size: size, now: now)
            }
            settlements.append(Settlement(job: work.job.reference, result: result))
        }
        self.tellDeaths(settlements, works)
        let died = settlements.count { $0.result.death != nil }
        tally.failed = died
        var close = self.close(works, tally: tally, problem: problem)
        self.tell(close)
        do {
            // What has just failed is not asked once more on the way out: the next start writes the row.
            if problem == nil || !self.engine.stop.isRequested {
                try await self.engine.warehouse.closeBatch(BatchClosing(close, tally: tally, times: times, at: now))
                close.isReported = true
            }
        } catch {
            // The journal knows how the batch ended; its row is written when the warehouse is back.
            self.engine.log.warning(
                "the batch's row could not be closed; it will be",
                metadata: ["batch.id": "\(self.claim.batchID)", "error": "\(error)"]
            )
        }
        return BatchResult(
            customer: self.claim.customer,
            settlements: settlements,
            close: close,
            systemic: problem.flatMap { $0.class == .permanent ? nil : $0 } ?? systemic,
            died: died,
            done: tally.done
        )
    }

    /// Says in the log what the batch came to.
    private func tell(_ close: BatchClose) {
        self.engine.log.info(
            "a batch is over",
            metadata: [
                "batch.id": "\(close.batchID)", "order.customer": "\(self.claim.customer)",
                "orders.done": "\(close.succeeded)", "orders.died": "\(close.failed)",
                "orders.left": "\(close.leftOver)", "subitems": "\(close.subitems)",
                "api.calls": "\(close.apiCalls)", "api.failures": "\(close.apiFailures)",
            ]
        )
    }

    /// Says in the log of each order that dies what an operator's alert needs.
    private func tellDeaths(_ settlements: [Settlement], _ works: [OrderWork]) {
        let numbers = Dictionary(works.map { ($0.job.id, $0.order.businessKey.orderNumber) }) { first, _ in first }
        for settlement in settlements {
            guard let failure = settlement.result.death else { continue }
            self.engine.log.error(
                "an order died: ordersync-replay show \(settlement.job.id)",
                metadata: [
                    "job.id": "\(settlement.job.id)",
                    "order.number": "\(numbers[settlement.job.id] ?? "")",
                    "order.customer": "\(self.claim.customer)",
                    "error.code": "\(failure.code)",
                    "error": "\(failure.message.prefix(300))",
                ]
            )
        }
    }

    /// What a failure makes of its job.
    private func result(
        of failure: Failure,
        _ work: OrderWork,
        request: String?,
        size: String?,
        now: Int64
    ) -> Settlement.Result {
        // An unreachable Monday.com is no order's fault: an outage of an hour must not make a whole queue dead.
        let decision = self.engine.settings.retry.decision(
            after: failure.isOutage ? failure.asSystemic : failure,
            errors: work.job.errors,
            now: now,
            jitter: self.engine.time.random()
        )
        return switch decision {
        case .dead:
            .dead(failure, request: request, size: size, exhausted: failure.class == .transient)
        case .retry(let at): .retry(at: at, failure, costsAttempt: true, request: request)
        case .wait(let until): .wait(until: until, reason: failure.description)
        case .inDoubt: .inDoubt(until: self.engine.settings.timing.lookUpTime(sentAt: now), failure)
        }
    }

    /// How the batch ended, for the journal.
    private func close(_ works: [OrderWork], tally: BatchTally, problem: Failure?) -> BatchClose {
        let status: BatchClose.Status =
            tally.isComplete ? .completed : problem != nil && tally.done == 0 ? .failed : .completedWithErrors
        var close = BatchClose(batchID: self.claim.batchID, status: status)
        let counts = self.counters.counts
        close.succeeded = tally.done
        close.failed = tally.failed
        close.leftOver = tally.total - tally.done - tally.failed
        close.subitems = works.reduce(0) { $0 + (($1.itemID == nil) ? 0 : $1.subitems.count) }
        close.apiCalls = counts.calls
        close.apiFailures = counts.failures
        close.retries = counts.retries
        close.errorSummary = tally.summary
        return close
    }
}

extension BatchClosing {
    /// The end of a batch as its row in the warehouse tells it.
    init(_ close: BatchClose, tally: BatchTally, times: BatchTimes, at now: Int64) {
        self.init(close, total: tally.total, at: now)
        self.stagingLoadCompleted = times.staging
        self.itemsCreationCompleted = times.items
        self.subitemsCreationCompleted = times.subitems
        self.promotionCompleted = times.promotion
        self.cleanupCompleted = times.promotion
    }

    /// The same from the journal alone, for a batch whose end could not be written in its time.
    init(_ close: BatchClose, total: Int, at now: Int64) {
        let status: BatchClosing.Status =
            switch close.status {
            case .completed: .completed
            case .completedWithErrors: .completedWithErrors
            case .noRecords: .noRecords
            case .failed, .abandoned: .failed
            }
        self.init(
            id: close.batchID,
            status: status,
            totalRecords: total,
            successful: close.succeeded,
            failed: close.failed,
            endTime: now,
            completedBy: "ordersyncd"
        )
        self.subitemsProcessed = close.subitems
        self.apiCallsMade = close.apiCalls
        self.apiFailures = close.apiFailures
        self.retriesAttempted = close.retries
        self.errorSummary =
            close.errorSummary
            ?? (close.status == .abandoned
                ? "the service ended while the batch was open; its orders go on in a later one" : nil)
    }
}

extension Failure {
    /// The same, as nobody's fault: everything waits until it is over.
    var asSystemic: Failure { self.of(.systemic) }

    /// The same, as something that may pass: it is tried again, but not for ever.
    var asTransient: Failure { self.of(.transient) }

    private func of(_ class: FailureClass) -> Failure {
        Failure(
            `class`,
            code: self.code,
            message: self.message,
            httpStatus: self.httpStatus,
            retryAfterMilliseconds: self.retryAfterMilliseconds
        )
    }
}

extension Failure {
    /// Whether Monday.com could not be reached at all: not one request left.
    var isOutage: Bool { self.class == .transient && self.code.hasPrefix(ErrorCode.transportPrefix) }

    /// Whether every other job would meet it too.
    var pausesLane: Bool { self.class == .systemic || self.class == .throttled || self.isOutage }
}
