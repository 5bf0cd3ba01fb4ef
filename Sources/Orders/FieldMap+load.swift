import Yams

extension FieldMap {
    /// Reads the map's file.
    /// - Parameters:
    ///   - yaml: The text of the file.
    ///   - name: How to call the file in errors.
    /// - Returns: A map without contradictions; whether source and board have its columns is for others to check.
    /// - Throws: Every mistake at once, with its line.
    package static func load(yaml: String, name: String) throws(FieldMapError) -> FieldMap {
        let root: Node
        do {
            guard let node = try Yams.compose(yaml: yaml) else {
                throw FieldMapError(name: name, problems: [.init(line: nil, message: "the file is empty")])
            }
            root = node
        } catch let error as FieldMapError {
            throw error
        } catch let error as YamlError {
            throw FieldMapError(name: name, problems: [error.problem])
        } catch {
            throw FieldMapError(name: name, problems: [.init(line: nil, message: "\(error)")])
        }
        var loader = FieldMapLoader()
        guard let map = loader.map(root), loader.problems.isEmpty else {
            let problems = loader.problems.enumerated()
                .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
                .map(\.element)
            throw FieldMapError(name: name, problems: problems)
        }
        return map
    }
}

extension YamlError {
    /// The error with its line and without the text around it.
    fileprivate var problem: FieldMapError.Problem {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .init(line: mark.line, message: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            .init(line: context.mark.line, message: "keys given twice: \(duplicates.sorted().joined(separator: ", "))")
        default:
            .init(line: nil, message: "not YAML: \(self)")
        }
    }
}
