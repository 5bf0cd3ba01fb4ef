/// One thing that is wrong with the configuration.
///
/// Never holds a secret.
package struct ConfigurationMistake: Hashable, Sendable, CustomStringConvertible {
    /// The key, as in `monday.board`; empty when the whole file is meant.
    package let key: String
    /// Where it stands; nil when it stands nowhere.
    package let origin: Origin?
    package let problem: String
    /// What would be right; nil where the problem says it.
    package let allowed: String?

    package init(key: String, origin: Origin?, problem: String, allowed: String? = nil) {
        self.key = key
        self.origin = origin
        self.problem = problem
        self.allowed = allowed
    }

    package var description: String {
        let place = self.origin.map { self.key.isEmpty ? "\($0)" : "\(self.key) (\($0))" } ?? self.key
        let hint = self.allowed.map { "; allowed: \($0)" } ?? ""
        return "\(place): \(self.problem)\(hint)"
    }
}

/// Everything that is wrong with the configuration, found in one reading.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The named file does not exist or can't be read.
        case unreadable
        /// The values are wrong, unknown or missing.
        case invalid
    }

    package let code: Code
    package let mistakes: [ConfigurationMistake]

    package init(_ code: Code = .invalid, mistakes: [ConfigurationMistake]) {
        self.code = code
        self.mistakes = mistakes
    }

    /// One line a mistake, below a line that counts them.
    package var description: String {
        let count = self.mistakes.count == 1 ? "1 mistake" : "\(self.mistakes.count) mistakes"
        return (["configuration: \(count)"] + self.mistakes.map { "  \($0)" }).joined(separator: "\n")
    }
}
