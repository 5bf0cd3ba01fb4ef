/// One configurable value: its name in the file, how it is read, and what serves when it is absent.
struct Key<Value: Sendable>: Sendable {
    /// The dotted name, as in `monday.board`.
    let name: String
    let format: ValueFormat<Value>
    /// In the syntax of the file, so that what the documents say is what the program does.
    let fallback: String?
    /// Its text is a secret, or could hold one: never printed.
    var isSecret = false
    /// A path in the file is relative to the file's folder.
    var isPath = false

    init(
        _ name: String,
        _ format: ValueFormat<Value>,
        fallback: String? = nil,
        isSecret: Bool = false,
        isPath: Bool = false
    ) {
        self.name = name
        self.format = format
        self.fallback = fallback
        self.isSecret = isSecret
        self.isPath = isPath
    }

    /// The environment variable that overrides the file.
    var variable: String { KeyName.variable(self.name) }
}

/// The spelling of key names.
enum KeyName {
    static let prefix = "ORDERSYNC_"

    /// `monday.board` → `ORDERSYNC_MONDAY_BOARD`.
    static func variable(_ name: String) -> String {
        Self.prefix + name.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }
}
