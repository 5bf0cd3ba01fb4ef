import Configuration
import FoundationEssentials
import Yams

/// The configuration file: where its keys stand, and its values by the YAML provider.
struct ConfigurationFile {
    /// A program's whole configuration is a few kilobytes; more is some other file.
    private static let maximumBytes = 1_048_576

    let path: String
    /// The line of each key that has a value.
    private(set) var lines: [String: Int] = [:]
    private(set) var mistakes: [ConfigurationMistake] = []
    /// Nil when the file can't be understood as a whole; then nothing in it counts as missing.
    private(set) var values: (any ConfigSnapshot)?

    /// Reads and checks a file.
    ///
    /// - Parameter path: The file's path, as the operator gave it.
    /// - Throws: When there is no such file, or it is not readable text.
    init(path: String) throws(ConfigurationError) {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw Self.unreadable(path, exists ? "the file can't be read by this user" : "there is no such file")
        }
        guard data.count <= Self.maximumBytes else { throw Self.unreadable(path, "the file is larger than 1 MB") }
        guard var text = String(data: data, encoding: .utf8) else {
            throw Self.unreadable(path, "the file is not UTF-8")
        }
        // Editors on Windows put a byte-order mark in front.
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        self.parse(text)
    }

    private static func unreadable(_ path: String, _ problem: String) -> ConfigurationError {
        let origin = Origin.file(path: path, line: 0)
        return ConfigurationError(
            .unreadable,
            mistakes: [ConfigurationMistake(key: "", origin: origin, problem: problem)]
        )
    }

    private mutating func parse(_ text: String) {
        do {
            guard let root = try Yams.compose(yaml: text), root.null == nil else { return self.takeValues(of: "{}") }
            guard let mapping = root.mapping else {
                return self.note("", line: 1, "the file must consist of keys and values, such as `monday:`")
            }
            self.walk(mapping, prefix: "")
        } catch let error as YamlError {
            let (line, problem) = Self.words(for: error)
            return self.note("", line: line, "not valid YAML: \(problem)")
        } catch {
            return self.note("", line: 0, "not valid YAML")
        }
        self.takeValues(of: text)
    }

    private mutating func takeValues(of text: String) {
        do {
            let bytes = Array(text.utf8)
            // The span is of an array that outlives the call; the provider's door takes nothing else.
            self.values = try unsafe YAMLSnapshot(
                data: bytes.span.bytes,
                providerName: "file",
                // Only this module looks into the values, and prints none that could be secret.
                parsingOptions: YAMLSnapshot.ParsingOptions(secretsSpecifier: .all)
            )
        } catch {
            // The walk has found and named what the provider can't take, unless the two disagree.
            if self.mistakes.isEmpty {
                self.note("", line: 0, "the file holds a value that is neither text nor a section")
            }
        }
    }

    private mutating func walk(_ mapping: Node.Mapping, prefix: String) {
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line ?? 0
            guard let word = keyNode.string else {
                self.note(prefix, line: line, "a key must be a word")
                continue
            }
            let key = prefix.isEmpty ? word : "\(prefix).\(word)"
            if Keys.names.contains(key) {
                self.take(key, value, line: line)
            } else if Keys.sections.contains(key) {
                if let section = value.mapping {
                    self.walk(section, prefix: key)
                } else if value.null == nil {
                    self.note(key, line: line, "must be a section of keys", allowed: Self.keys(of: key))
                }
            } else {
                let nearest = Suggestion.nearest(to: key, among: Keys.names + Keys.sections.sorted())
                self.note(key, line: line, "unknown key" + (nearest.map { "; did you mean \($0)?" } ?? ""))
            }
        }
    }

    private mutating func take(_ key: String, _ value: Node, line: Int) {
        if value.null != nil {
            self.note(key, line: line, "has no value; remove the key, or give it one")
        } else if value.scalar == nil {
            self.note(key, line: line, "takes one value, not a list or section")
        } else {
            self.lines[key] = value.mark?.line ?? line
        }
    }

    private mutating func note(_ key: String, line: Int, _ problem: String, allowed: String? = nil) {
        let origin = Origin.file(path: self.path, line: line)
        self.mistakes.append(ConfigurationMistake(key: key, origin: origin, problem: problem, allowed: allowed))
    }

    private static func keys(of section: String) -> String {
        Keys.names.filter { $0.hasPrefix(section + ".") }.joined(separator: ", ")
    }

    /// The parser's complaint without its excerpt of the file, which may hold a password.
    private static func words(for error: YamlError) -> (line: Int, problem: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "written twice: \(duplicates.map(Self.knownWord).joined(separator: ", "))")
        case .reader(let problem, _, _, _): (0, problem)
        default: (0, "it can't be parsed")
        }
    }

    /// Text of the file is printed only where it is one of our own words.
    private static func knownWord(_ text: String) -> String {
        let words = Set(Keys.names.flatMap { $0.split(separator: ".").map(String.init) })
        return words.contains(text) ? text : "a key"
    }
}
