package import Journal
import Orders

/// What an order waits for, told from what the journal says: a pure value.
package struct Waiting: Hashable, Sendable {
    /// What beside the journal decides how long an order waits.
    package struct Circumstances: Hashable, Sendable {
        package var now: Int64
        package var daemon: DaemonStanding
        /// Whether the daemon's process is there; nil when that can't be told from here.
        package var isDaemonRunning: Bool?
        package var timing: EffectTiming
        package var hasKeyColumn: Bool

        package init(
            now: Int64,
            daemon: DaemonStanding,
            isDaemonRunning: Bool?,
            timing: EffectTiming,
            hasKeyColumn: Bool
        ) {
            self.now = now
            self.daemon = daemon
            self.isDaemonRunning = isDaemonRunning
            self.timing = timing
            self.hasKeyColumn = hasKeyColumn
        }
    }

    package let standing: OrderStanding
    /// Since when, in milliseconds; nil when it waits for nothing.
    package let since: Int64?
    /// What for, the nearest first; a sentence each, without a full stop.
    package let reasons: [String]

    package init(_ standing: OrderStanding, _ circumstances: Circumstances) {
        self.standing = standing
        self.since = standing.live?.updatedAt
        var reasons = Self.reasons(standing, circumstances)
        if let live = standing.live, CustomerStanding.movingStates.contains(live.state) {
            reasons += Self.daemon(live, circumstances)
        }
        if let waiting = standing.waiting {
            let age = HumanText.age(milliseconds: circumstances.now - waiting.createdAt)
            let held = waiting.isToBeHeld ? ", and will be held when its turn comes" : ""
            reasons.append("a newer snapshot of the order, job \(waiting.id), stands behind it since \(age)\(held)")
        }
        self.reasons = reasons
    }

    private static func reasons(_ standing: OrderStanding, _ circumstances: Circumstances) -> [String] {
        guard let live = standing.live else { return [Self.nothing(standing, circumstances.now)] }
        switch live.state {
        case .ready: return [Self.turn(standing, live, circumstances.now)]
        case .running: return ["nothing: the daemon is at work on it"] + Self.doubts(standing, circumstances)
        case .retry: return [Self.retry(live, circumstances.now)]
        case .inDoubt:
            let hold = live.isToBeHeld ? ["it will be held as soon as that is known"] : []
            return Self.doubts(standing, circumstances) + hold
        case .dead:
            let cause = "\(live.lastCode ?? "?"): \(live.lastMessage ?? "")"
            guard standing.open.isEmpty else {
                return ["a person: it died of \(cause)"]
                    + Self.doubts(standing, circumstances)
            }
            return ["a person, or a newer snapshot: it died of \(cause)", "then: ordersync-replay retry \(live.id)"]
        case .held:
            let deed = standing.action.map { action in
                action.action == "hold"
                    ? ": held by \(action.who) since \(HumanText.age(milliseconds: circumstances.now - action.at)), "
                        + "for “\(action.why)”" : ""
            }
            return ["a person's release\(deed ?? "")", "then: ordersync-replay release \(live.id)"]
        case .waiting, .done, .superseded, .discarded: return []
        }
    }

    private static func nothing(_ standing: OrderStanding, _ now: Int64) -> String {
        func ago(_ time: Int64) -> String { HumanText.age(milliseconds: now - time) + " ago" }
        switch standing.last?.state {
        case .discarded:
            let deed = standing.action.map { " by \($0.who) \(ago($0.at)), for “\($0.why)”" } ?? ""
            return "nothing: its last job was discarded\(deed); the next change in the source queues it anew"
        case _ where standing.syncedAt != nil:
            return
                "nothing: it stands on the board as the source had it, brought there \(ago(standing.syncedAt ?? now))"
        default: return "nothing: nothing of it has been queued"
        }
    }

    private static func turn(_ standing: OrderStanding, _ live: JobSummary, _ now: Int64) -> String {
        var parts: [String] = []
        if standing.ahead > 0 {
            parts.append("\(HumanText.count(standing.ahead, "order")) of \(live.customer) before it")
        }
        if standing.isCustomerAtWork { parts.append("a batch of \(live.customer) is at work") }
        if standing.customersAhead > 0 {
            parts.append("\(HumanText.count(standing.customersAhead, "other customer")) served first")
        }
        return "its turn: " + (parts.isEmpty ? "it is the next" : parts.joined(separator: ", "))
    }

    private static func retry(_ live: JobSummary, _ now: Int64) -> String {
        let cause =
            live.lastCode == "wait" ? live.lastMessage ?? "" : "\(live.lastCode ?? ""): \(live.lastMessage ?? "")"
        guard let runAt = live.runAt, runAt > now else { return "another try, which is due now, after \(cause)" }
        return
            "another try at \(HumanText.time(runAt)), in \(HumanText.duration(milliseconds: runAt - now)), after \(cause)"
    }

    /// What was sent without a known outcome, and who finds out when.
    private static func doubts(_ standing: OrderStanding, _ circumstances: Circumstances) -> [String] {
        standing.open.map { open in
            let sent = "\(open.target.words), sent at \(HumanText.time(open.sentAt))"
            let isLeftToPerson = standing.live?.lastCode == Journal.doubtCode || !circumstances.hasKeyColumn
            if isLeftToPerson, open.target.kind == .createItem {
                return "the outcome of \(sent): without a key column only a person can find the item; "
                    + "then: ordersync-replay settle \(open.target.job?.id ?? 0)"
            }
            let due = circumstances.timing.lookUpTime(sentAt: open.sentAt)
            let when =
                due > circumstances.now
                ? "looked up on the board from \(HumanText.time(due)) on, in "
                    + HumanText.duration(milliseconds: due - circumstances.now) : "to be looked up on the board now"
            return "the outcome of \(sent): \(when)"
        }
    }

    /// What keeps the daemon from it.
    private static func daemon(_ live: JobSummary, _ circumstances: Circumstances) -> [String] {
        let daemon = circumstances.daemon
        if daemon.startedAt == nil { return ["the daemon: it was never started"] }
        if let stopped = daemon.stoppedAt {
            return [
                "the daemon: none runs, the last one ended \(HumanText.age(milliseconds: circumstances.now - stopped)) ago"
            ]
        }
        if circumstances.isDaemonRunning == false { return ["the daemon: none runs, the last one was killed"] }
        var reasons: [String] = []
        if let pause = daemon.pause {
            let until =
                pause.until > circumstances.now ? "until \(HumanText.time(pause.until))" : "and about to try again"
            reasons.append(
                "the end of a pause of all work, since \(HumanText.age(milliseconds: circumstances.now - pause.since)) "
                    + "\(until), after \(pause.failure)"
            )
        }
        if daemon.isSolo, live.state == .ready {
            reasons.append("jobs that were in flight when the daemon died several times: they run first, one at a time")
        }
        return reasons
    }
}
