package import Journal
import Orders

/// What a full look at the journal found, in the form of a check.
package enum JournalFindings {
    /// One finding a subject, and one a line of damage.
    package static func all(_ found: Examination, path: String) -> [HealthCheck.Finding] {
        [
            HealthCheck.Finding("journal", .ok, Self.content(found, path: path)),
            HealthCheck.Finding("library", .ok, Self.library(found)),
            Self.guardFinding(found),
        ]
            + Self.findings("file", found.damage, else: "pages, indexes and references are whole", Self.damageAdvice)
            + (found.damage.isEmpty
                ? Self.findings(
                    "queue",
                    found.contradictions,
                    else: "every rule of the queue holds, and every snapshot is what was written",
                    "keep a copy of the file (ordersyncd backup) and report it with these lines"
                ) : [])
            + found.alarms.map(Self.alarm)
    }

    /// What a person must look at on the board.
    private static func alarm(_ alarm: Alarm) -> HealthCheck.Finding {
        let thing =
            alarm.groupTitle.map { "group \"\($0)\"" }
            ?? "order \(alarm.orderKey.map(String.init(describing:)) ?? "")\(alarm.size.map { ", size \($0)" } ?? "")"
        return HealthCheck.Finding(
            "board",
            .warning,
            "\(thing) has a second one on the board: ours is \(alarm.knownID), look at \(alarm.otherID) and remove it, then "
                + "ordersync-replay acknowledge \(alarm.id) --reason ..."
        )
    }

    private static let damageAdvice =
        "stop the daemon and all runs, move the file away, with the -wal and -shm beside it, put a backup in its place or none, "
        + "and run ordersync-enqueue --rebuild-ledger"

    private static func content(_ found: Examination, path: String) -> String {
        let counts = "\(HumanText.count(found.orders, "order")), \(HumanText.count(found.jobs, "job"))"
        return "\(path): \(counts); \(HumanText.size(found.size)) and a log of \(HumanText.size(found.logSize)); "
            + "id \(found.journalID), version \(found.version)"
    }

    private static func library(_ found: Examination) -> String {
        guard found.isLibraryAffected else { return "SQLite \(found.library)" }
        return "SQLite \(found.library), which can lose what was committed when several connections checkpoint: "
            + "so only the daemon does, and nothing but these programs may open the file"
    }

    private static func guardFinding(_ found: Examination) -> HealthCheck.Finding {
        if !found.isWAL {
            return HealthCheck.Finding("guard", .failed, "the file is not in WAL mode: start ordersyncd, which sets it")
        }
        guard found.isGuardInForce else {
            return HealthCheck.Finding(
                "guard",
                .failed,
                "SQLite did not take the settings that keep connections from checkpointing: use another build of it"
            )
        }
        return HealthCheck.Finding("guard", .ok, "in force: no connection checkpoints after commits or when it closes")
    }

    private static func findings(
        _ subject: String,
        _ problems: [String],
        else fine: String,
        _ advice: String
    ) -> [HealthCheck.Finding] {
        guard !problems.isEmpty else { return [HealthCheck.Finding(subject, .ok, fine)] }
        return problems.map { HealthCheck.Finding(subject, .failed, $0) }
            + [HealthCheck.Finding(subject, .failed, advice)]
    }
}
