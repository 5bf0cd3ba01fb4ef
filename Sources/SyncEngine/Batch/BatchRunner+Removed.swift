import Journal
import Logging
import Monday
import Orders

extension BatchRunner {
    /// What a refused call came upon.
    enum Removed: Hashable {
        /// The order's item is archived or deleted; with that refusal.
        case item(Failure)
        /// The item stands, the subitem does not.
        case subitem(Failure)
        /// All is there: the refusal contradicts what reading shows, and passes by itself or not at all.
        case nothing(Failure)
    }

    /// Looks whether what calls were refused for has been taken off the board.
    ///
    /// Monday.com has several words for that, so what was to be changed is read: nothing is made anew on a word alone.
    /// - Returns: By the position of the call.
    func findRemoved(
        _ calls: [PlannedCall],
        owners: [Int],
        _ results: [CallResult],
        _ works: [OrderWork]
    ) async throws -> [Int: Removed] {
        var refusals: [Int: Failure] = [:]
        for (position, result) in results.enumerated() {
            guard case .refused(let failure) = result, failure.class == .permanent,
                calls[position].target.itemID != nil
            else { continue }
            refusals[position] = failure
        }
        guard !refusals.isEmpty else { return [:] }
        let ids = Set(refusals.keys.flatMap { [calls[$0].target.itemID, works[owners[$0]].itemID].compactMap(\.self) })
        let active = Set(try await self.engine.items(ids.sorted()).filter(\.isActive).map(\.id))
        var removed: [Int: Removed] = [:]
        for (position, failure) in refusals {
            if let item = works[owners[position]].itemID, !active.contains(item) {
                removed[position] = .item(failure)
            } else if let item = calls[position].target.itemID, !active.contains(item) {
                removed[position] = .subitem(failure)
            } else if failure.code == ErrorCode.itemNotFound {
                let words = "\(failure.message) Yet reading shows the item on the board."
                removed[position] = .nothing(Failure(.transient, code: failure.code, message: words))
            }
        }
        return removed
    }

    /// Decides what follows when something was taken off the board.
    func take(_ removed: Removed, _ call: PlannedCall, _ work: inout OrderWork) async throws {
        let size = call.target.size
        switch removed {
        case .nothing(let failure):
            work.decide(.failed(failure, request: self.excerpt(call), size: size))
        case .item where !work.isSync:
            // What was asked for has come about by another hand.
            try await self.engine.journal.noteArchived([work.job.orderKey], now: self.engine.time.now())
            work.subitems = [:]
        case .item(let refusal):
            try await self.loseItem(&work, request: self.excerpt(call), status: refusal.httpStatus)
        case .subitem(let refusal): try await self.loseSubitem(call, status: refusal.httpStatus, &work)
        }
    }

    /// Looks whether the items are on the board of which this batch only deleted subitems: that may succeed under an item that
    /// is archived, too, and nothing else would tell.
    func lookForItems(_ works: inout [OrderWork]) async throws {
        let silent = works.indices.filter { works[$0].isOpenSync && works[$0].isOnlyTakenFrom && !works[$0].isSeen }
        guard !silent.isEmpty else { return }
        let ids = silent.compactMap { works[$0].itemID }.sorted()
        let active = Set(try await self.engine.items(ids).filter(\.isActive).map(\.id))
        for index in silent {
            guard let item = works[index].itemID, !active.contains(item) else { continue }
            try await self.loseItem(&works[index], request: self.rewriting(of: item, works[index].order), status: 200)
        }
    }

    /// An order's item is off the board: as the configuration says, the job dies or the item is made anew.
    ///
    /// `status` is that of the answer which told so.
    func loseItem(_ work: inout OrderWork, request: String?, status: Int?) async throws {
        guard work.isOpen, let item = work.itemID else { return }
        guard work.job.isRepair || self.engine.settings.removedItems == .recreate else {
            let failure = Failure(
                .permanent,
                code: ErrorCode.itemRemoved,
                message: "item \(item) was archived or deleted on the board: restore it there and retry, or set "
                    + "monday.removed_items to recreate",
                httpStatus: status
            )
            return work.decide(.failed(failure, request: request, size: nil))
        }
        try await self.engine.journal.forgetItems([work.job.orderKey: item])
        guard work.job.ledger.itemID == item else {
            // Made in this very batch: somebody, or a rule of the board, takes off whatever is made there.
            let failure = Failure(
                .transient,
                code: ErrorCode.itemRemoved,
                message: "item \(item) was archived or deleted on the board as soon as it was made",
                httpStatus: status
            )
            return work.decide(.failed(failure, request: request, size: nil))
        }
        self.tell("an item was taken off the board and is made anew", work, item)
        work.decide(.wait(until: self.engine.time.now(), reason: "item \(item) is off the board; it is made anew"))
    }

    private func loseSubitem(_ call: PlannedCall, status: Int?, _ work: inout OrderWork) async throws {
        guard let size = call.target.size, let item = call.target.itemID else { return }
        let isWanted = work.isSync && work.order.sizes.contains { $0.label == size }
        guard !isWanted || work.job.isRepair || self.engine.settings.removedItems == .recreate else {
            let failure = Failure(
                .permanent,
                code: ErrorCode.itemRemoved,
                message: "subitem \(item) of size \(size) was archived or deleted on the board: restore it there and "
                    + "retry, or set monday.removed_items to recreate",
                httpStatus: status
            )
            return work.decide(.failed(failure, request: self.excerpt(call), size: size))
        }
        try await self.engine.journal.forgetSubitem(item, of: work.job.orderKey)
        work.subitems[size] = nil
        // A size that is not wanted any more is where it should be.
        guard isWanted else { return }
        self.tell("a subitem was taken off the board and is made anew", work, item)
        work.decide(.wait(until: self.engine.time.now(), reason: "subitem \(item) is off the board; it is made anew"))
    }

    private func tell(_ what: Logger.Message, _ work: OrderWork, _ item: Int64) {
        self.engine.log.notice(
            what,
            metadata: ["order.key": "\(work.job.orderKey)", "item.id": "\(item)", "batch.id": "\(self.claim.batchID)"]
        )
    }
}
