internal import Glibc
internal import Logging

/// What a log line says, before it is put into a form.
struct LogLine {
    /// The longest text of a message or value, in bytes: journald cuts lines of more than 48 KiB.
    static let maximumText = 8000
    /// The most fields a line has; more are left out.
    static let maximumFields = 64

    enum Value: Hashable {
        case text(String)
        /// A number or truth value, as JSON writes it.
        case literal(String)
    }

    let level: Logger.Level
    let label: String
    let message: String
    private(set) var fields: [(key: String, value: Value)] = []

    init(level: Logger.Level, label: String, message: String) {
        self.level = level
        self.label = label
        self.message = message
    }

    /// What is written when a reader takes lines again that had stopped.
    static func dropped(_ count: Int) -> LogLine {
        var line = LogLine(level: .warning, label: "log", message: "log lines were dropped: nobody read them")
        line.add(["log.dropped": .stringConvertible(count)])
        return line
    }

    /// The line with its line break.
    func bytes(_ form: LogForm) -> [UInt8] {
        switch form {
        case .journal: self.forJournal()
        case .text: self.asText(time: time(nil))
        }
    }

    /// Adds metadata as flat keys with dots, in the order of the keys.
    mutating func add(_ metadata: Logger.Metadata, below prefix: String = "") {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            guard self.fields.count < Self.maximumFields else { return }
            switch value {
            case .dictionary(let inner): self.add(inner, below: prefix + key + ".")
            case .array(let values):
                self.fields.append((prefix + key, .text(values.map(\.description).joined(separator: ", "))))
            case .string(let text): self.fields.append((prefix + key, .text(text)))
            case .stringConvertible(let value): self.fields.append((prefix + key, Self.value(value)))
            }
        }
    }

    private static func value(_ value: any CustomStringConvertible) -> Value {
        switch value {
        case let number as any BinaryInteger: .literal(String(number))
        case let number as Double where number.isFinite: .literal(number.description)
        case let truth as Bool: .literal(truth ? "true" : "false")
        default: .text(value.description)
        }
    }
}
