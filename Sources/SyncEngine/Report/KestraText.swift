import Foundation

/// What a run came to, in the form that Kestra reads from a task's standard output.
///
/// Kestra takes a line that is `::` and a JSON object and `::`: `outputs` become the task's outputs under `vars`, `metrics` are
/// kept over executions; a timer counts seconds.
package enum KestraText {
    private struct Message: Encodable {
        let outputs: Outputs
        let metrics: [Metric]
    }

    private struct Outputs: Encodable {
        let runID: Int64?
        let batchName: String
        let dryRun: Bool
        let complete: Bool
        let read: Int
        let new: Int
        let changed: Int
        let unchanged: Int
        let gone: Int
        let rejected: Int
        let possiblyRenamed: Int
        let enqueued: Int
        let durationMilliseconds: Int64
    }

    private struct Metric: Encodable {
        let name: String
        let type: String
        let value: Double
        let tags: [String: String]
    }

    /// The line.
    package static func line(_ report: RunReport) throws -> String {
        let counts = [
            ("read", report.read), ("new", report.new), ("changed", report.changed), ("unchanged", report.unchanged),
            ("gone", report.gone), ("rejected", report.rejected), ("enqueued", report.enqueued),
        ]
        let tags = ["batch": report.batchName]
        let message = Message(
            outputs: Outputs(
                runID: report.runID,
                batchName: report.batchName,
                dryRun: report.dryRun,
                complete: report.complete,
                read: report.read,
                new: report.new,
                changed: report.changed,
                unchanged: report.unchanged,
                gone: report.gone,
                rejected: report.rejected,
                possiblyRenamed: report.possiblyRenamed,
                enqueued: report.enqueued,
                durationMilliseconds: report.durationMilliseconds
            ),
            metrics: counts.map { Metric(name: "orders.\($0.0)", type: "counter", value: Double($0.1), tags: tags) }
                + [
                    Metric(
                        name: "duration",
                        type: "timer",
                        value: Double(report.durationMilliseconds) / 1_000,
                        tags: tags
                    )
                ]
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(message), as: UTF8.self)
        // To Kestra these end a line, inside of a text too.
        let escaped = json.unicodeScalars.map { scalar in
            [0x85, 0x2028, 0x2029].contains(scalar.value)
                ? "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
                    + String(scalar.value, radix: 16) : String(Character(scalar))
        }
        return "::" + escaped.joined() + "::"
    }
}
