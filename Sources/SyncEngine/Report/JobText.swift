import FoundationEssentials
package import Journal
import Orders

/// Jobs for people.
package enum JobText {
    /// A list, one line a job.
    ///
    /// - Parameters:
    ///   - jobs: The jobs, in the order they are to stand.
    ///   - now: The time, in milliseconds, that ages are counted to.
    ///   - width: The cells of a line; nil where there is no limit.
    /// - Returns: A line of titles and a line a job.
    package static func list(_ jobs: [JobSummary], now: Int64, width: Int?) -> [String] {
        var table = TextTable([
            .init("JOB", .right), .init("STATE"), .init("AGE", .right), .init("ORDER"),
            .init("CUSTOMER", isFlexible: true), .init("PO", isFlexible: true), .init("ERRORS", .right),
            .init("CODE", isFlexible: true), .init("LAST ERROR", isFlexible: true),
        ])
        for job in jobs {
            table.add([
                String(job.id), job.state.rawValue + (job.isUnsettled ? "?" : ""),
                HumanText.age(milliseconds: now - job.updatedAt), job.orderNumber, job.customer, job.poNumber ?? "",
                String(job.errors), job.lastCode ?? "", job.lastMessage ?? "",
            ])
        }
        return table.lines(width: width)
    }

    /// All that is known of one job.
    ///
    /// - Parameters:
    ///   - detail: The job.
    ///   - width: The cells of a line; nil where there is no limit.
    /// - Returns: Lines without trailing line breaks.
    package static func page(_ detail: JobDetail, width: Int?) -> [String] {
        let job = detail.summary
        var facts = [
            ("job", "\(job.id), \(job.kind.rawValue)"),
            ("state", job.state.rawValue + (job.isUnsettled ? ", with a request of unknown outcome" : "")),
            ("stage", job.stage.rawValue),
            ("order", [job.orderNumber, job.style, job.colour].compactMap(\.self).joined(separator: "  ")),
            ("customer", job.customer), ("PO", job.poNumber ?? "–"), ("order key", "\(job.orderKey)"),
            ("created", HumanText.time(job.createdAt)), ("changed", HumanText.time(job.updatedAt)),
        ]
        if let runAt = job.runAt { facts.append(("next try", HumanText.time(runAt))) }
        facts.append(("tries", "\(HumanText.count(job.errors, "error")), \(HumanText.count(job.replays, "replay"))"))
        if let batch = detail.batchID { facts.append(("batch", batch.uuidString.lowercased())) }
        facts.append(("item", detail.ledger.itemID.map(String.init) ?? "none yet"))
        if let code = job.lastCode { facts.append(("last error", "\(code): \(job.lastMessage ?? "")")) }
        var lines = facts.map { name, value in
            name + String(repeating: " ", count: 12 - name.count) + DisplayText.safe(value)
        }
        lines += Self.section("Tries that failed", Self.attempts(detail), width)
        lines += Self.section("Requests", Self.effects(detail), width)
        lines += Self.section("What people did", Self.actions(detail), width)
        lines += Self.lastRequest(detail, width)
        if let order = detail.snapshot.flatMap(SnapshotText.init) {
            lines += Self.section("Order", order.table(), width)
        }
        return lines
    }

    /// The longest request that a page shows, in characters: one for 25 items fills screens.
    private static let longestRequest = 2_000

    /// The request that failed last, or was sent last, and what Monday.com said.
    private static func lastRequest(_ detail: JobDetail, _ width: Int?) -> [String] {
        let sent = detail.effects.last
        guard
            let request = detail.attempts.last(where: { $0.request != nil })?.request
                ?? sent.map({ String(decoding: $0.body, as: UTF8.self) })
        else { return [] }
        let shown = DisplayText.safe(String(request.prefix(Self.longestRequest)))
        let isCut = request.count > Self.longestRequest
        var lines = ["", "Last request:", shown + (isCut ? "… (--json shows it whole)" : "")]
        if let answer = sent?.failure?.description ?? sent?.answer ?? detail.attempts.last?.failure.description {
            lines += ["", "Answer:", DisplayText.safe(answer)]
        }
        return lines
    }

    /// What a command did to jobs.
    ///
    /// - Parameters:
    ///   - outcome: Which jobs it changed and refused.
    ///   - done: What became of the changed ones, such as `ready again`.
    /// - Returns: Lines without trailing line breaks.
    package static func outcome(_ outcome: ReplayOutcome, done: String) -> [String] {
        ["\(HumanText.count(outcome.changed.count, "job")) \(done)"] + Self.refused(outcome.refused)
    }

    /// The jobs that a command does not change, and why.
    package static func refused(_ refused: [ReplayOutcome.Refused]) -> [String] {
        refused.map { "job \($0.id) refused: \(Self.words($0.reason))" }
    }

    private static func words(_ refusal: ReplayOutcome.Refusal) -> String {
        switch refusal {
        case .unknown: "there is no such job"
        case .running: "the daemon is working on it; try again when it is over"
        case .unsettled:
            "a request of it has no known outcome; the daemon looks it up, and what it can't find out ordersync-replay settle says"
        case .state: "it is in a state that this command does not apply to"
        }
    }

    private static func section(_ title: String, _ table: TextTable, _ width: Int?) -> [String] {
        table.isEmpty ? [] : ["", title + ":"] + table.lines(width: width)
    }

    private static func attempts(_ detail: JobDetail) -> TextTable {
        var table = TextTable([
            .init("AT"), .init("CLASS"), .init("CODE"), .init("HTTP", .right), .init("SIZE"),
            .init("MESSAGE", isFlexible: true),
        ])
        for attempt in detail.attempts {
            let status = attempt.failure.httpStatus.map(String.init) ?? ""
            table.add([
                HumanText.time(attempt.at), attempt.failure.class.rawValue, attempt.failure.code, status,
                attempt.size ?? "", attempt.failure.message,
            ])
        }
        return table
    }

    private static func effects(_ detail: JobDetail) -> TextTable {
        var table = TextTable([
            .init("SENT"), .init("WHAT"), .init("SIZE"), .init("SENDS", .right), .init("OUTCOME"), .init("ID", .right),
            .init("FAILURE", isFlexible: true),
        ])
        for effect in detail.effects {
            table.add([
                HumanText.time(effect.sentAt), effect.target.kind.rawValue, effect.target.size ?? "",
                String(effect.sends),
                effect.outcome ?? "unknown", effect.remoteID.map(String.init) ?? "", effect.failure?.message ?? "",
            ])
        }
        return table
    }

    private static func actions(_ detail: JobDetail) -> TextTable {
        var table = TextTable([.init("AT"), .init("WHO"), .init("ACTION"), .init("WHY", isFlexible: true)])
        for action in detail.actions { table.add([HumanText.time(action.at), action.who, action.action, action.why]) }
        return table
    }
}
