import Configuration
import FoundationEssentials
import Orders

/// One reading of the configuration: takes values from environment and file, and gathers every mistake on the way.
struct Reading {
    /// A value with where it came from.
    struct Found<Value> {
        let value: Value
        let origin: Origin
    }

    let environment: [String: String]
    /// The folder in which systemd looks for the units' credentials.
    let credentialStore: String
    private let variables: any ConfigSnapshot
    private let file: ConfigurationFile?
    private(set) var mistakes: [ConfigurationMistake] = []
    private(set) var warnings: [String] = []
    private(set) var settings: [Setting] = []

    /// Whether an absent value is surely absent; not so when the file could not be understood.
    var isComplete: Bool { self.file == nil || self.file?.values != nil }

    init(file: ConfigurationFile?, environment: [String: String], credentialStore: String) {
        self.file = file
        self.credentialStore = credentialStore
        // An empty variable is one that a service manager passes on unset.
        self.environment = environment.filter { !$0.value.isEmpty }
        self.variables = EnvironmentVariablesProvider(
            environmentVariables: self.environment,
            secretsSpecifier: .all
        ).snapshot()
        self.mistakes = file?.mistakes ?? []
        self.checkVariables()
    }

    /// Reads a value; nil when it is not set or wrong.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - unset: What the summary says where there is neither value nor default.
    /// - Returns: The value and its origin.
    mutating func find<Value>(_ key: Key<Value>, unset: String = "–") -> Found<Value>? {
        guard let (text, origin) = self.text(of: key.name) else {
            self.settings.append(Setting(key: key.name, text: key.fallback ?? unset, origin: .fallback))
            return key.fallback.flatMap(key.format.parse).map { Found(value: $0, origin: .fallback) }
        }
        guard let value = key.format.parse(text) else {
            let problem = key.isSecret ? "the value is not allowed" : "\(Self.quoted(text)) is not allowed"
            self.note(key.name, origin, problem, allowed: key.format.allowed)
            return nil
        }
        let shown = key.isSecret && !key.isPath && key.name != Keys.endpoint.name ? "<redacted>" : text
        self.settings.append(Setting(key: key.name, text: shown, origin: origin))
        return Found(value: value, origin: origin)
    }

    /// Reads a value that has a default.
    ///
    /// - Parameters:
    ///   - key: The key, whose default must be readable.
    ///   - stand: What stands in when the value is wrong; the reading fails as a whole then.
    /// - Returns: The value in force.
    mutating func value<Value>(_ key: Key<Value>, or stand: Value) -> Value {
        self.find(key)?.value ?? stand
    }

    /// Reads a path; one in the file is relative to the file's folder.
    mutating func path(_ key: Key<String>) -> Found<String>? {
        guard let found = self.find(key) else { return nil }
        guard case .file(let file, _) = found.origin, !found.value.hasPrefix("/") else { return found }
        let folder = URL(filePath: file).deletingLastPathComponent()
        let path = folder.appending(path: found.value).standardizedFileURL.path
        self.settings.removeAll { $0.key == key.name }
        self.settings.append(Setting(key: key.name, text: path, origin: found.origin))
        return Found(value: path, origin: found.origin)
    }

    mutating func note(_ key: String, _ origin: Origin?, _ problem: String, allowed: String? = nil) {
        self.mistakes.append(ConfigurationMistake(key: key, origin: origin, problem: problem, allowed: allowed))
    }

    mutating func warn(_ text: String) {
        self.warnings.append(text)
    }

    mutating func record(_ setting: Setting) {
        self.settings.append(setting)
    }

    private func text(of name: String) -> (text: String, origin: Origin)? {
        let components = name.split(separator: ".").map(String.init)
        if let text = Self.lookUp(["ordersync"] + components, in: self.variables) {
            return (text, .environment(KeyName.variable(name)))
        }
        guard
            let file = self.file, let values = file.values, let line = file.lines[name],
            let text = Self.lookUp(components, in: values)
        else { return nil }
        return (text, .file(path: file.path, line: line))
    }

    private static func lookUp(_ components: [String], in snapshot: any ConfigSnapshot) -> String? {
        guard
            let result = try? snapshot.value(forKey: AbsoluteConfigKey(components), type: .string),
            case .string(let text) = result.value?.content
        else { return nil }
        return String(text.reversed().drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace })
    }

    /// A variable of ours that no key answers to is a typo, as in the file.
    private mutating func checkVariables() {
        let known = Dictionary(Keys.names.map { (KeyName.variable($0), $0) }, uniquingKeysWith: { first, _ in first })
        for name in self.environment.keys.sorted()
        where name.hasPrefix(KeyName.prefix) && known[name] == nil && !Keys.otherVariables.contains(name) {
            let nearest = Suggestion.nearest(to: name, among: known.keys.map { $0.lowercased() }.sorted())
            let hint = nearest.map { "; did you mean \($0.uppercased())?" } ?? ""
            self.note(name, .environment(name), "unknown variable\(hint)")
        }
    }

    /// A wrong value as it may be shown: never one that could be a secret put in the wrong place.
    private static func quoted(_ text: String) -> String {
        let lowercased = text.lowercased()
        let isDoubtful =
            text.count > 24 || ["pwd", "password", "token", "eyj", "@"].contains { lowercased.contains($0) }
        let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
        return isDoubtful || !isPrintable ? "the value" : "“\(text)”"
    }
}
