import Journal
import Orders

/// What an order waits for, for people.
package enum WaitingText {
    package static func lines(_ waiting: Waiting, now: Int64) -> [String] {
        let standing = waiting.standing
        let place =
            standing.itemID.map { "item \($0)" + (standing.syncedAt == nil ? ", not complete yet" : "") }
            ?? "no item yet"
        var facts = [
            ("order", "\(standing.orderNumber)  \(standing.customer)"),
            ("order key", "\(standing.orderKey)"),
            ("on board", place),
        ]
        if let missing = standing.missingSince {
            facts.append(("missing", "in the source, since \(HumanText.age(milliseconds: now - missing))"))
        }
        if let live = standing.live {
            let queued = HumanText.age(milliseconds: now - live.queuedAt)
            let since = HumanText.age(milliseconds: now - live.updatedAt)
            facts.append(("job", "\(live.id), \(live.state.rawValue) since \(since); the order waits since \(queued)"))
        }
        for (index, reason) in waiting.reasons.enumerated() { facts.append((index == 0 ? "waits for" : "", reason)) }
        return facts.map { name, value in
            name + String(repeating: " ", count: 11 - name.count) + DisplayText.safe(value)
        }
    }
}

/// An answer of `ordersync-replay why --json`.
package struct WaitingForm: Hashable, Sendable, Codable {
    /// Something that was sent without a known outcome.
    package struct Open: Hashable, Sendable, Codable {
        package let kind: String
        package let size: String?
        package let sentAt: String
        package let lookUpAt: String
    }

    package let orderNumber: String
    package let orderKey: String
    package let customer: String
    package let itemID: Int64?
    package let syncedAt: String?
    package let missingSince: String?
    package let job: JobForm?
    package let waiting: JobForm?
    package let since: String?
    package let reasons: [String]
    package let open: [Open]
    package let ahead: Int
    package let customersAhead: Int

    package init(_ waiting: Waiting, timing: EffectTiming) {
        let standing = waiting.standing
        self.orderNumber = standing.orderNumber
        self.orderKey = "\(standing.orderKey)"
        self.customer = standing.customer
        self.itemID = standing.itemID
        self.syncedAt = standing.syncedAt.map(HumanText.time)
        self.missingSince = standing.missingSince.map(HumanText.time)
        self.job = standing.live.map(JobForm.init)
        self.waiting = standing.waiting.map(JobForm.init)
        self.since = waiting.since.map(HumanText.time)
        self.reasons = waiting.reasons
        self.open = standing.open.map { open in
            Open(
                kind: open.target.kind.rawValue,
                size: open.target.size,
                sentAt: HumanText.time(open.sentAt),
                lookUpAt: HumanText.time(timing.lookUpTime(sentAt: open.sentAt))
            )
        }
        self.ahead = standing.ahead
        self.customersAhead = standing.customersAhead
    }
}
