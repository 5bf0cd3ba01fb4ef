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

    /// How long an order waits whose group has gone, in milliseconds: a board that shows a group and refuses it must not
    /// be asked without end.
    private static let groupPause: Int64 = 2_000

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
                refused.append(Settlement(job: job.reference, result: .dead(failure, exhausted: true)))
                continue
            }
            do {
                works.append(
                    OrderWork(job: job, order: try Order(snapshot: job.snapshot, fieldMap: self.engine.fieldMap))
                )
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
                times.promotion = self.engine.time.now()
                try await self.tell(.promoted, works)
            }
        } catch let failure as Failure {
            problem = failure
        } catch {
            problem = Failure(.systemic, code: "internal", message: "\(error)")
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
        let staged = works.map { work in
            StagedOrder(
                orderKey: work.job.orderKey,
                order: work.order,
                // An order whose first promotion failed is as new as before, though its item is on the board.
                changeType: work.job.ledger.fingerprintSynced == nil ? "NEW" : "CHANGED",
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
    }

    // MARK: Items

    private func makeItems(_ works: inout [OrderWork]) async throws {
        try await self.engine.boardState.load()
        try await self.assignGroups(&works)
        try await self.adoptExisting(&works)
        try await self.refuseMissingLabels(&works)

        var calls: [PlannedCall] = []
        var owners: [Int] = []
        for index in works.indices where works[index].isOpen {
            for call in self.itemCalls(works[index]) {
                calls.append(call)
                owners.append(index)
            }
        }
        let results = try await self.send(calls, owners: owners, limit: RequestPlan.Size.items)
        for (position, result) in results.enumerated() {
            let index = owners[position]
            if case .done(let id) = result, calls[position].target.kind == .createItem {
                works[index].itemID = id.number
            }
            self.noteMissingGroup(result, &works[index])
            works[index].decide(result, request: self.excerpt(calls[position]))
        }
        for index in works.indices where works[index].isOpen { works[index].itemIsCurrent = true }
    }

    /// Makes sure that the group of each order is on the board.
    private func assignGroups(_ works: inout [OrderWork]) async throws {
        var titles: [String] = []
        for work in works where work.isOpen && !titles.contains(work.order.group) { titles.append(work.order.group) }
        let groups = try await self.engine.groups.ensure(titles, counters: self.counters)
        for index in works.indices where works[index].isOpen {
            switch groups[works[index].order.group] {
            case .done(let id): works[index].groupID = id.text
            case .inDoubt(let until, let failure):
                works[index].decide(.wait(until: until, reason: "its group is in doubt: \(failure)"))
            case .refused(let failure): works[index].decide(.failed(failure, request: nil, size: nil))
            case .stopped, nil: works[index].decide(.released)
            }
        }
    }

    /// Refuses orders with a label that the board lacks in a column whose labels people alone make (`create_labels: false`).
    ///
    /// Monday.com takes that choice for a whole item, so it is made here for each column.
    private func refuseMissingLabels(_ works: inout [OrderWork]) async throws {
        var fixed: [Int: Set<Label>] = [:]
        for index in works.indices where works[index].isOpen && !works[index].itemIsCurrent {
            let columns = works[index].order.columnValues(self.engine.fieldMap, isUpdate: works[index].itemID != nil)
            fixed[index] = Self.labels(columns.filter { !$0.createLabels })
        }
        let missing = try await self.engine.boardState.missing(fixed.values.reduce(into: []) { $0.formUnion($1) })
        for index in works.indices {
            guard let labels = fixed[index]?.intersection(missing), !labels.isEmpty else { continue }
            let names = labels.map { "“\($0.text)” in column \($0.column)" }.sorted().joined(separator: ", ")
            let failure = Failure(
                .permanent,
                code: ErrorCode.missingLabel,
                message: "the board has no label \(names), and the field map says not to create it"
            )
            works[index].decide(.failed(failure, request: nil, size: nil))
        }
    }

    /// The calls that bring an item to its order's state: none when it is there.
    private func itemCalls(_ work: OrderWork) -> [PlannedCall] {
        guard !work.itemIsCurrent else { return [] }
        let columns = work.order.columnValues(self.engine.fieldMap, isUpdate: work.itemID != nil)
        var target = PlannedCall.Target(.createItem, job: work.job)
        target.groupID = work.groupID
        let key = self.engine.settings.keyColumn.map { ItemKey(column: $0, key: work.job.orderKey) }
        guard let item = work.itemID else {
            return [
                PlannedCall(
                    mutation: .createItem(
                        group: work.groupID ?? "",
                        name: work.order.title,
                        columns: columns,
                        key: key
                    ),
                    target: target,
                    labels: Self.labels(columns),
                    errors: work.job.errors
                )
            ]
        }
        target.itemID = item
        var calls: [PlannedCall] = []
        if let group = work.groupID, group != work.placedIn {
            target.kind = .moveItem
            calls.append(
                PlannedCall(mutation: .moveItem(item: item, group: group), target: target, errors: work.job.errors)
            )
        }
        target.kind = .changeColumns
        calls.append(
            PlannedCall(
                mutation: .changeColumns(
                    board: self.engine.settings.board,
                    item: item,
                    columns: columns,
                    name: work.order.title,
                    key: key
                ),
                target: target,
                labels: Self.labels(columns),
                errors: work.job.errors
            )
        )
        return calls
    }

    /// A group that was deleted on the board meanwhile is no fault of the order: it is read and made again.
    private func noteMissingGroup(_ result: CallResult, _ work: inout OrderWork) {
        guard case .refused(let failure) = result, failure.code == ErrorCode.groupNotFound else { return }
        self.engine.groups.invalidate()
        work.decide(.wait(until: self.engine.time.now() + Self.groupPause, reason: "its group is gone from the board"))
    }

    // MARK: Subitems

    private func makeSubitems(_ works: inout [OrderWork]) async throws {
        if works.contains(where: { !$0.subitems.isEmpty }) { try await self.engine.boardState.learnSubitemBoard() }
        var calls: [PlannedCall] = []
        var owners: [Int] = []
        for index in works.indices where works[index].isOpen {
            for call in try self.subitemCalls(works[index]) {
                calls.append(call)
                owners.append(index)
            }
        }
        let results = try await self.send(calls, owners: owners, limit: RequestPlan.Size.subitems)
        for (position, result) in results.enumerated() {
            let index = owners[position]
            let target = calls[position].target
            let size = target.size ?? ""
            if case .done(let id) = result, let id = target.kind == .createSubitem ? id.number : target.itemID {
                works[index].subitems[size] = LedgerSubitem(size: size, id: id, quantity: target.quantity ?? 0)
            }
            works[index].decide(result, request: self.excerpt(calls[position]), size: size)
        }
        // The first subitem of a board brings its subitem board into being.
        if works.contains(where: { !$0.subitems.isEmpty }) { try await self.engine.boardState.learnSubitemBoard() }
    }

    /// The calls that bring the subitems of an item to its order's sizes.
    private func subitemCalls(_ work: OrderWork) throws -> [PlannedCall] {
        guard let item = work.itemID else { return [] }
        let map = self.engine.fieldMap.subitem
        let wanted = Set(work.order.sizes.map(\.label))
        // A size that is gone keeps its subitem, with nothing left to make.
        let gone = work.subitems.values.filter { !wanted.contains($0.size) && $0.quantity != 0 }
            .sorted { $0.size < $1.size }
            .map { SizeQuantity(label: $0.size, quantity: 0) }
        return try (work.order.sizes + gone).compactMap { size in
            var target = PlannedCall.Target(.createSubitem, job: work.job)
            let wantedQuantity = Int64(size.quantity)
            target.size = size.label
            target.quantity = wantedQuantity
            target.itemID = item
            let quantity = ColumnValue(
                columnID: map.quantityColumn,
                type: map.quantityType,
                value: map.quantityType == .numbers ? .number(String(size.quantity)) : .text(String(size.quantity))
            )
            guard let existing = work.subitems[size.label] else {
                let label = ColumnValue(columnID: map.sizeColumn, type: map.sizeType, value: .text(size.label))
                return PlannedCall(
                    mutation: .createSubitem(
                        parent: item,
                        name: map.namePrefix + size.label,
                        columns: [label, quantity]
                    ),
                    target: target,
                    labels: Self.labels([label]),
                    errors: work.job.errors
                )
            }
            guard existing.quantity != wantedQuantity else { return nil }
            let board = try self.engine.boardState.requireSubitemBoard()
            target.kind = .changeColumns
            target.itemID = existing.id
            return PlannedCall(
                mutation: .changeColumns(board: board, item: existing.id, columns: [quantity], name: nil, key: nil),
                target: target,
                errors: work.job.errors
            )
        }
    }

    // MARK: Sending

    /// Sends calls in as few requests as their bounds allow; calls of one order never overlap.
    private func send(_ calls: [PlannedCall], owners: [Int], limit: Int) async throws -> [CallResult] {
        var groups: [[Int]] = []
        for position in calls.indices {
            if position > 0, owners[position] == owners[position - 1] {
                groups[groups.count - 1].append(position)
            } else {
                groups.append([position])
            }
        }
        let plan = RequestPlan(groups: groups, errors: { calls[$0].errors }, limit: limit)
        let sender = self.engine.sender(counters: self.counters)
        return try await withThrowingTaskGroup(of: [(Int, CallResult)].self) { tasks in
            for chain in plan.chains {
                tasks.addTask {
                    var results: [(Int, CallResult)] = []
                    let outcomes = try await sender.send(chain: chain.map { $0.map { calls[$0] } })
                    for (request, outcomes) in zip(chain, outcomes) { results += zip(request, outcomes) }
                    return results
                }
            }
            var results = [CallResult](repeating: .stopped, count: calls.count)
            for try await part in tasks {
                for (position, result) in part { results[position] = result }
            }
            return results
        }
    }

    private static func labels(_ columns: [ColumnValue]) -> Set<Label> {
        var labels: Set<Label> = []
        for column in columns where column.type == .status || column.type == .dropdown {
            if case .text(let text) = column.value { labels.insert(Label(column: column.columnID, text: text)) }
        }
        return labels
    }

    /// The call as it stands in an error row: the request that would send it alone.
    private func excerpt(_ call: PlannedCall) -> String {
        String(
            decoding: MutationRequest(board: self.engine.settings.board, mutations: [call.mutation]).body,
            as: UTF8.self
        )
    }
}
