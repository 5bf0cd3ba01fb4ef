import Journal
import Monday
import Orders

extension BatchRunner {
    /// How long an order waits whose group has gone, in milliseconds: a board that shows a group and refuses it must not
    /// be asked without end.
    private static let groupPause: Int64 = 2_000

    /// Brings the items to their orders' state: made, moved, changed, or archived.
    func makeItems(_ works: inout [OrderWork]) async throws {
        try await self.engine.boardState.load()
        try await self.assignGroups(&works)
        try await self.lookAtItems(&works)
        try await self.adoptExisting(&works)
        for index in works.indices where works[index].isOpenSync && works[index].itemID != nil {
            works[index].change = ItemChange(
                to: works[index].order,
                known: works[index].known,
                fieldMap: self.engine.fieldMap,
                cells: works[index].cells
            )
        }
        try await self.refuseMissingLabels(&works)

        try await self.carryOut(&works, limit: RequestPlan.Size.items) { work in
            self.itemCalls(work)
        } settle: { result, call, work in
            if case .done(let id) = result {
                work.isSeen = true
                if call.target.kind == .createItem { work.itemID = id.number }
                self.engine.groups.forgetMisses(of: "\(work.job.orderKey)")
            }
            self.noteMissingGroup(result, call, &work)
            work.decide(result, request: self.excerpt(call))
        }
    }

    /// Makes sure that the group of each order is on the board.
    private func assignGroups(_ works: inout [OrderWork]) async throws {
        var titles: [String] = []
        for work in works where work.isOpenSync && !titles.contains(work.order.group) {
            titles.append(work.order.group)
        }
        let groups = try await self.engine.groups.ensure(titles, counters: self.counters)
        for index in works.indices where works[index].isOpenSync {
            switch groups[works[index].order.group] {
            case .done(let id):
                works[index].groupID = id.text
                self.engine.groups.forgetMisses(of: works[index].order.group)
            case .inDoubt(let until, let failure): self.lackGroup(&works[index], until: until, failure)
            case .refused(let failure):
                let request = self.excerpt(.createGroup(title: works[index].order.group, after: nil))
                works[index].decide(.failed(failure, request: request, size: nil))
            case .stopped, nil: works[index].decide(.released)
            }
        }
    }

    /// Lets an order wait until it is known whether its group was made.
    ///
    /// That costs it nothing the first time, and a try when the answer stays out again and again: a title that makes Monday.com
    /// answer 500 every time must not be asked for without end.
    private func lackGroup(_ work: inout OrderWork, until: Int64, _ failure: Failure) {
        let title = work.order.group
        guard failure.code != GroupDirectory.inDoubt,
            !self.engine.groups.isFirstMiss(of: title, in: self.claim.batchID)
        else { return work.decide(.wait(until: until, reason: "its group is in doubt: \(failure)")) }
        let unmade = Failure(
            .transient,
            code: ErrorCode.groupNotMade,
            message: "group \"\(title)\" could not be made: \(failure)",
            httpStatus: failure.httpStatus
        )
        work.decide(.failed(unmade, request: self.excerpt(.createGroup(title: title, after: nil)), size: nil))
    }

    /// Refuses orders with a label that the board lacks in a column whose labels people alone make (`create_labels: false`).
    ///
    /// Monday.com takes that choice for a whole item, so it is made here for each column.
    private func refuseMissingLabels(_ works: inout [OrderWork]) async throws {
        var fixed: [Int: Set<Label>] = [:]
        for index in works.indices where works[index].isOpenSync {
            let columns = works[index].change?.columns ?? works[index].order.columnValues(self.engine.fieldMap)
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
            let request = self.itemCalls(works[index]).last.map(self.excerpt)
            works[index].decide(.failed(failure, request: request, size: nil))
        }
    }

    /// The calls that bring an item to its order's state: none when it is there.
    private func itemCalls(_ work: OrderWork) -> [PlannedCall] {
        switch work.job.kind {
        case .sync: work.itemID.map { self.changes(of: $0, work) } ?? [self.creation(work)]
        case .archive: self.archiving(work)
        case .zero: []
        }
    }

    private func creation(_ work: OrderWork) -> PlannedCall {
        let columns = work.order.columnValues(self.engine.fieldMap)
        var target = PlannedCall.Target(.createItem, job: work.job)
        target.groupID = work.groupID
        return PlannedCall(
            mutation: .createItem(
                group: work.groupID ?? "",
                name: work.order.title,
                columns: columns,
                key: self.key(of: work)
            ),
            target: target,
            labels: Self.labels(columns),
            errors: work.job.errors
        )
    }

    private func changes(of item: Int64, _ work: OrderWork) -> [PlannedCall] {
        var target = PlannedCall.Target(.moveItem, job: work.job)
        target.groupID = work.groupID
        target.itemID = item
        var calls: [PlannedCall] = []
        if let group = work.groupID, group != work.placedIn {
            calls.append(
                PlannedCall(mutation: .moveItem(item: item, group: group), target: target, errors: work.job.errors)
            )
        }
        let key = work.hasKey ? nil : self.key(of: work)
        guard let change = work.change, !change.isEmpty || key != nil else { return calls }
        target.kind = .changeColumns
        calls.append(
            PlannedCall(
                mutation: .changeColumns(
                    board: self.engine.settings.board,
                    item: item,
                    columns: change.columns,
                    name: change.name,
                    key: key
                ),
                target: target,
                labels: Self.labels(change.columns),
                errors: work.job.errors
            )
        )
        return calls
    }

    private func archiving(_ work: OrderWork) -> [PlannedCall] {
        guard let item = work.itemID, !work.job.ledger.isArchived || work.job.isRepair else { return [] }
        var target = PlannedCall.Target(.archiveItem, job: work.job)
        target.itemID = item
        return [PlannedCall(mutation: .archiveItem(item: item), target: target, errors: work.job.errors)]
    }

    private func key(of work: OrderWork) -> ItemKey? {
        self.engine.settings.keyColumn.map { ItemKey(column: $0, key: work.job.orderKey) }
    }

    /// A group that was deleted on the board meanwhile is no fault of the order: it is read and made again.
    ///
    /// One that is refused again and again, though the board shows it, costs its order a try each time.
    private func noteMissingGroup(_ result: CallResult, _ call: PlannedCall, _ work: inout OrderWork) {
        guard case .refused(let failure) = result, failure.code == ErrorCode.groupNotFound else { return }
        self.engine.groups.invalidate()
        guard self.engine.groups.isFirstMiss(of: "\(work.job.orderKey)", in: self.claim.batchID) else {
            return work.decide(.failed(failure.asTransient, request: self.excerpt(call), size: nil))
        }
        work.decide(.wait(until: self.engine.time.now() + Self.groupPause, reason: "its group is gone from the board"))
    }
}
